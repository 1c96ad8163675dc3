/// The conversion of text to tokens.
///
/// A model stores these settings, so that scoring reads text as training did.
public struct TextSettings: Hashable, Sendable {
  /// The extent of a sequence of tokens.
  public enum Sequence: String, CaseIterable, Sendable {
    /// Each line is a sentence between `<s>` and `</s>`; a blank line is an empty sentence.
    case line
    /// The file is one sequence between `<s>` and `</s>`; line ends are tokens of it.
    case document
    /// A document whose end is not predicted, without `</s>`.
    case stream
  }

  /// The meaning of the numbers of an encoded text.
  public enum Symbols: String, Sendable {
    /// Tokens of a vocabulary, with a `</s>` at the end of each sequence.
    case tokens
    /// Bytes, one or more per token, without `</s>`: the length of a text is not predicted.
    case bytes
  }

  /// The method that cuts text into tokens.
  public var tokenizer: TokenizerName

  /// The changes to the text before it is cut.
  public var normalization: Normalization

  /// The extent of a sequence of tokens.
  public var sequence: Sequence

  /// The meaning of the numbers of an encoded text.
  public var symbols = Symbols.tokens

  /// Settings with the given values.
  ///
  /// If `sequence` is nil, it is the tokenizer's default: lines for words; documents for
  /// characters, graphemes and bytes.
  public init(
    tokenizer: TokenizerName,
    normalization: Normalization = Normalization(),
    sequence: Sequence? = nil
  ) {
    self.tokenizer = tokenizer
    self.normalization = normalization
    self.sequence = sequence ?? (tokenizer.hasMarkers ? .line : .document)
  }

  /// True if bytes are read raw: no check for UTF-8, no byte-order mark, no CRLF.
  public var readsRawBytes: Bool { tokenizer == .bytes }

  /// True if line ends stay as in the text, including CRLF.
  var keepsLineEnds: Bool { readsRawBytes || symbols == .bytes }

  /// True if a token is a scalar, but each of its bytes has a number.
  public var joinsBytes: Bool { symbols == .bytes && tokenizer == .characters }

  /// True if a `</s>` is predicted at the end of each sequence.
  public var predictsEnds: Bool { symbols == .tokens && sequence != .stream }

  /// The tokenizer of the units that have numbers in an encoded text.
  package var unit: TokenizerName { symbols == .bytes ? .bytes : tokenizer }

  /// The number of `</s>` in `count` sequences.
  public func endCount(ofSequences count: Int) -> Int { predictsEnds ? count : 0 }

  /// A sentence as textbooks write it, without the `<s>` and `</s>` that stand between its words.
  package func withoutMarkers(_ sentence: String) -> String {
    guard tokenizer.hasMarkers else { return sentence }
    let words = sentence.split(separator: " ", omittingEmptySubsequences: false)
    return words.filter { !TokenID.specialSpellings[1...].contains(String($0)) }
      .joined(separator: " ")
  }
}
