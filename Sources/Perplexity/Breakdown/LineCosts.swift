import Files
import Tokenization

/// The cost of the tokens of each line, by line length and by position in the line.
///
/// A line is summed token by token; it may extend over several parts of a text.
struct LineCosts: ~Copyable {
  /// The largest number of bytes shown of a line.
  static let excerptByteCount = 120

  private var byLength: Buffer<Cost>
  private var byPosition: Buffer<Cost>
  private var costliest: CostliestFew<Breakdown.CostlyLine>

  // The open line, to which tokens are added.
  private(set) var text = ""
  private(set) var number: TextPlace = 0
  private var open = Cost()
  /// The beginning of the line, if it lies in an earlier part, which is no longer in memory.
  private var keptExcerpt = ""

  /// Sums that list the `limit` costliest lines.
  init(_ limit: Int) {
    byLength = Buffer(repeating: Cost(), count: Bands.lineLengths.count)
    byPosition = Buffer(repeating: Cost(), count: Bands.linePositions.lastStart + 1)
    costliest = CostliestFew(limit)
  }

  /// Adds a token to the open line.
  @inline(__always)
  mutating func add(_ bits: Double) {
    open.add(bits)
    let position = min(open.tokens, Bands.linePositions.lastStart)
    var cost = byPosition[position]
    cost.add(bits)
    byPosition[position] = cost
  }

  /// Ends the open line and opens another; `excerpt` is its beginning, if still in memory.
  mutating func open(
    _ number: TextPlace,
    of text: String,
    closing excerpt: @autoclosure () -> String?
  ) {
    if open.tokens > 0 {
      let band = Bands.lineLengths.index(of: open.tokens)
      byLength[band] = byLength[band] + open
      if open.bits > costliest.threshold {
        costliest.insert(
          Breakdown.CostlyLine(
            text: self.text,
            line: self.number,
            cost: open,
            excerpt: excerpt() ?? keptExcerpt
          ),
          bits: open.bits
        )
      }
    }
    open = Cost()
    keptExcerpt = ""
    self.text = text
    self.number = number
  }

  /// Ends the open line and begins the text named `name`.
  mutating func beginText(_ name: String) {
    open(0, of: name, closing: nil)
  }

  /// Saves the beginning of the open line before its part is released.
  mutating func keep(_ excerpt: String) { keptExcerpt = excerpt }

  /// The tokens by the length of their line; all lines must be closed.
  var lengthTable: Breakdown.Table {
    let bands = Bands.lineLengths
    return Breakdown.Table(.lineLength, (0..<bands.count).map { (bands.key($0), byLength[$0]) })
  }

  /// The tokens by their position in the line.
  var positionTable: Breakdown.Table {
    let bands = Bands.linePositions
    var costs = [Cost](repeating: Cost(), count: bands.count)
    for position in 1..<byPosition.count {
      costs[bands.index(of: position)] += byPosition[position]
    }
    return Breakdown.Table(.linePosition, costs.indices.map { (bands.key($0), costs[$0]) })
  }

  /// The lines with the highest cost.
  var costliestLines: [Breakdown.CostlyLine] { costliest.elements.map(\.element) }
}

extension Breakdown.Table {
  /// The table of those `groups` that have tokens.
  init(_ subject: Breakdown.Subject, _ groups: some Sequence<(String, Cost)>) {
    self.subject = subject
    self.groups = groups.filter { $1.tokens > 0 }.map { Breakdown.Group(key: $0, cost: $1) }
  }
}
