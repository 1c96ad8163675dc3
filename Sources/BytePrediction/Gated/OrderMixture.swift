import Files

/// The contexts of a text, smoothed and mixed: what ``GatedNGram`` explains, and its loops.
struct OrderMixture: ~Copyable {
  /// What is known of the next byte before it is seen.
  struct Situation {
    /// The length of the longest known context; -1 where nothing was ever counted.
    var known = -1
    /// The rows of the gate.
    var rows = GateRows()
    /// The sum of the gate's unnormalised weights.
    var weightSum = 1.0
    /// What every byte has at least.
    var floor = 1.0 / 256
    /// The bytes that came last in the longest context, and in one two bytes shorter.
    var recent: (UInt8, UInt8) = (0, 0)
    /// What they have for that.
    var recentShares = (0.0, 0.0)
  }

  /// What every byte has at least: enough for the units of ``ArithmeticEncoder/total`` to be fine.
  static let leastProbability = 0x1p-24

  var tree: ContextTree
  let maximumLength: Int
  let discounts: Discounts

  /// The gate for when the counts go on with every byte.
  let adaptiveGate: Gate

  /// The gate for when they stay as they are.
  let frozenGate: Gate

  /// The adaptive gate as it was when the frozen one last followed it.
  let followedGate: Gate

  /// The contexts that end here, by their length.
  let path: Table<UInt32>

  /// The context and the place in it that leads to, or will lead to, that of the path.
  let parent: Table<UInt32>
  let parentPlace: Table<Int>

  /// The length of the longest context of the path that is known.
  var knownLength = 0

  /// The length of the longest context that the next byte can be counted in.
  var length = 0

  /// The number of bytes learned.
  var learnedCount = 0

  /// What the gates want to know of the history.
  var history = GateHistory()

  // What follows is by the length of a context, and holds from a situation to its byte.

  /// Where the byte's entry is.
  let places: Table<Int>
  /// Its count less the discount.
  let amounts: Table<Double>
  /// What a unit of that is worth in the context's own estimate.
  let ownUnits: Table<Double>
  /// What it is worth in the mixture.
  let units: Table<Double>
  /// The part of its estimate that comes from the next shorter context.
  let shorterParts: Table<Double>
  /// The part of the mixture that comes from its estimate, whether by itself or by longer ones.
  let estimateParts: Table<Double>
  /// Where its odds are in the gate.
  let oddsIndices: Table<Int>
  /// The experts' unnormalised weights.
  let weights: Table<Float>
  /// The experts' estimates of the byte.
  let estimates: Table<Float>

  /// A mixture that has learned nothing.
  init(maximumLength: Int, memoryByteCount: Int) {
    self.maximumLength = maximumLength
    let lengths = maximumLength + 1
    discounts = Discounts(maximumLength: maximumLength)
    adaptiveGate = Gate(maximumLength: maximumLength)
    frozenGate = Gate(maximumLength: maximumLength)
    followedGate = Gate(maximumLength: maximumLength)
    tree = ContextTree(
      maximumLength: maximumLength,
      memoryByteCount: max(0, memoryByteCount - 3 * adaptiveGate.byteCount)
    )
    path = Table(repeating: 0, count: lengths + 1)
    parent = Table(repeating: 0, count: lengths + 1)
    parentPlace = Table(repeating: ContextTree.nowhere, count: lengths + 1)
    places = Table(repeating: ContextTree.nowhere, count: lengths)
    amounts = Table(repeating: 0, count: lengths)
    ownUnits = Table(repeating: 0, count: lengths)
    units = Table(repeating: 0, count: lengths)
    shorterParts = Table(repeating: 0, count: lengths)
    estimateParts = Table(repeating: 0, count: lengths)
    oddsIndices = Table(repeating: 0, count: lengths)
    weights = Table(repeating: 0, count: adaptiveGate.laneCount)
    estimates = Table(repeating: 0, count: adaptiveGate.laneCount)
    discounts.update(tree)
  }

  /// Forgets the history.
  mutating func beginText() {
    knownLength = 0
    length = 0
    path[0] = ContextTree.root
    history = GateHistory()
  }
}

// MARK: - Predicting

extension OrderMixture {
  /// What `gate` says before the next byte.
  @inline(__always)
  func situation(_ gate: borrowing Gate) -> Situation {
    var situation = Situation()
    places[0] = ContextTree.nowhere
    amounts[0] = 0
    guard tree.summary(ContextTree.root).total > 0 else { return situation }
    let known = knownLength
    situation.known = known
    situation.rows = gateRows()
    situation.weightSum = weigh(gate, situation.rows)
    let normalizer = (1 - 256 * Self.leastProbability) / situation.weightSum

    var part = 0.0
    var length = known
    while length >= 0 {
      part += Double(weights[length]) * normalizer
      tree.prefetchEntries(path[length])
      let summary = tree.summary(path[length])
      let (once, twice) = (summary.onceCount, summary.twiceCount)
      let discounted =
        discounts.values[3 * length] * Double(once)
        + discounts.values[3 * length + 1] * Double(twice)
        + discounts.values[3 * length + 2] * Double(summary.typeCount - once - twice)
      let oddsIndex = Gate.oddsIndex(
        length: length,
        shorterBy: known - length,
        totalClass: GateRows.totalClass(summary.total),
        typeClass: GateRows.typeClass(summary.typeCount)
      )
      let toShorter = discounted * gate.odds[oddsIndex]
      let ownUnit = 1 / (Double(summary.total) - discounted + toShorter)
      oddsIndices[length] = oddsIndex
      ownUnits[length] = ownUnit
      units[length] = ownUnit * part
      estimateParts[length] = part
      shorterParts[length] = toShorter * ownUnit
      part *= shorterParts[length]
      length -= 1
    }
    situation.floor = part / 256 + Self.leastProbability
    situation.recent = (
      tree.lastByte(path[known]), tree.lastByte(path[max(0, known - 2)])
    )
    situation.recentShares = (
      Double(weights[maximumLength + 1]) * normalizer,
      Double(weights[maximumLength + 2]) * normalizer
    )
    return situation
  }

  /// Sets the weights from six rows of `gate`; their sum.
  ///
  /// The sum is binary64, so that the shares of the mixture sum to one as closely as those can.
  @inline(__always)
  private func weigh(_ gate: borrowing Gate, _ rows: GateRows) -> Double {
    var sum = SIMD8<Double>(repeating: 0)
    var lane = 0
    while lane < gate.laneCount {
      let powers =
        gate.rows.lanes(rows.longest + lane) + gate.rows.lanes(rows.shorter + lane)
        + gate.rows.lanes(rows.byte + lane) + gate.rows.lanes(rows.pair + lane)
        + gate.rows.lanes(rows.misses + lane) + gate.rows.lanes(rows.word + lane)
      let exponentials = exactExponential(powers)
      weights.setLanes(lane, exponentials)
      sum += SIMD8<Double>(exponentials)
      lane += 8
    }
    let fours = sum.lowHalf + sum.highHalf
    return (fours[0] + fours[2]) + (fours[1] + fours[3])
  }

  /// Where the rows for what is known begin.
  @inline(__always)
  private func gateRows() -> GateRows {
    let lanes = adaptiveGate.laneCount
    let lengths = maximumLength + 1
    let known = knownLength
    let longest = tree.summary(path[known])
    let shorter = tree.summary(path[max(0, known - 1)])
    let shortest = tree.summary(path[max(0, known - 2)])
    var rows = GateRows()
    rows.longest = GateRows.class(known, longest)
    rows.shorter =
      32 * lengths + 4 * GateRows.class(known, shorter) + GateRows.typeClass(shortest.typeCount)
    rows.byte = 160 * lengths + 256 * known + Int(history.lastBytes & 255)
    rows.misses = 416 * lengths + 64 * known + history.misses
    rows.word = 480 * lengths + 16 * known + history.wordLength
    rows.pair = 496 * lengths + history.pairIndex
    rows.longest *= lanes
    rows.shorter *= lanes
    rows.byte *= lanes
    rows.pair *= lanes
    rows.misses *= lanes
    rows.word *= lanes
    return rows
  }

  /// The probability of `byte`; looks for it in each context.
  @inline(__always)
  func probability(_ byte: UInt8, _ situation: Situation) -> Double {
    var sum = situation.floor
    if byte == situation.recent.0 { sum += situation.recentShares.0 }
    if byte == situation.recent.1 { sum += situation.recentShares.1 }
    var length = 0
    while length <= situation.known {
      let (place, count) = tree.find(byte, in: path[length])
      places[length] = place
      var amount = 0.0
      if count > 0 {
        amount = Double(count) - discounts.values[3 * length + Int(min(3, count)) - 1]
      }
      amounts[length] = amount
      sum += amount * units[length]
      length += 1
    }
    return sum
  }

  /// The length of the longest context that knows the byte, or -1.
  @inline(__always)
  func matchedLength(_ situation: Situation) -> Int {
    var length = situation.known
    while length >= 0, places[length] == ContextTree.nowhere { length -= 1 }
    return length
  }
}
