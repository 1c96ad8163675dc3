import Files
import LanguageModels
import Perplexity
import Tokenization

/// The TSV of `--per-token`: each token's place, surprisal and order.
final class TokenTable {
  private let isNormalized: Bool
  private var output: OutputText?

  /// Begins the table at `path`; scores that are no probabilities are not called so in it.
  init(_ path: String, of model: NGramModel) throws {
    isNormalized = model.isNormalized
    var output = try OutputText(path)
    let score = isNormalized ? "log10_probability" : "log10_score"
    try output.write("line\ttoken\tbyte_offset\t\(score)\tsurprisal_bits\torder_used\toov\n")
    self.output = consume output
  }

  func add(_ part: ScoredText) throws {
    let encoded = part.encoded
    var line = 0
    for (index, token) in encoded.tokens.enumerated() where token != .beginSentence {
      while line + 1 < encoded.lines.count && encoded.lines[line + 1].firstToken <= index {
        line += 1
      }
      let range = encoded.ranges[index]
      let isLine = line < encoded.lines.count
      let offset =
        isLine
        ? encoded.lines[line].byteOffset + range.lowerBound - encoded.lines[line].textOffset : 0
      let score = part.scores[index]
      let spelling =
        token == .endSentence ? "</s>" : Self.escaped(encoded.text[range])
      try output?.write(
        "\(encoded.firstLine + line)\t\(spelling)\t\(offset)\t\(score.logProbability.log10)\t"
          + "\(isNormalized ? 0 - score.logProbability.bits : .nan)\t\(score.matchedLength)\t"
          + "\(token.isOutOfVocabulary ? 1 : 0)\n"
      )
    }
  }

  func commit() throws {
    guard let text = output.take() else { return }
    try text.commit()
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

/// The figures of each line of the texts.
final class LineFigures {
  /// One line's evaluation.
  struct Line {
    var text: Int
    var number: Int
    var evaluation: Evaluation
  }

  private(set) var figures: [Line] = []

  /// Adds the lines of a part of the text number `text`.
  func add(_ part: ScoredText, of text: Int) {
    figures += Self.lines(of: part).map { Line(text: text, number: $0.0, evaluation: $0.1) }
  }

  /// Each line of `part` with what its own tokens add up to.
  static func lines(of part: ScoredText) -> [(Int, Evaluation)] {
    let encoded = part.encoded
    return encoded.lines.indices.map { line in
      let start = encoded.lines[line].firstToken
      let isLast = line + 1 == encoded.lines.count
      let end = isLast ? encoded.tokens.count : encoded.lines[line + 1].firstToken
      var evaluation = Evaluation()
      var known = 0.0
      var unknown = 0.0
      for index in start..<end where encoded.tokens[index] != .beginSentence {
        let token = encoded.tokens[index]
        let bits = part.scores[index].logProbability.bits
        evaluation.measure.tokens += 1
        if token == .endSentence { evaluation.measure.sequences += 1 }
        if token.isOutOfVocabulary {
          evaluation.measure.outOfVocabulary += 1
          unknown += bits
        } else {
          known += bits
        }
        if bits == -.infinity { evaluation.zeroProbabilityTokens += 1 }
      }
      evaluation.knownTotal = LogProbability(bits: known)
      evaluation.unknownTotal = LogProbability(bits: unknown)
      evaluation.measure.bytes = encoded.lines[line].byteCount
      evaluation.measure.characters = encoded.lines[line].characterCount
      return (encoded.firstLine + line, evaluation)
    }
  }
}

/// The TSV of `--per-line`.
final class LineTable {
  private let isNormalized: Bool
  private var output: OutputText?

  /// Begins the table at `path`; scores that are no probabilities are not called so in it.
  init(_ path: String, of model: NGramModel) throws {
    isNormalized = model.isNormalized
    var output = try OutputText(path)
    let score = isNormalized ? "log10_probability" : "log10_score"
    try output.write("line\ttokens\tout_of_vocabulary\t\(score)\tcross_entropy_bits\tperplexity\n")
    self.output = consume output
  }

  func add(_ part: ScoredText) throws {
    for (number, evaluation) in LineFigures.lines(of: part) {
      try output?.write(
        "\(number)\t\(evaluation.measure.tokens)\t\(evaluation.measure.outOfVocabulary)\t"
          + "\(evaluation.total.log10)\t\(isNormalized ? evaluation.crossEntropyBits : .nan)\t"
          + "\(isNormalized ? evaluation.perplexity : .nan)\n"
      )
    }
  }

  func commit() throws {
    guard let text = output.take() else { return }
    try text.commit()
  }
}
