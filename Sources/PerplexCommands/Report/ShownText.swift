import LanguageModels
import Perplexity
import Tokenization

/// The first tokens of the texts as one model cuts them, with what they cost, to be drawn.
struct ShownText {
  /// A token, or those that only together are a character.
  struct Token {
    /// Its bytes; none for the end of a sequence.
    var bytes: [UInt8]
    /// Its surprisal; nil if it has no score.
    var bits: Double?
    /// The length of the longest n-gram that the model knows it to end.
    var order: Int
    /// The vocabulary lacks it.
    var isUnknown: Bool
    /// Its index among the predictions; several indices if only several tokens together are a
    /// character.
    var predictions: Range<Int>
  }

  /// A line as far as it is shown.
  struct Line {
    /// The text's name, and the line's number in it.
    var text: String, number: Int
    /// The number of its first token among ``ShownText/tokens``.
    var firstToken: Int
    /// The bytes before each of its tokens that belong to none.
    var gaps: [[UInt8]] = []
  }

  /// The greatest number of tokens shown.
  let limit: Int
  private(set) var tokens: [Token] = []
  private(set) var lines: [Line] = []
  /// The tokens as the model reads them, with each `<s>`.
  private(set) var modelTokens: [TokenID] = []
  /// True if there were more.
  private(set) var isCut = false

  private var predictionCount = 0

  init(limit: Int) { self.limit = limit }

  /// The number of a line's tokens.
  func tokenRange(ofLine index: Int) -> Range<Int> {
    let end = index + 1 < lines.count ? lines[index + 1].firstToken : tokens.count
    return lines[index].firstToken..<end
  }

  /// Adds the next part of the text called `name`, as far as there is room.
  mutating func add(_ part: ScoredText, of name: String) {
    guard !isCut else { return }
    let encoded = part.encoded
    var line = -1
    var cursor = 0
    for scored in part.tokens {
      while line < scored.line ?? -1 {
        line += 1
        cursor = encoded.lines[line].textOffset
        open(encoded.firstLine + line, of: name)
      }
      // The bytes of a scalar are joined here, also where each is a token.
      for index in scored.indices {
        let token = encoded.tokens[index]
        if token != .beginSentence && predictionCount >= limit {
          isCut = true
          return
        }
        modelTokens.append(token)
        guard token != .beginSentence else { continue }
        defer { predictionCount += 1 }
        let range = encoded.ranges[index].clamped(to: 0..<encoded.text.count)
        let gap = cursor < range.lowerBound ? Array(encoded.text[cursor..<range.lowerBound]) : []
        if !range.isEmpty { cursor = range.upperBound }
        let score = part.scores[index]
        append(
          Token(
            bytes: Array(encoded.text[range]),
            bits: score.isScored ? score.surprisalBits : nil,
            order: score.isScored ? Int(score.matchedLength) : 0,
            isUnknown: token.isOutOfVocabulary,
            predictions: predictionCount..<predictionCount + 1
          ),
          after: gap
        )
      }
    }
  }

  private mutating func open(_ number: Int, of name: String) {
    // A line may go on in the next part of the text.
    if let last = lines.last, last.number == number, last.text == name { return }
    lines.append(Line(text: name, number: number, firstToken: tokens.count))
  }

  private mutating func append(_ token: Token, after gap: [UInt8]) {
    guard let last = lines.indices.last else { return }
    let isInside = token.bytes.first.map { $0 & 0xC0 == 0x80 } ?? false
    if isInside && gap.isEmpty && lines[last].firstToken < tokens.count {
      let before = tokens.count - 1
      tokens[before].bytes += token.bytes
      tokens[before].predictions =
        tokens[before].predictions.lowerBound..<token.predictions.upperBound
      tokens[before].isUnknown = tokens[before].isUnknown || token.isUnknown
      tokens[before].bits = tokens[before].bits.flatMap { bits in token.bits.map { bits + $0 } }
    } else {
      tokens.append(token)
      lines[last].gaps.append(gap)
    }
  }
}
