/// The weights of the estimates in each situation, learned by gradient.
///
/// An *expert* is an estimate of the next byte: one for each length of a context, and two that say
/// only "the byte that came last time". With θ the sum of six rows of numbers that the situation
/// selects, the weight of expert *e* is
///
///     gₑ = exp θₑ / Σ exp θ
///
/// and after a byte of probability *p* = Σ gₑ pₑ each of the rows moves along the gradient of ln
/// *p*, η the ``rowRate``:
///
///     θₑ ← θₑ + η · gₑ (pₑ / p − 1)
///
/// The gate also corrects the discounts: where smoothing gives the share *B* of a context to the
/// next shorter one, this takes odds *r* times as high, *B r* / (1 − *B* + *B r*), *r* learned for
/// each situation of that context in the same way.
struct Gate: ~Copyable {
  /// The least and the greatest *r*.
  static let oddsRange: ClosedRange<Double> = 0.03...30

  /// The greatest size of a number in a row.
  static let greatestRow: Float = 10_000

  /// The learning rate of rows.
  static let rowRate: Float = 0.05

  /// The learning rate of odds, relative to them.
  static let oddsRate = 0.02

  /// The experts of a row, rounded up to a multiple of eight.
  let laneCount: Int

  /// θ, row by row.
  let rows: UncheckedBuffer<Float>

  /// *r*, by ``oddsIndex(length:shorterBy:totalClass:typeClass:)``.
  let odds: UncheckedBuffer<Double>

  /// The gate for contexts of at most `maximumLength` bytes that has learned nothing: the longest
  /// context known counts most.
  init(maximumLength: Int) {
    let lengths = maximumLength + 1
    laneCount = (lengths + 2 + 7) / 8 * 8
    rows = UncheckedBuffer(zeroed: GateRows.count(lengths: lengths) * laneCount)
    odds = UncheckedBuffer(repeating: 1, count: lengths * 128)
    for length in 0..<lengths {
      for row in 32 * length..<32 * (length + 1) {
        for expert in 0..<laneCount {
          // A lane without an expert has no weight.
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

  /// The index of *r* for a context of `length` bytes, `shorterBy` bytes shorter than the longest
  /// known.
  @inline(__always)
  static func oddsIndex(length: Int, shorterBy: Int, totalClass: Int, typeClass: Int) -> Int {
    ((length * 4 + min(3, shorterBy)) * 8 + totalClass) * 4 + typeClass
  }

  /// Adds the steps that `other` has made since it was equal to `start`, then makes `start` equal
  /// to `other`.
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
