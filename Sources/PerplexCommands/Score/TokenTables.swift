import Files
import LanguageModels
import Perplexity
import Tokenization

/// A table with a header that is written to a file; whole or absent.
///
/// Where there are several texts, the first column, `text`, names each row's.
final class TSVFile {
  /// The scores are probabilities; other scores are not called so.
  let isNormalized: Bool

  private let namesTexts: Bool
  /// The column of the text, where there is one.
  private var text = ""
  private var output: OutputText?

  /// Begins the file at `path`; `header` gets the name of the score's column.
  init(
    _ path: String,
    isNormalized: Bool,
    namesTexts: Bool,
    header: (String) -> String
  ) throws {
    self.isNormalized = isNormalized
    self.namesTexts = namesTexts
    var output = try OutputText(path)
    try output.write(
      (namesTexts ? "text\t" : "") + header(isNormalized ? "log10_probability" : "log10_score")
        + "\n"
    )
    self.output = consume output
  }

  /// Begins the rows of the text called `name`.
  func begin(_ name: String) {
    if namesTexts { text = TokenTable.escaped(name.utf8) + "\t" }
  }

  /// Appends a row.
  func write(_ row: String) throws { try output?.write(text + row + "\n") }

  /// Writes what is still in a buffer.
  func flush() throws { try output?.flush() }

  /// Puts the file in its place.
  func commit() throws {
    guard let text = output.take() else { return }
    try text.commit()
  }
}

/// The TSV of `--per-token`: each token's place, surprisal and order.
struct TokenTable {
  let file: TSVFile

  /// Begins the table at `path`.
  init(_ path: String, isNormalized: Bool, namesTexts: Bool) throws {
    file = try TSVFile(path, isNormalized: isNormalized, namesTexts: namesTexts) {
      "line\ttoken\tbyte_offset\t\($0)\tsurprisal_bits\torder_used\toov"
    }
  }

  func add(_ part: ScoredText) throws {
    let encoded = part.encoded
    var line = 0
    var next = 0
    while next < encoded.tokens.count {
      let index = next
      let token = encoded.tokens[index]
      next += 1
      if token == .beginSentence { continue }
      let isScored = part.scores[index].isScored
      var logProbability = part.scores[index].logProbability
      while part.joinsBytes, next < encoded.tokens.count,
        ByteVocabulary.continuesScalar(encoded.tokens[next])
      {
        logProbability += part.scores[next].logProbability
        next += 1
      }
      while line + 1 < encoded.lines.count && encoded.lines[line + 1].firstToken <= index {
        line += 1
      }
      let range = encoded.ranges[index].lowerBound..<encoded.ranges[next - 1].upperBound
      let isLine = line < encoded.lines.count
      let offset =
        isLine
        ? encoded.lines[line].byteOffset + range.lowerBound - encoded.lines[line].textOffset : 0
      let spelling =
        token == .endSentence ? "</s>" : Self.escaped(encoded.text[range])
      try file.write(
        "\(encoded.firstLine + line)\t\(spelling)\t\(offset)\t"
          + "\(isScored ? logProbability.log10 : .nan)\t"
          + "\(isScored && file.isNormalized ? logProbability.surprisalBits : .nan)\t"
          + "\(isScored ? part.scores[index].matchedLength : 0)\t"
          + "\(token.isOutOfVocabulary ? 1 : 0)"
      )
    }
  }

  /// A token's bytes on one line of a table: `\t`, `\n`, `\r`, `\\`, and `\xHH` for each byte of other
  /// control characters and of what is no UTF-8.
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
  init(_ path: String, isNormalized: Bool, namesTexts: Bool) throws {
    file = try TSVFile(path, isNormalized: isNormalized, namesTexts: namesTexts) {
      "line\ttokens\tout_of_vocabulary\t\($0)\tcross_entropy_bits\tperplexity"
    }
  }

  func add(_ part: ScoredText) throws {
    for (number, evaluation) in part.lineEvaluations {
      try file.write(
        "\(number)\t\(evaluation.measure.tokens)\t\(evaluation.measure.outOfVocabulary)\t"
          + "\(evaluation.total.log10)\t\(file.isNormalized ? evaluation.crossEntropyBits : .nan)\t"
          + "\(file.isNormalized ? evaluation.perplexity : .nan)"
      )
    }
  }
}
