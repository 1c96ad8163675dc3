/// The tokenizers by the names a user gives them.
///
/// A tokenizer without state is a case here and a row in each of two tables.
public enum TokenizerName: String, CaseIterable, Sendable {
  /// The runs between white space, as in KenLM: ``WhitespaceTokenizer``.
  case whitespace
  /// The words and marks of Unicode's UAX #29: ``WordTokenizer``.
  case words
  /// Unicode scalars: ``CharacterTokenizer``.
  case characters
  /// Extended grapheme clusters, a reader's characters: ``GraphemeTokenizer``.
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

  /// The facts about a tokenizer that other code needs.
  private struct Facts {
    var noun: String
    var hasMarkers: Bool
    var copiedSpanLength: Int
    var blocksPerBatch: Int
  }

  private var facts: Facts {
    switch self {
    case .whitespace, .words:
      Facts(noun: "words", hasMarkers: true, copiedSpanLength: 8, blocksPerBatch: 96)
    case .characters:
      Facts(noun: "characters", hasMarkers: false, copiedSpanLength: 40, blocksPerBatch: 16)
    case .graphemes:
      Facts(noun: "graphemes", hasMarkers: false, copiedSpanLength: 40, blocksPerBatch: 16)
    case .bytes:
      Facts(noun: "bytes", hasMarkers: false, copiedSpanLength: 50, blocksPerBatch: 16)
    }
  }

  /// The plural for its tokens in a sentence.
  package var noun: String { facts.noun }

  /// True if tokens are words, of which a literal `<unk>` between white space is the unknown one.
  public var hasMarkers: Bool { facts.hasMarkers }

  /// The smallest number of tokens in a shared span that proves copying.
  ///
  /// Of the 8-word spans of a part of the Brown corpus, 0.003 % also occur in the rest; for a novel
  /// and other novels it is 0.004 % (with 6 words 0.1 and 0.2 %). No span of 40 characters occurs
  /// twice.
  package var copiedSpanLength: Int { facts.copiedSpanLength }

  /// The number of blocks that contain about a million tokens, which makes sorting worthwhile.
  package var blocksPerBatch: Int { facts.blocksPerBatch }
}
