/// How much each estimate counts, by the situation; learned by gradient.
///
/// An *expert* is an estimate of the next byte: one for each length of a context, and two that say
/// only "the byte that came last time". With θ the sum of six rows of numbers that the situation
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
