import Terminal

/// A bar of block characters, to the eighth of one.
enum TextBar {
  private static let eighths = Array("▏▎▍▌▋▊▉")

  /// A bar of `width` · `value` / `most` characters, at most `width`; empty if that is not finite.
  static func text(_ value: Double, of most: Double, width: Int = 12) -> String {
    guard most > 0, value > 0, value.isFinite else { return "" }
    let steps = Int((min(1, value / most) * Double(8 * width)).rounded())
    let rest = steps % 8
    return String(repeating: "█", count: steps / 8) + (rest > 0 ? String(eighths[rest - 1]) : "")
  }
}

extension TextTable {
  /// A table that `make` draws with bars of at most a number of characters, as many as fit.
  ///
  /// Bars become shorter before words are cut, and where short ones leave too little room for
  /// numbers there are none: `make` is given 0 then. Bars that were cut like words would be of
  /// another value.
  static func withBars(fitting width: Int, _ make: (_ characters: Int) -> TextTable) -> TextTable {
    let (longest, shortest) = (12, 6)
    let whole = make(longest)
    guard whole.width > width else { return whole }
    let narrow = make(max(shortest, longest - (whole.width - width)))
    return narrow.fits(width: width) ? narrow : make(0)
  }
}
