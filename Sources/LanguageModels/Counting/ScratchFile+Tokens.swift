import Files

extension ScratchFile {
  /// The number of tokens that are read at a time.
  private static let runLength = 1 << 18

  /// Calls `body` with the first `tokenCount` tokens, 4 bytes each, run by run: a buffer, their
  /// range in it, and the position of the first of them in the file.
  ///
  /// The buffer has the `overlap` tokens before them too, as far as there are any.
  func forEachRun(
    tokenCount: Int,
    overlap: Int = 0,
    _ body: (inout Buffer<UInt32>, Range<Int>, _ position: Int) throws -> Void
  ) throws {
    var run = Buffer<UInt32>(count: overlap + Self.runLength)
    for position in stride(from: 0, to: tokenCount, by: Self.runLength) {
      let start = max(0, position - overlap)
      let end = min(tokenCount, position + Self.runLength)
      try read(0..<(end - start), of: &run, from: 4 * start)
      try body(&run, (position - start)..<(end - start), position)
    }
  }
}
