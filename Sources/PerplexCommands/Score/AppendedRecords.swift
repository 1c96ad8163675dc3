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
    let text = String(decoding: row, as: UTF8.self)
    guard let end = text.lastIndex(of: "}") else { return text + "\n" }
    let own = text[..<end]
    let isEmpty = own.last { $0 != " " && $0 != "\t" } == "{"
    let mayClash = names.contains { own.contains("\"\($0)\"") }
    let taken: Set<String> =
      mayClash
      ? Set((try? JSONItem(whole: Array(row), path: ""))?.members.compactMap(\.name.text) ?? [])
      : []
    let members = zip(names, figures).map { name, value in
      "\"\(taken.contains(name) ? "perplex_" + name : name)\": \(value)"
    }
    return own + (isEmpty ? "" : ", ") + members.joined(separator: ", ") + "}\n"
  }
}
