import Files
import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

/// The records of `score --append`: as they came, each with its figures behind its own fields.
struct AppendedRecords {
  /// The names of the figures.
  private static let names = [
    "tokens", "out_of_vocabulary", "log10_probability", "cross_entropy_bits", "perplexity",
    "bits_per_byte",
  ]

  private let isNormalized: Bool
  private var hasHeader = false

  /// The records of a text that was scored with probabilities, or without.
  init(isNormalized: Bool) { self.isNormalized = isNormalized }

  /// Writes the records of `part`.
  mutating func add(_ part: ScoredText, in console: inout Console) throws {
    let encoded = part.encoded
    if let header = encoded.table?.header, let delimiter = encoded.table?.delimiter, !hasHeader {
      hasHeader = true
      try console.write(Self.row(header, Self.names, delimiter))
    }
    for (record, evaluation) in zip(encoded.records, part.recordEvaluations) {
      let row = encoded.rows[record.row]
      let figures = figures(of: evaluation)
      if let delimiter = encoded.table?.delimiter {
        try console.write(Self.row(Array(row), figures.map { "\($0)" }, delimiter))
      } else {
        try console.write(Self.object(row, figures))
      }
    }
  }

  private func figures(of evaluation: Evaluation) -> [JSONValue] {
    func probability(_ value: Double) -> JSONValue { isNormalized ? .double(value) : .null }
    return [
      .integer(evaluation.measure.tokens), .integer(evaluation.measure.outOfVocabulary),
      .double(evaluation.total.log10), probability(evaluation.crossEntropyBits),
      probability(evaluation.perplexity), probability(evaluation.bitsPerByte),
    ]
  }

  /// A row of a table with further cells.
  private static func row(_ row: [UInt8], _ cells: [String], _ delimiter: UInt8) -> String {
    let separator = String(decoding: [delimiter], as: UTF8.self)
    return String(decoding: row, as: UTF8.self) + separator
      + cells.joined(separator: separator) + "\n"
  }

  /// An object on one line with further members; a name that it has already gets a prefix.
  private static func object(_ row: ArraySlice<UInt8>, _ figures: [JSONValue]) -> String {
    guard let end = row.lastIndex(of: UInt8(ascii: "}")) else { return "" }
    let own = row[..<end]
    let isEmpty = own.last { $0 != 32 && $0 != 9 } == UInt8(ascii: "{")
    let taken = takenNames(in: own)
    var line = String(decoding: own, as: UTF8.self)
    for (index, figure) in figures.enumerated() {
      let name = names[index]
      line += index == 0 && isEmpty ? "\"" : ", \""
      if taken.contains(name) { line += "perplex_" }
      line += "\(name)\": \(figure)"
    }
    return line + "}\n"
  }

  /// The names of figures that an object, which lacks its last brace, has already.
  ///
  /// The object is parsed only if one of them stands in it in quotation marks.
  private static func takenNames(in own: ArraySlice<UInt8>) -> [String] {
    let bytes = own.span
    var position = 0
    while let mark = bytes.firstIndex(of: 0x22, from: position) {
      position = mark + 1
      let rest = bytes.extracting(position...)
      guard let length = rest.firstIndex(of: 0x22) else { break }
      let name = rest.extracting(..<length)
      guard quotedNames.contains(where: { name.isEqual(to: $0.span) }) else { continue }
      let object = try? JSONItem(whole: Array(own) + [UInt8(ascii: "}")], path: "")
      return object?.members.compactMap(\.name.text) ?? []
    }
    return []
  }

  private static let quotedNames = names.map { Array($0.utf8) }
}
