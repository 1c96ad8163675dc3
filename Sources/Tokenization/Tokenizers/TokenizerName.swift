/// The tokenizers by the names a user gives them.
public enum TokenizerName: String, CaseIterable, Sendable {
  /// What stands between white space, as KenLM splits: ``WhitespaceTokenizer``.
  case whitespace
  /// The words and marks of Unicode's UAX #29: ``WordTokenizer``.
  case words
  /// Unicode scalars: ``CharacterTokenizer``.
  case characters
  /// What a reader takes for one character: ``GraphemeTokenizer``.
  case graphemes
  /// Single bytes: ``ByteTokenizer``.
  case bytes

  /// The tokenizer of this name.
  public var tokenizer: any Tokenizer {
    switch self {
    case .whitespace: WhitespaceTokenizer()
    case .words: WordTokenizer()
    case .characters: CharacterTokenizer()
    case .graphemes: GraphemeTokenizer()
    case .bytes: ByteTokenizer()
    }
  }
}
