/// A numbering of tokens: a fixed vocabulary, or a growing one.
public protocol TokenNumbering: ~Copyable {
  /// The number of the token with these bytes.
  mutating func number(of token: Span<UInt8>) -> TokenID

  /// Appends the numbers of the tokens at `ranges` of `text`, in order.
  ///
  /// The result equals that of ``number(of:)``. With a hundred or more tokens at a time, it waits
  /// for a table larger than the caches once, not once per token.
  mutating func number(
    _ ranges: Span<Range<Int>>,
    of text: Span<UInt8>,
    into numbers: inout OutputSpan<TokenID>
  )
}

extension TokenNumbering where Self: ~Copyable {
  /// Appends the numbers of the tokens at `ranges` of `text`, one after the other.
  public mutating func number(
    _ ranges: Span<Range<Int>>,
    of text: Span<UInt8>,
    into numbers: inout OutputSpan<TokenID>
  ) {
    for index in ranges.indices {
      numbers.append(number(of: text.extracting(ranges[index])))
    }
  }
}
