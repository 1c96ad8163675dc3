/// How text becomes tokens: all that a model must remember so that scoring cannot disagree with
/// training.
public struct TextSettings: Hashable, Sendable {
  /// What one sequence of tokens is.
  public enum Sequence: String, CaseIterable, Sendable {
    /// Each line is a sentence between `<s>` and `</s>`; a blank line is an empty sentence.
    case line
    /// The file is one sequence between `<s>` and `</s>`; line ends are tokens of it.
    case document
    /// A document whose end is not predicted: it could go on. There is no `</s>`.
    case stream
  }

  /// What the numbers of an encoded text stand for.
  public enum Symbols: String, Sendable {
    /// Tokens of a vocabulary, and a `</s>` at the end of each sequence.
    case tokens
    /// Bytes, one or several a token; no `</s>`: how long a text is, is not predicted.
    case bytes
  }

  /// How text is cut into tokens.
  public var tokenizer: TokenizerName

  /// What is done to the text before it is cut.
  public var normalization: Normalization

  /// What one sequence of tokens is.
  public var sequence: Sequence

  /// What the numbers of an encoded text stand for.
  public var symbols = Symbols.tokens

  /// The settings given, the sequence of a tokenizer's own custom where it is nil: lines for words,
  /// documents for characters, graphemes and bytes.
  public init(
    tokenizer: TokenizerName,
    normalization: Normalization = Normalization(),
    sequence: Sequence? = nil
  ) {
    self.tokenizer = tokenizer
    self.normalization = normalization
    self.sequence = sequence ?? (tokenizer.hasMarkers ? .line : .document)
  }

  /// Whether bytes are taken as they are: no check for UTF-8, no byte-order mark, no CRLF.
  public var readsRawBytes: Bool { tokenizer == .bytes }

  /// Whether a line end is what the text has there, CRLF too.
  var keepsLineEnds: Bool { readsRawBytes || symbols == .bytes }

  /// Whether a token is a scalar whose bytes have a number each.
  public var joinsBytes: Bool { symbols == .bytes && tokenizer == .characters }

  /// Whether a `</s>` is predicted at the end of each sequence.
  public var predictsEnds: Bool { symbols == .tokens && sequence != .stream }

  /// The tokenizer whose tokens the numbers of an encoded text stand for.
  package var unit: TokenizerName { symbols == .bytes ? .bytes : tokenizer }

  /// The number of `</s>` among the tokens of `count` sequences.
  public func endCount(ofSequences count: Int) -> Int { predictsEnds ? count : 0 }
}
