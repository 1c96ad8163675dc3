import Files

/// Short pieces of a text for display.
enum Excerpt {
  /// The beginning of `text[range]`, with U+FFFD for bytes that are not UTF-8.
  ///
  /// It ends in `…` if it is cut at `limit` bytes.
  static func beginning(
    of text: Span<UInt8>,
    _ range: Range<Int>,
    limit: Int
  ) -> String {
    let end = back(to: min(range.upperBound, range.lowerBound + limit), text, range)
    let excerpt = String(decoding: text.extracting(range.lowerBound..<end), as: UTF8.self)
    return end < range.upperBound ? excerpt + "…" : excerpt
  }

  /// The end of `text[range]`, like ``beginning(of:_:limit:)``.
  static func end(of text: Span<UInt8>, _ range: Range<Int>, limit: Int) -> String {
    let start = back(to: max(range.lowerBound, range.upperBound - limit), text, range)
    let excerpt = String(decoding: text.extracting(start..<range.upperBound), as: UTF8.self)
    return start > range.lowerBound ? "…" + excerpt : excerpt
  }

  /// The start of the UTF-8 scalar that contains `index`, or `index` itself.
  private static func back(
    to index: Int,
    _ text: Span<UInt8>,
    _ range: Range<Int>
  ) -> Int {
    var start = index
    while start > range.lowerBound, start < range.upperBound, index - start < 4,
      text[start] & 0xC0 == 0x80
    {
      start -= 1
    }
    return start
  }
}
