/// The contexts of a text, smoothed and mixed: the loops of ``GatedNGram``, which has the formulas.
struct OrderMixture: ~Copyable {
  /// The state of the mixture before the next byte.
  struct Situation {
    /// The length of the longest known context; -1 where nothing was ever counted.
    var known = -1
    /// The rows of the gate.
    var rows = GateRows()
    /// The sum of the gate's unnormalised weights.
    var weightSum = 1.0
    /// The least probability of any byte here.
    var floor = 1.0 / 256
    /// The bytes that came last in the longest context, and in the one two bytes shorter.
    var recent: (UInt8, UInt8) = (0, 0)
    /// The weights of the recent bytes.
    var recentShares = (0.0, 0.0)
  }

  /// The least probability of a byte: enough that the units of ``ArithmeticEncoder/total`` are
  /// fine.
  static let leastProbability = 0x1p-24

  var tree: ContextTree
  let maximumLength: Int
  let discounts: Discounts

  /// The gate while the counts go on with every byte.
  let adaptiveGate: Gate

  /// The gate while the counts stay as they are.
  let frozenGate: Gate

  /// The adaptive gate as it was when the frozen one last followed it.
  let followedGate: Gate

  /// The contexts that end here, by their length.
  let path: UncheckedBuffer<UInt32>

  /// The context, and the index of its entry, that leads or will lead to the context of the path.
  let parent: UncheckedBuffer<UInt32>
  let parentEntry: UncheckedBuffer<ContextTree.EntryIndex>

  /// The length of the longest context of the path that is known.
  var knownLength = 0

  /// The length of the longest context that the next byte can be counted in.
  var length = 0

  /// The number of bytes learned.
  var learnedCount = 0

  /// The history as the gates see it.
  var history = GateHistory()

  // The tables below are by the length of a context, and hold from a situation to its byte.

  /// The index of the byte's entry.
  let entryIndices: UncheckedBuffer<ContextTree.EntryIndex>
  /// c − D(c): the byte's count less the discount.
  let amounts: UncheckedBuffer<Double>
  /// 1 / (T − M + M r): the worth of one count in the context's own estimate.
  let ownUnits: UncheckedBuffer<Double>
  /// The worth of one count in the mixture.
  let units: UncheckedBuffer<Double>
  /// γ: the share of the next shorter context's estimate in this one's.
  let shorterParts: UncheckedBuffer<Double>
  /// The share of the context's estimate in the mixture, by itself and through longer ones.
  let estimateParts: UncheckedBuffer<Double>
  /// The index of the context's odds in the gate.
  let oddsIndices: UncheckedBuffer<Int>
  /// The experts' unnormalised weights.
  let weights: UncheckedBuffer<Float>
  /// The experts' estimates of the byte.
  let estimates: UncheckedBuffer<Float>

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
    path = UncheckedBuffer(zeroed: lengths + 1)
    parent = UncheckedBuffer(zeroed: lengths + 1)
    parentEntry = UncheckedBuffer(repeating: ContextTree.noEntry, count: lengths + 1)
    entryIndices = UncheckedBuffer(repeating: ContextTree.noEntry, count: lengths)
    amounts = UncheckedBuffer(zeroed: lengths)
    ownUnits = UncheckedBuffer(zeroed: lengths)
    units = UncheckedBuffer(zeroed: lengths)
    shorterParts = UncheckedBuffer(zeroed: lengths)
    estimateParts = UncheckedBuffer(zeroed: lengths)
    oddsIndices = UncheckedBuffer(zeroed: lengths)
    weights = UncheckedBuffer(zeroed: adaptiveGate.laneCount)
    estimates = UncheckedBuffer(zeroed: adaptiveGate.laneCount)
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
  /// The situation before the next byte, with the weights of `gate`.
  @inline(__always)
  func situation(_ gate: borrowing Gate) -> Situation {
    var situation = Situation()
    entryIndices[0] = ContextTree.noEntry
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

  /// Sets the weights from six rows of `gate`; returns their sum.
  ///
  /// The sum is binary64, so that the shares of the mixture sum to one as closely as binary64 can.
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

  /// The starts of the rows for the contexts of the path.
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

  /// The probability of `byte`; looks it up in each context.
  @inline(__always)
  func probability(_ byte: UInt8, _ situation: Situation) -> Double {
    var sum = situation.floor
    if byte == situation.recent.0 { sum += situation.recentShares.0 }
    if byte == situation.recent.1 { sum += situation.recentShares.1 }
    var length = 0
    while length <= situation.known {
      let (index, count) = tree.find(byte, in: path[length])
      entryIndices[length] = index
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
    while length >= 0, entryIndices[length] == ContextTree.noEntry { length -= 1 }
    return length
  }
}
