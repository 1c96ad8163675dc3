import Terminal

extension NumberFormat {
  /// A figure of a loss or a divergence: six decimals, fewer if it is huge.
  ///
  /// A value that is not finite is a word.
  static func figure(_ value: Double) -> String {
    if value.isNaN { return "-" }
    if value.isInfinite { return "infinite" }
    return value.magnitude < 1e9
      ? fixed(value, decimals: 6) : significant(value, digits: value.magnitude < 1e15 ? 15 : 7)
  }
}
