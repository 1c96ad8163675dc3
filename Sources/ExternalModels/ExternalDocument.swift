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

  /// The line of the file that contains the document.
  var line: Int

  /// Its text, if the file gives it beside the tokens.
  var text: [UInt8]?

  /// The spellings of all tokens, concatenated.
  var spelling: [UInt8] = []

  var tokens: [Token] = []

  /// The number of tokens before the generated ones, which may not belong to the text.
  var promptTokenCount: Int?

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
}
