/// The tokenizers by the names a user gives them.
///
/// A tokenizer without state is a case here and a row in each of two tables.
public enum TokenizerName: String, CaseIterable, Sendable {
  /// The stretches between white space, as KenLM splits: ``WhitespaceTokenizer``.
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

  /// True where a literal `<unk>`, `<s>` or `</s>` between white space is a marker and not text.
  public var hasMarkers: Bool { facts.hasMarkers }

  /// The number of tokens from which two texts share a span by copying alone.
  ///
  /// Of the 8-word spans of a part of the Brown corpus 0.003 % are in the rest of it, of a novel's in
  /// others 0.004 % (6 words: 0.1 and 0.2 %), of its spans of 40 characters none.
  package var copiedSpanLength: Int { facts.copiedSpanLength }

  /// The number of blocks of text that hold about a million tokens, so that it pays to sort them.
  package var blocksPerBatch: Int { facts.blocksPerBatch }
}
