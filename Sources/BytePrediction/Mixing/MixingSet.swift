/// Everything that is learned by gradient or by counting errors: maps, mixing weights, final maps.
///
/// A set reads slots and changes none of them, so several sets can learn from the same contexts,
/// each at its own rates. Predicting changes scratch memory alone; ``learn(_:)`` learns the byte
/// whose bits were predicted last.
final class MixingSet {
  let layout: MixingLayout
  let rates: MixingRates
  let logistic = LogisticTables.shared
  let maps: UncheckedBuffer<UInt32>
  let weights: UncheckedBuffer<SIMD4<Float>>

  // The inputs and the indices behind the predictions of the eight bits.
  let inputs: UncheckedBuffer<SIMD4<Float>>
  let groups: UncheckedBuffer<Int32>
  let slots: UncheckedBuffer<UInt32>
  let historyIndices: UncheckedBuffer<Int32>
  let stepIndices: UncheckedBuffer<Int32>
  let byteRows: UncheckedBuffer<Int>
  let rows: UncheckedBuffer<Int>
  let setLogits: UncheckedBuffer<SIMD4<Float>>
  let setProbabilities: UncheckedBuffer<SIMD4<Float>>
  let matchIndices: UncheckedBuffer<Int32>
  let finalIndices: UncheckedBuffer<Int32>
  let predictions: UncheckedBuffer<BitPrediction>
  // Numbers of the layout, for the loops.
  let rowStarts: UncheckedBuffer<Int>
  let usesNode: UncheckedBuffer<Bool>
  let countClasses: UncheckedBuffer<SIMD2<Int32>>

  struct BitPrediction: BitwiseCopyable {
    var knownCount = 0
    var groupCount = 0
    var finalRow = 0
    var gatedIndex = 0
    var probability: Float = 0
  }

  init(
    layout: MixingLayout,
    rates: MixingRates,
    maps: consuming UncheckedBuffer<UInt32>,
    weights: consuming UncheckedBuffer<SIMD4<Float>>
  ) {
    self.layout = layout
    self.rates = rates
    self.maps = maps
    self.weights = weights
    let groupCount = layout.groupCount
    inputs = UncheckedBuffer(zeroed: groupCount * 8)
    groups = UncheckedBuffer(zeroed: groupCount * 8 + 1)
    slots = UncheckedBuffer(zeroed: groupCount + 1)
    historyIndices = UncheckedBuffer(zeroed: groupCount * 8)
    stepIndices = UncheckedBuffer(zeroed: groupCount * 8)
    byteRows = UncheckedBuffer(zeroed: layout.setCount)
    rows = UncheckedBuffer(zeroed: layout.setCount * 8)
    setLogits = UncheckedBuffer(zeroed: layout.setCount / 4 * 8)
    setProbabilities = UncheckedBuffer(zeroed: layout.setCount / 4 * 8)
    matchIndices = UncheckedBuffer(zeroed: layout.matchCount * 8)
    finalIndices = UncheckedBuffer(zeroed: 4 * 8)
    predictions = UncheckedBuffer(zeroed: 8)
    rowStarts = UncheckedBuffer(zeroed: layout.setCount)
    usesNode = UncheckedBuffer(zeroed: layout.setCount)
    for (index, start) in layout.rowStarts.enumerated() {
      rowStarts[index] = start
      usesNode[index] = layout.selectors[index].usesNode
    }
    countClasses = UncheckedBuffer(zeroed: 64)
    let historyBounds = [8, 10, 13, 18, 25, 36, 60]
    let stepBounds = Array(1...15) + [16, 20, 25, 32, 40, 50, 60, 63]
    for count in 0..<64 {
      let history = historyBounds.count { $0 <= count }
      let step = stepBounds.count { $0 <= count }
      countClasses[count] = SIMD2(Int32(history * 256), Int32(step * 33))
    }
  }

  /// A set that has learned nothing.
  convenience init(layout: MixingLayout, rates: MixingRates) {
    self.init(
      layout: layout,
      rates: rates,
      maps: UncheckedBuffer(zeroed: layout.mapEntryCount),
      weights: UncheckedBuffer(zeroed: layout.weightVectorCount)
    )
    fillMaps()
    fillWeights()
  }

  /// The set that ``writeMemory(_:)`` wrote.
  convenience init(
    layout: MixingLayout,
    rates: MixingRates,
    memory: inout PredictorMemory
  ) throws(PredictorError) {
    self.init(
      layout: layout,
      rates: rates,
      maps: try memory.next("maps", count: layout.mapEntryCount),
      weights: try memory.next("weights", count: layout.weightVectorCount)
    )
  }

  /// Shows maps and weights to `write`.
  func writeMemory(_ write: (RawSpan) throws -> Void) rethrows {
    try maps.withBytes(write)
    try weights.withBytes(write)
  }

  private func fillMaps() {
    let stepProbabilities = (0..<33).map { step in
      1 / (1 + LogisticTables.exponential(8 - Double(step) / 2))
    }
    for history in 0..<256 {
      let length = history < 2 ? 0 : Int.bitWidth - 1 - history.leadingZeroBitCount
      let ones = (history & ((1 << length) - 1)).nonzeroBitCount
      let p = (Double(ones) + 0.4) / (Double(length) + 0.8)
      maps[history] = MapEntry.initial(p, count: 2)
    }
    maps.repeatElements(from: 0, period: 256, to: layout.stepMapStart)
    for start in [layout.stepMapStart, layout.gatedMapStart, layout.finalMapStart] {
      for step in 0..<33 {
        maps[start + step] = MapEntry.initial(stepProbabilities[step], count: 6)
      }
    }
    maps.repeatElements(from: layout.stepMapStart, period: 33, to: layout.matchMapStart)
    maps.repeatElements(from: layout.gatedMapStart, period: 33, to: layout.finalMapStart)
    maps.repeatElements(from: layout.finalMapStart, period: 33, to: layout.mapEntryCount)
    for index in layout.matchMapStart..<layout.gatedMapStart {
      let lengthClass = (index - layout.matchMapStart) / 8 % 16
      maps[index] = MapEntry.initial(1 - 0.5 / Double(lengthClass + 2), count: 2)
    }
  }

  private func fillWeights() {
    let share = 0.36 / Float(layout.contextCount)
    for group in 0..<layout.groupCount {
      weights[group] = SIMD4(repeating: group < layout.contextCount ? share : 0.1)
      if layout.usesGated && group == layout.groupCount - 2 {
        weights[group] = SIMD4(0.3, 0, 0.1, 0)
      }
      if group == layout.groupCount - 1 { weights[group] = SIMD4(0.1, 0, 0, 0) }
    }
    weights.repeatElements(from: 0, period: layout.groupCount, to: layout.finalWeightStart)
    for index in layout.finalWeightStart..<layout.weightVectorCount {
      weights[index] = SIMD4(repeating: 1 / Float(layout.setCount))
    }
  }

  /// Takes the facts of the history before the next byte.
  func beginByte(_ facts: ByteFacts) {
    for (index, selector) in layout.selectors.enumerated() {
      byteRows[index] =
        rowStarts[index]
        + facts.value(selector) * (selector.usesNode ? 256 : 8) * layout.groupCount
    }
  }
}
