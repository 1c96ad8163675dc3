import Terminal

extension NumberFormat {
  /// A figure of a loss or a divergence: six decimals, or as many digits where it is huge; a word for
  /// what is no number.
  static func figure(_ value: Double) -> String {
    if value.isNaN { return "-" }
    if value.isInfinite { return "infinite" }
    return value.magnitude < 1e9
      ? fixed(value, decimals: 6) : significant(value, digits: value.magnitude < 1e15 ? 15 : 7)
  }
}
