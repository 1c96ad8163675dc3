/// How much each estimate counts, by the situation; learned by gradient.
///
/// An *expert* is an estimate of the next byte: one for each length of a context, and two that say
/// only "the byte that came last time". With θ the sum of five rows of numbers that the situation
/// selects, expert *e* has the weight
///
///     gₑ = exp θₑ / Σ exp θ
///
/// and after a byte of probability *p* = Σ gₑ pₑ each of the rows moves along the gradient of ln *p*:
///
///     θₑ ← θₑ + rate · gₑ (pₑ / p − 1)
///
/// The gate also corrects the discounts: where smoothing gives the share *B* of a context to the next
/// shorter one, this takes odds *r* times as high, *B r* / (1 − *B* + *B r*), *r* learned for each
/// situation of that context in the same way.
struct Gate: ~Copyable {
  /// The least and the greatest *r*; what is between is tried.
  static let oddsRange: ClosedRange<Double> = 0.03...30

  /// The greatest size of a number in a row.
  static let greatestRow: Float = 10_000

  /// How far a step goes along the gradient, for rows.
  static let rowRate: Float = 0.05

  /// How far a step goes along the gradient, for odds: relative to them.
  static let oddsRate = 0.02

  /// The experts of a row, rounded up to a multiple of eight.
  let laneCount: Int

  /// θ, row by row.
  let rows: Table<Float>

  /// *r*, by ``oddsIndex(length:shorterBy:totalClass:typeClass:)``.
  let odds: Table<Double>

  /// The gate for contexts of at most `maximumLength` bytes that has learned nothing: the longest
  /// context known counts most.
  init(maximumLength: Int) {
    let lengths = maximumLength + 1
    laneCount = (lengths + 2 + 7) / 8 * 8
    rows = Table(repeating: 0, count: GateRows.count(lengths: lengths) * laneCount)
    odds = Table(repeating: 1, count: lengths * 128)
    for length in 0..<lengths {
      for row in 32 * length..<32 * (length + 1) {
        for expert in 0..<laneCount {
          // What there is no expert for has no weight.
          rows[row * laneCount + expert] =
            switch expert {
            case length: 2
            case 0..<length: 0
            case lengths, lengths + 1: -2
            default: -100
            }
        }
      }
    }
  }

  /// The bytes of memory that it takes.
  var byteCount: Int { 4 * rows.count + 8 * odds.count }

  /// Where *r* is for a context of `length` bytes, `shorterBy` bytes shorter than the longest known.
  @inline(__always)
  static func oddsIndex(length: Int, shorterBy: Int, totalClass: Int, typeClass: Int) -> Int {
    ((length * 4 + min(3, shorterBy)) * 8 + totalClass) * 4 + typeClass
  }

  /// Moves as far as `other` moved since it was at `start`, and that to where `other` is.
  func follow(_ other: borrowing Gate, since start: borrowing Gate) {
    for index in 0..<rows.count {
      let moved = rows[index] + (other.rows[index] - start.rows[index])
      rows[index] = min(max(moved, -Self.greatestRow), Self.greatestRow)
    }
    for index in 0..<odds.count {
      let moved = odds[index] * (other.odds[index] / start.odds[index])
      odds[index] = min(max(moved, Self.oddsRange.lowerBound), Self.oddsRange.upperBound)
    }
    start.rows.copy(other.rows)
    start.odds.copy(other.odds)
  }
}

/// The five rows of a gate that a situation selects.
struct GateRows {
  /// By the longest known context: its length, the class of its total, that of its number of entries.
  var longest = 0
  /// By its length, the class of the next shorter one, and the number of entries of that after it.
  var shorter = 0
  /// By its length, and the last byte.
  var byte = 0
  /// By its length, and how the last three bytes were foreseen.
  var misses = 0
  /// By its length, and how many bytes ago a word began.
  var word = 0

  /// The number of rows for so many lengths of contexts.
  static func count(lengths: Int) -> Int { lengths * (32 + 128 + 256 + 64 + 16) }

  /// The class of a sum of counts: 1, 2, 3–4, 5–8, 9–16, 17–64, 65–512, and more.
  @inline(__always)
  static func totalClass(_ total: UInt32) -> Int {
    let log2 = 32 - max(1, total &- 1).leadingZeroBitCount
    if total <= 2 { return total == 2 ? 1 : 0 }
    return log2 <= 4 ? log2 : log2 <= 6 ? 5 : log2 <= 9 ? 6 : 7
  }

  /// The class of a number of entries: 1, 2, 3–5, and more.
  @inline(__always)
  static func typeClass(_ typeCount: Int) -> Int {
    typeCount <= 2 ? (typeCount == 2 ? 1 : 0) : typeCount <= 5 ? 2 : 3
  }

  /// The class of a context among those of so many bytes.
  @inline(__always)
  static func `class`(_ length: Int, _ summary: ContextTree.Summary) -> Int {
    (length * 8 + totalClass(summary.total)) * 4 + typeClass(summary.typeCount)
  }
}
