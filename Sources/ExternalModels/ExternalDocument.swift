import LanguageModels

/// One text, or a part of one, as a program that scored it wrote its tokens.
struct ExternalDocument {
  /// A token.
  struct Token {
    /// How its bytes are known.
    enum Spelling: UInt8 {
      /// As written.
      case exact
      /// As written, but for each U+FFFD, which may stand for one to three other bytes.
      case replaced
      /// By their number: they are the next bytes of the text.
      case counted
      /// Not at all: they are those before the next token.
      case unknown
    }

    /// The end of its spelling in ``ExternalDocument/spelling``; it begins where the last one ends.
    var end: Int
    var spelling: Spelling
    /// The number of its bytes, where they are ``Spelling/counted``.
    var byteCount = 0
    /// Its log-probability, where it has one.
    var logProbability: LogProbability?
    /// Whether the program says that it is no part of the text.
    var isSpecial = false
  }

  /// The line of the file that it is on.
  var line: Int

  /// Its text, where that was written beside the tokens.
  var text: [UInt8]?

  /// The spellings of all tokens, one after the other.
  var spelling: [UInt8] = []

  var tokens: [Token] = []

  /// After how many tokens those begin that were generated, and may be no part of the text.
  var promptTokenCount: Int?

  /// Whether a token may lack the space before it, as those do that are decoded one by one.
  var dropsSpaces = false

  /// How many log-probabilities stand for "less likely than that".
  var sentinelCount = 0

  /// Whether a token is the whole text, as where there is only a sum.
  var isSum = false

  /// The number of bytes by which the program divides, where it says so.
  var statedByteCount: Int?

  /// Whether the probabilities are those after filters of sampling.
  var isFiltered = false

  /// The bytes that token number `index` is written with.
  func spelling(of index: Int) -> ArraySlice<UInt8> {
    spelling[(index > 0 ? tokens[index - 1].end : 0)..<tokens[index].end]
  }
}
