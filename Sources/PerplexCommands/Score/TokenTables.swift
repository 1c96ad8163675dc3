import Files
import LanguageModels
import Perplexity
import Tokenization

/// The names that stand before the line's number in a row.
struct RowNames {
  /// There are several texts.
  var texts: Bool
  /// The texts are records.
  var records: Bool

  /// The names that rows of `sources` need.
  init(_ sources: [TextSource]) {
    texts = sources.count > 1
    records = sources.contains { $0.hasRecords }
  }
}

/// A table with a header in a file, which is written whole or not at all.
///
/// If there are several texts, the first column, `text`, names the text of each row.
final class TSVFile {
  /// The scores are probabilities; other scores are not called so.
  let isNormalized: Bool

  private let names: RowNames
  /// The column of the text, where there is one.
  private var text = ""
  private var output: OutputText?

  /// Begins the file at `path`; `header` gets the name of the score's column.
  init(
    _ path: String,
    isNormalized: Bool,
    names: RowNames,
    header: (String) -> String
  ) throws {
    self.isNormalized = isNormalized
    self.names = names
    var output = try OutputText(path)
    try output.write(
      (names.texts ? "text\t" : "") + (names.records ? "record\t" : "")
        + header(isNormalized ? "log10_probability" : "log10_score")
        + "\n"
    )
    self.output = consume output
  }

  /// Begins the rows of the text called `name`.
  func begin(_ name: String) {
    if names.texts { text = TokenTable.escaped(name.utf8) + "\t" }
  }

  /// Appends a row about the line at `place`.
  func write(at place: TextPlace, _ row: String) throws {
    let record = names.records ? TokenTable.escaped((place.record ?? "").utf8) + "\t" : ""
    try output?.write("\(text)\(record)\(place.line)\t\(row)\n")
  }

  /// Writes the rows that are still in a buffer.
  func flush() throws { try output?.flush() }

  /// Commits the file.
  func commit() throws {
    guard let text = output.take() else { return }
    try text.commit()
  }
}

/// The TSV of `--per-token`: each token's line and offset, surprisal and order.
struct TokenTable {
  let file: TSVFile

  /// Begins the table at `path`.
  init(_ path: String, isNormalized: Bool, names: RowNames) throws {
    file = try TSVFile(path, isNormalized: isNormalized, names: names) {
      "line\ttoken\tbyte_offset\t\($0)\tsurprisal_bits\torder_used\toov"
    }
  }

  func add(_ part: ScoredText) throws {
    let encoded = part.encoded
    for scored in part.tokens {
      let index = scored.indices.lowerBound
      let token = encoded.tokens[index]
      if token == .beginSentence { continue }
      let isScored = part.scores[index].isScored
      var logProbability = part.scores[index].logProbability
      for next in scored.indices.dropFirst() { logProbability += part.scores[next].logProbability }
      let end = encoded.ranges[scored.indices.upperBound - 1].upperBound
      let range = encoded.ranges[index].lowerBound..<end
      let line = scored.line.map { encoded.lines[$0] }
      let offset = line.map { $0.byteOffset + range.lowerBound - $0.textOffset } ?? 0
      let spelling =
        token == .endSentence ? "</s>" : Self.escaped(encoded.text[range])
      try file.write(
        at: encoded.place(ofLine: scored.line ?? 0),
        "\(spelling)\t\(offset)\t"
          + "\(isScored ? logProbability.log10 : .nan)\t"
          + "\(isScored && file.isNormalized ? logProbability.surprisalBits : .nan)\t"
          + "\(isScored ? part.scores[index].matchedLength : 0)\t"
          + "\(token.isOutOfVocabulary ? 1 : 0)"
      )
    }
  }

  /// A token's bytes on one line of a table: `\t`, `\n`, `\r`, `\\`, and `\xHH` for each byte of
  /// other control characters and of invalid UTF-8.
  static func escaped(_ bytes: some Collection<UInt8>) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return bytes.map { $0 < 0x80 ? escaped([$0]) : hexadecimal($0) }.joined()
    }
    guard bytes.contains(where: { $0 < 32 || $0 == 92 || $0 >= 127 }) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}":
        result += String(scalar).utf8.map { hexadecimal($0) }.joined()
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

/// The TSV of `--per-line`.
struct LineTable {
  let file: TSVFile

  /// Begins the table at `path`.
  init(_ path: String, isNormalized: Bool, names: RowNames) throws {
    file = try TSVFile(path, isNormalized: isNormalized, names: names) {
      "line\ttokens\tout_of_vocabulary\t\($0)\tcross_entropy_bits\tperplexity\ttext"
    }
  }

  func add(_ part: ScoredText) throws {
    for (index, (place, evaluation)) in part.lineEvaluations.enumerated() {
      let line = part.encoded.text[part.encoded.textRange(ofLine: index)]
      try file.write(
        at: place,
        "\(evaluation.measure.tokens)\t\(evaluation.measure.outOfVocabulary)\t"
          + "\(evaluation.total.log10)\t\(file.isNormalized ? evaluation.crossEntropyBits : .nan)\t"
          + "\(file.isNormalized ? evaluation.perplexity : .nan)\t"
          + TokenTable.escaped(line.prefix { $0 != 10 && $0 != 13 })
      )
    }
  }
}
