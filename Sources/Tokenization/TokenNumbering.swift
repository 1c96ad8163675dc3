/// Something that numbers tokens: a vocabulary, or one that grows.
public protocol TokenNumbering: ~Copyable {
  /// The number of the token of these bytes.
  mutating func number(of token: Span<UInt8>) -> TokenID

  /// Appends the numbers of the tokens at `ranges` of `text`, in their order.
  ///
  /// For a hundred tokens or more at a time: a table larger than the caches is then waited for once
  /// and not once a token. What it appends is what ``number(of:)`` would have given.
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
