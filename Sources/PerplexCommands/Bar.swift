/// A bar of block characters, to the eighth of one.
enum Bar {
  private static let eighths = Array("▏▎▍▌▋▊▉")

  /// A bar as long as `value` is of `most`, at most `width` characters; none for what is no number.
  static func text(_ value: Double, of most: Double, width: Int = 12) -> String {
    guard most > 0, value > 0, value.isFinite else { return "" }
    let steps = Int((min(1, value / most) * Double(8 * width)).rounded())
    let rest = steps % 8
    return String(repeating: "█", count: steps / 8) + (rest > 0 ? String(eighths[rest - 1]) : "")
  }
}
