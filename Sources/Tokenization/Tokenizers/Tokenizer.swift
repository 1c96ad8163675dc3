/// Splits text into tokens.
///
/// A token is a range of the text's bytes. A tokenizer neither invents text nor changes it; it drops
/// the bytes in no range, which are white space. Changes of text, such as lower casing, are
/// ``Normalization``, a stage before.
///
/// ```swift
/// let tokens = WordTokenizer().tokens(in: "I can't pay $3.14.")
/// print(tokens.joined(separator: " | "))  // I | can't | pay | $ | 3.14 | .
/// ```
public protocol Tokenizer: Sendable {
  /// Appends the byte range of each token of `text`, in order, to `ranges`.
  ///
  /// The ranges ascend, do not overlap and are never empty. `text` is a line without its line end,
  /// or a whole document. It is valid UTF-8 (any bytes for ``ByteTokenizer`` and
  /// ``WhitespaceTokenizer``); of other text only the laws above are promised.
  ///
  /// - Complexity: O(*n*), *n* the number of bytes.
  func tokenize(_ text: Span<UInt8>, into ranges: inout [Range<Int>])
}

extension Tokenizer {
  /// The tokens of `text`, as strings.
  ///
  /// This is for tests and for looking at tokens: unlike ``tokenize(_:into:)``, it makes a string
  /// for each token. Incomplete scalars, as from ``ByteTokenizer``, become U+FFFD.
  public func tokens(in text: String) -> [String] {
    let bytes = Array(text.utf8)
    var ranges: [Range<Int>] = []
    tokenize(bytes.span, into: &ranges)
    return ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
  }
}

extension [Range<Int>] {
  /// Appends the tokens of a text of `byteCount` bytes, in chunks for which room is made first.
  ///
  /// So a token costs a store and not a check of the array (measured: characters at 781 MB/s, 299
  /// with a plain `append`), and a long text takes no more room than its tokens need.
  ///
  /// - Parameters:
  ///   - byteCount: The number of bytes of the text.
  ///   - appendTokens: Appends the tokens that begin in a chunk, at most one a byte, and returns
  ///     where to go on, at the end of the chunk or after it.
  @inline(__always)
  mutating func appendTokens(
    ofByteCount byteCount: Int,
    _ appendTokens: (_ chunk: Range<Int>, _ output: inout OutputSpan<Range<Int>>) -> Int
  ) {
    var position = 0
    while position < byteCount {
      let chunk = position..<Swift.min(position + 4096, byteCount)
      append(addingCapacity: chunk.count) { output in position = appendTokens(chunk, &output) }
    }
  }
}
