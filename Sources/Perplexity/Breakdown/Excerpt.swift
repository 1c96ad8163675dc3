import Files

/// Short pieces of a text for people to read.
enum Excerpt {
  /// The bytes of `text[range]`, those that are no UTF-8 as U+FFFD; `…` at its end if that is cut at
  /// `limit` bytes.
  static func beginning(
    of text: Span<UInt8>,
    _ range: Range<Int>,
    limit: Int
  ) -> String {
    let end = back(to: min(range.upperBound, range.lowerBound + limit), text, range)
    let excerpt = String(decoding: text.extracting(range.lowerBound..<end), as: UTF8.self)
    return end < range.upperBound ? excerpt + "…" : excerpt
  }

  /// As ``beginning(of:_:limit:)``, of the end of `text[range]`.
  static func end(of text: Span<UInt8>, _ range: Range<Int>, limit: Int) -> String {
    let start = back(to: max(range.lowerBound, range.upperBound - limit), text, range)
    let excerpt = String(decoding: text.extracting(start..<range.upperBound), as: UTF8.self)
    return start > range.lowerBound ? "…" + excerpt : excerpt
  }

  /// `place`, or the start of the UTF-8 scalar that it is in.
  private static func back(
    to place: Int,
    _ text: Span<UInt8>,
    _ range: Range<Int>
  ) -> Int {
    var start = place
    while start > range.lowerBound, start < range.upperBound, place - start < 4,
      text[start] & 0xC0 == 0x80
    {
      start -= 1
    }
    return start
  }
}
