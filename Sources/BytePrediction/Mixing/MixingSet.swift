/// All that is learned by gradient or by counting errors: maps, mixing weights, final maps.
///
/// It reads slots and changes none of them, so several sets can learn from one memory of contexts,
/// each under its own regime. Predicting changes nothing but scratch; ``learn(_:)`` is for the byte
/// whose bits were predicted last.
final class MixingSet {
  let layout: MixingLayout
  let rates: MixingRates
  let tables = LogisticTables.shared
  let maps: AlignedMemory<UInt32>
  let weights: AlignedMemory<SIMD4<Float>>

  // What the predictions of the eight bits were made of.
  let inputs: AlignedMemory<SIMD4<Float>>
  let groups: AlignedMemory<Int32>
  let slots: AlignedMemory<UInt32>
  let historyPlaces: AlignedMemory<Int32>
  let stepPlaces: AlignedMemory<Int32>
  let byteRows: AlignedMemory<Int>
  let rows: AlignedMemory<Int>
  let setLogits: AlignedMemory<SIMD4<Float>>
  let setProbabilities: AlignedMemory<SIMD4<Float>>
  let matchPlaces: AlignedMemory<Int32>
  let finalPlaces: AlignedMemory<Int32>
  let predictions: AlignedMemory<BitPrediction>
  // The layout's numbers as the loops want them.
  let rowStarts: AlignedMemory<Int>
  let usesNode: AlignedMemory<Bool>
  let countClasses: AlignedMemory<SIMD2<Int32>>

  struct BitPrediction: BitwiseCopyable {
    var knownCount = 0
    var groupCount = 0
    var finalRow = 0
    var gatedPlace = 0
    var probability: Float = 0
  }

  init(
    layout: MixingLayout,
    rates: MixingRates,
    maps: AlignedMemory<UInt32>,
    weights: AlignedMemory<SIMD4<Float>>
  ) {
    self.layout = layout
    self.rates = rates
    self.maps = maps
    self.weights = weights
    let groupCount = layout.groupCount
    inputs = AlignedMemory(zeroed: groupCount * 8)
    groups = AlignedMemory(zeroed: groupCount * 8 + 1)
    slots = AlignedMemory(zeroed: groupCount + 1)
    historyPlaces = AlignedMemory(zeroed: groupCount * 8)
    stepPlaces = AlignedMemory(zeroed: groupCount * 8)
    byteRows = AlignedMemory(zeroed: layout.setCount)
    rows = AlignedMemory(zeroed: layout.setCount * 8)
    setLogits = AlignedMemory(zeroed: layout.setCount / 4 * 8)
    setProbabilities = AlignedMemory(zeroed: layout.setCount / 4 * 8)
    matchPlaces = AlignedMemory(zeroed: layout.matchCount * 8)
    finalPlaces = AlignedMemory(zeroed: 4 * 8)
    predictions = AlignedMemory(zeroed: 8)
    rowStarts = AlignedMemory(zeroed: layout.setCount)
    usesNode = AlignedMemory(zeroed: layout.setCount)
    for (index, start) in layout.rowStarts.enumerated() {
      rowStarts.base[index] = start
      usesNode.base[index] = layout.selectors[index].usesNode
    }
    countClasses = AlignedMemory(zeroed: 64)
    let historyBounds = [8, 10, 13, 18, 25, 36, 60]
    let stepBounds = Array(1...15) + [16, 20, 25, 32, 40, 50, 60, 63]
    for count in 0..<64 {
      let history = historyBounds.count { $0 <= count }
      let step = stepBounds.count { $0 <= count }
      countClasses.base[count] = SIMD2(Int32(history * 256), Int32(step * 33))
    }
  }

  /// A set that has learned nothing.
  convenience init(layout: MixingLayout, rates: MixingRates) {
    self.init(
      layout: layout,
      rates: rates,
      maps: AlignedMemory(zeroed: layout.mapEntryCount),
      weights: AlignedMemory(zeroed: layout.weightVectorCount)
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
      maps: try AlignedMemory(&memory, "maps", count: layout.mapEntryCount),
      weights: try AlignedMemory(&memory, "weights", count: layout.weightVectorCount)
    )
  }

  func writeMemory(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try write(maps.bytes)
    try write(weights.bytes)
  }

  private func fillMaps() {
    let stepProbabilities = (0..<33).map { step in
      1 / (1 + LogisticTables.exponential(8 - Double(step) / 2))
    }
    for history in 0..<256 {
      let length = history < 2 ? 0 : Int.bitWidth - 1 - history.leadingZeroBitCount
      let ones = (history & ((1 << length) - 1)).nonzeroBitCount
      let p = (Double(ones) + 0.4) / (Double(length) + 0.8)
      maps.base[history] = MapEntry.initial(p, count: 2)
    }
    maps.repeatElements(from: 0, period: 256, to: layout.stepMapStart)
    for start in [layout.stepMapStart, layout.gatedMapStart, layout.finalMapStart] {
      for step in 0..<33 {
        maps.base[start + step] = MapEntry.initial(stepProbabilities[step], count: 6)
      }
    }
    maps.repeatElements(from: layout.stepMapStart, period: 33, to: layout.matchMapStart)
    maps.repeatElements(from: layout.gatedMapStart, period: 33, to: layout.finalMapStart)
    maps.repeatElements(from: layout.finalMapStart, period: 33, to: layout.mapEntryCount)
    for index in layout.matchMapStart..<layout.gatedMapStart {
      let lengthClass = (index - layout.matchMapStart) / 8 % 16
      maps.base[index] = MapEntry.initial(1 - 0.5 / Double(lengthClass + 2), count: 2)
    }
  }

  private func fillWeights() {
    let share = 0.36 / Float(layout.contextCount)
    for group in 0..<layout.groupCount {
      weights.base[group] = SIMD4(repeating: group < layout.contextCount ? share : 0.1)
      if layout.usesGated && group == layout.groupCount - 2 {
        weights.base[group] = SIMD4(0.3, 0, 0.1, 0)
      }
      if group == layout.groupCount - 1 { weights.base[group] = SIMD4(0.1, 0, 0, 0) }
    }
    weights.repeatElements(from: 0, period: layout.groupCount, to: layout.finalWeightStart)
    for index in layout.finalWeightStart..<layout.weightVectorCount {
      weights.base[index] = SIMD4(repeating: 1 / Float(layout.setCount))
    }
  }

  /// Takes the facts of the history before the next byte.
  func beginByte(_ facts: ByteFacts) {
    for (index, selector) in layout.selectors.enumerated() {
      byteRows.base[index] =
        rowStarts.base[index]
        + facts.value(selector) * (selector.usesNode ? 256 : 8) * layout.groupCount
    }
  }
}
