import Records
import Terminal
package import Tokenization

extension TextEncoder.Markers: ArgumentValue {}
extension TextReader.InvalidUTF8: ArgumentValue {}

/// Options of reading text, the same for training and scoring.
struct ReadingOptions: Equatable, Sendable {
  /// The form of a text, if it is not what it seems.
  enum Form: String, CaseIterable, ArgumentValue { case text, jsonl, csv, tsv }

  /// The treatment of a record that cannot be read.
  enum FaultyRecord: String, CaseIterable, ArgumentValue { case stop, skip }

  /// The meaning of the first row of a table.
  enum Header: String, CaseIterable, ArgumentValue { case auto, yes, no }

  var markers = TextEncoder.Markers.refuse
  var invalidUTF8 = TextReader.InvalidUTF8.refuse
  var field: String?
  var column: String?
  var id: String?
  var form: Form?
  var header = Header.auto
  var faultyRecord = FaultyRecord.stop
  var includes: [String] = []

  static let arguments: [Argument<Self>] = [
    .option(
      "--field",
      value: \.field,
      placeholder: "NAME",
      help: "Read JSON Lines: the text of a record is in this field; a.b is b in a."
    ),
    .option(
      "--column",
      value: \.column,
      placeholder: "NAME|N",
      help: "Read CSV or TSV: the text of a record is in this column, by its name or number."
    ),
    .option(
      "--id",
      value: \.id,
      placeholder: "FIELD",
      statedDefault: "numbers from 1",
      help: "The field or column that names a record in results."
    ),
    .option(
      "--as",
      value: \.form,
      statedDefault: "by the other options",
      help: "The form of the texts; text reads JSON and tables as they stand."
    ),
    .option(
      "--header",
      value: \.header,
      help: "The first row of a table has names: yes, no, or auto to find out."
    ),
    .option(
      "--on-error",
      value: \.faultyRecord,
      help: "A record that cannot be read: stop, or skip and count it."
    ),
    .option(
      "--include",
      value: \.includes,
      placeholder: "GLOB",
      statedDefault: "*.txt and *.md; *.jsonl with --field, *.csv and *.tsv with --column",
      help: "The files of a folder to read; may be given again."
    ),
    .option(
      "--markers",
      value: \.markers,
      help: "A literal <s> or </s> between white space: refuse the line, or skip the marker."
    ),
    .option(
      "--invalid-utf8",
      value: \.invalidUTF8,
      help: "Bytes that are not UTF-8: refuse the text, or replace them by U+FFFD."
    ),
  ]

  /// Checks that the options go together.
  func validate() throws(UsageError) {
    if field != nil && column != nil { throw .conflict("--field", "--column") }
    switch form {
    case .text:
      if field != nil { throw .conflict("--as text", "--field") }
      if column != nil { throw .conflict("--as text", "--column") }
    case .jsonl:
      if column != nil { throw .conflict("--as jsonl", "--column") }
      if field == nil { throw .needs("--as jsonl", other: "--field") }
    case .csv, .tsv:
      if field != nil { throw .conflict("--as \(form?.rawValue ?? "")", "--field") }
      if column == nil { throw .needs("--as \(form?.rawValue ?? "")", other: "--column") }
    case nil: break
    }
    if column == nil && header != .auto { throw .needs("--header", other: "--column") }
    if field == nil && column == nil {
      if id != nil { throw .needs("--id", other: "'--field' or '--column'") }
      if faultyRecord == .skip {
        throw .needs(
          "--on-error skip",
          other: "'--field' or '--column'",
          reason: "it is for records"
        )
      }
    }
    if includes.contains("") { throw UsageError("'--include' must be a pattern, as '*.txt'") }
    if column == "0" { throw UsageError("'--column' counts columns from 1") }
  }

  /// The texts at `paths`, in the form that the options say; a note counts files of folders that
  /// are passed over.
  func sources(_ paths: [String], in console: inout Console) throws -> [TextSource] {
    var passedOver = PassedOver()
    let sources = try TextSource.expand(paths, including: choice, passedOver: &passedOver)
    if passedOver.count > 0 {
      console.note(
        "\(NumberFormat.grouped(passedOver.count)) \(passedOver.count == 1 ? "file" : "files") passed over: "
          + passedOver.kinds
      )
    }
    return sources.map { source in
      var source = source
      source.form = sourceForm(path: source.name)
      return source
    }
  }

  private var choice: FileChoice {
    if !includes.isEmpty { return FileChoice(includes) }
    if field != nil { return FileChoice(["*.jsonl", "*.ndjson"]) }
    return column == nil ? .texts : FileChoice(["*.csv", "*.tsv"])
  }

  private func sourceForm(path: String) -> TextSource.Form {
    guard let text = field ?? column else { return form == .text ? .asItStands : .checked }
    let syntax: RecordFormat.Syntax =
      switch form {
      case .csv: .commaSeparated
      case .tsv: .tabSeparated
      case .jsonl, .text: .jsonLines
      case nil:
        field != nil
          ? .jsonLines
          : StructuredText.isNamed(path, [".tsv", ".tab"]) ? .tabSeparated : .anyTable
      }
    let hasHeader: Bool? =
      switch header {
      case .auto: nil
      case .yes: true
      case .no: false
      }
    return .records(
      RecordFormat(
        syntax,
        text: text,
        id: id,
        hasHeader: hasHeader,
        skipsFaulty: faultyRecord == .skip
      )
    )
  }
}
