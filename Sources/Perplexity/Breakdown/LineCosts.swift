import Files

/// What the tokens of each line cost, by the length of the line and by their place in it.
///
/// A line is summed as its tokens go by, in one part of a text or in several.
struct LineCosts: ~Copyable {
  /// The most bytes of a line that are shown.
  static let excerptByteCount = 120

  private var byLength: Buffer<Cost>
  private var byPosition: Buffer<Cost>
  private var costliest: CostliestFew<Breakdown.CostlyLine>

  // The line that tokens are added to.
  private(set) var text = ""
  private(set) var number = 0
  private var open = Cost()
  /// Its beginning, where it stands in a part that is no longer at hand.
  private var keptExcerpt = ""

  /// Sums that remember so many lines.
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

  /// Ends the open line, whose beginning is `excerpt` where it is at hand, and opens another.
  mutating func open(_ number: Int, of text: String, closing excerpt: @autoclosure () -> String?) {
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

  /// Ends the open line and begins the text called `name`.
  mutating func beginText(_ name: String) {
    open(0, of: name, closing: nil)
  }

  /// Keeps the beginning of the open line, since the part that it stands in goes.
  mutating func keep(_ excerpt: String) { keptExcerpt = excerpt }

  /// The tokens by the length of their lines, once all lines are closed.
  var lengthTable: Breakdown.Table {
    let bands = Bands.lineLengths
    return Breakdown.Table(.lineLength, (0..<bands.count).map { (bands.key($0), byLength[$0]) })
  }

  /// The tokens by their places.
  var positionTable: Breakdown.Table {
    let bands = Bands.linePositions
    var costs = [Cost](repeating: Cost(), count: bands.count)
    for position in 1..<byPosition.count {
      costs[bands.index(of: position)] += byPosition[position]
    }
    return Breakdown.Table(.linePosition, costs.indices.map { (bands.key($0), costs[$0]) })
  }

  /// The lines that cost most.
  var costliestLines: [Breakdown.CostlyLine] { costliest.elements.map(\.element) }
}

extension Breakdown.Table {
  /// The groups of these that have tokens.
  init(_ subject: Breakdown.Subject, _ groups: some Sequence<(String, Cost)>) {
    self.subject = subject
    self.groups = groups.filter { $1.tokens > 0 }.map { Breakdown.Group(key: $0, cost: $1) }
  }
}
