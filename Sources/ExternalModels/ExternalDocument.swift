import LanguageModels

/// A text, or a part of one, with the tokens that another program scored.
struct ExternalDocument {
  /// A token and its log-probability.
  struct Token {
    /// The knowledge about a token's bytes.
    enum Spelling: UInt8 {
      /// The bytes are those written.
      case exact
      /// The bytes are those written, except that each U+FFFD may stand for one to three other
      /// bytes.
      case replaced
      /// The number of bytes is known; they are the next bytes of the text.
      case counted
      /// Nothing is known; the bytes are those up to the next token.
      case unknown
    }

    /// The end of its bytes in ``ExternalDocument/spelling``; they begin at the previous token's
    /// end.
    var end: Int
    var spelling: Spelling
    /// The number of its bytes, if they are ``Spelling/counted``.
    var byteCount = 0
    /// Its log-probability; nil if it has none.
    var logProbability: LogProbability?
    /// True if the program says that the token does not belong to the text.
    var isSpecial = false
  }

  /// One of several tokens, of which the text shows the right one.
  struct Candidate {
    var bytes: [UInt8]
    var spelling: Token.Spelling
    var logProbability: LogProbability?
  }

  /// The answer that a part of a stream belongs to.
  struct Stream: Equatable {
    /// The name of the stream; nil if the program gives none.
    var id: [UInt8]?
    /// The number of the answer among several in one stream.
    var index = 0
    /// True for the last part.
    var isFinished = false
    /// True if the part has all tokens of the parts before it.
    var isCumulative = false
  }

  /// The signs of the numbers in a document, which show what they are if they are no
  /// log-probabilities.
  struct Signs {
    /// The first number above 0 and its token.
    var firstPositive: (token: Int, value: Double)?
    var largest = -Double.infinity
    var hasNegative = false
  }

  /// The line of the file that contains the document.
  var line: Int

  /// Its text, if the file gives it beside the tokens.
  var text: [UInt8]?

  /// The spellings of all tokens, concatenated.
  var spelling: [UInt8] = []

  var tokens: [Token] = []

  /// The tokens among which the text decides, by the number of the token.
  var candidates: [Int: [Candidate]] = [:]

  /// The stream that the document is a part of; nil if it is a whole.
  var stream: Stream?

  /// The number of tokens before the generated ones, which may not belong to the text.
  var promptTokenCount: Int?

  /// True if the prompt is in the document and its length is unknown.
  var mayEndGenerated = false

  /// True if all tokens are generated.
  var isAnswer = false

  /// True if the document is one of several answers to a request, of which the text may be one.
  var isAlternative = false

  /// True if the tokens were turned back from a tokenizer's own alphabet.
  var isDecoded = false

  var signs = Signs()

  /// True if a token may lack the space before it, as tokens decoded one by one do.
  var dropsSpaces = false

  /// The number of log-probabilities that mean "less likely than this".
  var sentinelCount = 0

  /// True if the single token is the whole text, because the file gives only a sum.
  var isSum = false

  /// The number of bytes that the program divides by, if it states it.
  var statedByteCount: Int?

  /// True if the probabilities include the filters of sampling.
  var isFiltered = false

  /// The written bytes of the token `index`.
  func spelling(of index: Int) -> ArraySlice<UInt8> {
    spelling[(index > 0 ? tokens[index - 1].end : 0)..<tokens[index].end]
  }

  /// Removes the tokens from `count` on.
  mutating func removeTokens(from count: Int) {
    tokens.removeSubrange(count...)
    spelling.removeSubrange((tokens.last?.end ?? 0)...)
    candidates = candidates.filter { $0.key < count }
    promptTokenCount = nil
  }

  /// Appends the tokens of the next part of the same stream.
  mutating func append(_ part: ExternalDocument) {
    let (byteCount, tokenCount) = (spelling.count, tokens.count)
    spelling += part.spelling
    for var token in part.tokens {
      token.end += byteCount
      tokens.append(token)
    }
    for (index, list) in part.candidates { candidates[tokenCount + index] = list }
    if let more = part.text { text?.append(contentsOf: more) ?? (text = more) }
    sentinelCount += part.sentinelCount
    isFiltered = isFiltered || part.isFiltered
    signs.largest = max(signs.largest, part.signs.largest)
    signs.hasNegative = signs.hasNegative || part.signs.hasNegative
    if signs.firstPositive == nil, let first = part.signs.firstPositive {
      signs.firstPositive = (tokenCount + first.token, first.value)
    }
    stream = part.stream
  }

  /// The first scored token of a document without any spelling, or of more than `limit` tokens in a
  /// row without one; nil if there are none.
  func firstUnknown(inRunOf limit: Int) -> Int? {
    var count = 0
    for index in tokens.indices {
      let isUnknown = tokens[index].spelling == .unknown && candidates[index] == nil
      count = isUnknown ? count + 1 : 0
      if count > limit { return index }
    }
    guard count == tokens.count, count > 1 else { return nil }
    return tokens.firstIndex { $0.logProbability != nil }
  }

  /// The token `index`, with the log-probability of its `candidate` if it is one of several.
  func token(_ index: Int, choosing candidate: Int?) -> Token {
    var token = tokens[index]
    if let candidate, let chosen = candidates[index]?[candidate] {
      token.logProbability = chosen.logProbability
    }
    return token
  }

  /// The written bytes of the token `index`, or of its first candidate.
  func mainSpelling(of index: Int) -> ArraySlice<UInt8> {
    candidates[index]?.first?.bytes[...] ?? spelling(of: index)
  }
}
