/// Makes each Unicode scalar a token, white space too.
///
/// A scalar is what Unicode numbers (a "code point" that is no surrogate), not what a reader takes
/// for a character: "é" may be one scalar or two. For the latter see ``GraphemeTokenizer``.
///
///     "a é" -> "a", " ", "é"
public struct CharacterTokenizer: Tokenizer {
  /// Makes the tokenizer, which has no options.
  public init() {}

  /// Appends the range of each scalar of `text`.
  public func tokenize(_ text: Span<UInt8>, into ranges: inout [Range<Int>]) {
    ranges.appendTokens(ofByteCount: text.count) { chunk, output in
      var position = chunk.lowerBound
      while position < chunk.upperBound {
        let end = scalarEnd(in: text, at: position)
        output.append(position..<end)
        position = end
      }
      return position
    }
  }
}

/// The position after the scalar of `text` that begins at `position`.
///
/// A byte that begins no scalar counts as one byte; a scalar cut short ends with the text.
@inline(__always)
func scalarEnd(in text: Span<UInt8>, at position: Int) -> Int {
  let lead = text[position]
  if lead < 0xC0 { return position + 1 }
  let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  return min(position + length, text.count)
}
