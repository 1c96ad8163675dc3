/// Counts words like Python's `len(re.split(r"\s+", text))`: the runs of white space plus one.
///
/// White space at either end of a text therefore makes an empty word.
struct WhiteSpaceWords: Sendable {
  private var runCount = 0
  private var textCount = 0
  private var isInRun = false
  private var hasText = false

  /// The number of words of all completed texts.
  private(set) var count = 0

  /// Continues with `text`, which contains whole scalars.
  mutating func add(_ text: Span<UInt8>) {
    if text.count > 0 { hasText = true }
    var index = 0
    while index < text.count {
      let length = Self.whiteSpaceLength(text, at: index)
      if length > 0 && !isInRun { runCount += 1 }
      isInRun = length > 0
      index += max(1, length)
    }
  }

  /// Continues with a line feed.
  mutating func addSpace() {
    hasText = true
    if !isInRun { runCount += 1 }
    isInRun = true
  }

  /// Ends a text.
  mutating func endText() {
    if hasText { count += runCount + 1 }
    (runCount, isInRun, hasText) = (0, false, false)
  }

  /// The number of bytes of the white space at `index`, as in Python's `str.isspace`.
  ///
  /// It is 0 for anything else.
  private static func whiteSpaceLength(_ text: Span<UInt8>, at index: Int) -> Int {
    let byte = text[index]
    if byte < 0x80 {
      return byte == 32 || (9...13).contains(byte) || (28...31).contains(byte) ? 1 : 0
    }
    func next(_ distance: Int) -> UInt8 {
      index + distance < text.count ? text[index + distance] : 0
    }
    switch (byte, next(1), next(2)) {
    case (0xC2, 0x85, _), (0xC2, 0xA0, _): return 2  // U+0085, U+00A0
    case (0xE1, 0x9A, 0x80): return 3  // U+1680
    case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF): return 3
    case (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): return 3  // U+205F, U+3000
    default: return 0
    }
  }
}
