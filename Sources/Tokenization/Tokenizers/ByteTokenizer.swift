/// Makes each byte a token, white space too.
///
/// The only tokenizer whose vocabulary is closed by nature: 256 tokens write every text.
///
///     "né" -> 6E, C3, A9
public struct ByteTokenizer: Tokenizer {
  /// Makes the tokenizer, which has no options.
  public init() {}

  /// Appends a range for each byte of `text`, which need not be UTF-8.
  public func tokenize(_ text: Span<UInt8>, into ranges: inout [Range<Int>]) {
    ranges.appendTokens(ofByteCount: text.count) { chunk, output in
      for position in chunk { output.append(position..<position + 1) }
      return chunk.upperBound
    }
  }
}
