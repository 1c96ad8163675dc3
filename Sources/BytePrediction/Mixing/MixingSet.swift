import Prefetch

/// What is known of the place in the text when a bit is predicted; the same for all weight sets.
struct BitPlace: BitwiseCopyable {
  /// The bits of the byte so far behind a leading 1: 1...255.
  var node = 1
  /// The number of those bits.
  var bitIndex = 0
}

/// Facts of the history that hold for a whole byte: what selectors and final maps use.
struct ByteFacts: BitwiseCopyable {
  var lastByte = 0
  var secondByte = 0
  var thirdByte = 0
  var matchClass = 0
  var expectedByte = 0
  var knownContexts = 0
  var knownOrder = 0
  var wordLength = 0
  var classes = 0
  var previousWord = 0
  var column = 0
  var gatedOrder = 0
  var pairHash: UInt64 = 0
  var wordHash: UInt64 = 0

  /// The value of the fact that `selector` names, smaller than its number of values.
  @inline(__always)
  func value(_ selector: Selector) -> Int {
    switch selector {
    case .node: 0
    case .lastByte: lastByte
    case .secondByte: secondByte
    case .thirdByte: thirdByte
    case .matchLength: matchClass
    case .expectedByte: expectedByte
    case .knownContexts: knownContexts
    case .knownOrder: knownOrder
    case .wordLength: wordLength
    case .classes: classes
    case .previousWord: previousWord
    case .column: column
    }
  }
}

/// All that is learned by gradient or by counting errors: maps, mixing weights, final maps.
///
/// It reads slots and changes none of them, so several sets can learn from one memory of contexts,
/// each under its own regime. Predicting changes nothing but scratch; ``learn(_:)`` is for the byte
/// whose bits were predicted last.
final class MixingSet {
  let layout: MixingLayout
  private let tables = LogisticTables.shared
  let maps: AlignedMemory<UInt32>
  let weights: AlignedMemory<SIMD4<Float>>

  // What the predictions of the eight bits were made of.
  private let inputs: AlignedMemory<SIMD4<Float>>
  private let groups: AlignedMemory<Int32>
  private let slots: AlignedMemory<UInt32>
  private let historyPlaces: AlignedMemory<Int32>
  private let stepPlaces: AlignedMemory<Int32>
  private let byteRows: AlignedMemory<Int>
  private let rows: AlignedMemory<Int>
  private let setLogits: AlignedMemory<SIMD4<Float>>
  private let setProbabilities: AlignedMemory<SIMD4<Float>>
  private let matchPlaces: AlignedMemory<Int32>
  private let finalPlaces: AlignedMemory<Int32>
  private let predictions: AlignedMemory<BitPrediction>
  // The layout's numbers as the loops want them.
  private let rowStarts: AlignedMemory<Int>
  private let usesNode: AlignedMemory<Bool>
  private let countClasses: AlignedMemory<SIMD2<Int32>>

  private struct BitPrediction: BitwiseCopyable {
    var knownCount = 0
    var groupCount = 0
    var finalRow = 0
    var gatedPlace = 0
    var probability: Float = 0
  }

  init(
    layout: MixingLayout,
    maps: AlignedMemory<UInt32>,
    weights: AlignedMemory<SIMD4<Float>>
  ) {
    self.layout = layout
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
  convenience init(layout: MixingLayout) {
    self.init(
      layout: layout,
      maps: AlignedMemory(zeroed: layout.mapEntryCount),
      weights: AlignedMemory(zeroed: layout.weightVectorCount)
    )
    fillMaps()
    fillWeights()
  }

  /// The set that ``writeMemory(_:)`` wrote.
  convenience init(
    layout: MixingLayout,
    memory: inout PredictorMemory
  ) throws(PredictorError) {
    self.init(
      layout: layout,
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

  /// The probability that the next bit is 1, in 2^-32.
  ///
  /// `buckets` are those of the contexts for these four bits, `matches` the states of the matches.
  func predict(
    _ place: BitPlace,
    _ facts: UnsafePointer<ByteFacts>,
    buckets: UnsafePointer<UnsafePointer<UInt32>>,
    matches: UnsafePointer<MatchState>,
    runFlags: UnsafePointer<Int>,
    gated: UnsafePointer<Float>?
  ) -> UInt32 {
    let tables = self.tables
    let layout = self.layout
    let logits = UnsafePointer(tables.logits.base)
    let centered = UnsafePointer(tables.centered.base)
    let steps = UnsafePointer(tables.steps.base)
    let logistic = UnsafePointer(tables.logistic.base)
    let maps = UnsafePointer(self.maps.base)
    let scratch = place.bitIndex * layout.groupCount
    let inputs = self.inputs.base + scratch
    let groups = self.groups.base + scratch
    let classes = UnsafePointer(countClasses.base)
    let historyPlaces = self.historyPlaces.base + scratch
    let stepPlaces = self.stepPlaces.base + scratch
    let contextCount = layout.contextCount
    let stepMapStart = layout.stepMapStart
    let node = place.node
    let slotIndex =
      place.bitIndex < 4
      ? node : (1 << (place.bitIndex - 4)) | (node & ((1 << (place.bitIndex - 4)) - 1))

    // Final maps are chosen now, so that their lines are there when they are read.
    let finalContexts = SIMD4<Int>(
      node,
      256 + (node << 8 | facts.pointee.lastByte),
      256 + 65536 + hashed(facts.pointee.pairHash, node),
      256 + 65536 + 16384 + hashed(facts.pointee.wordHash, node)
    )
    for index in 1..<layout.finalMapCount {
      let row = maps + layout.finalMapStart + finalContexts[index] * 33
      prefetch_line(row)
      prefetch_line(row + 16)
      prefetch_line(row + 32)
    }

    let weights = UnsafePointer(self.weights.base)
    let stride = layout.groupCount
    let setCount = layout.setCount
    let rows = self.rows.base + place.bitIndex * setCount
    for set in 0..<setCount {
      let row = byteRows.base[set] + (usesNode.base[set] ? node : place.bitIndex) * stride
      rows[set] = row
    }

    // The gated model: the share of 1 among the bytes that begin with these bits.
    var gatedPlace = 0
    var gatedInput = SIMD4<Float>.zero
    if let gated {
      let ratio = gated[node << 1 | 1] / gated[node]
      let bounded = ratio > 0 ? (ratio < 1 ? ratio : 1) : 0
      let p = (bounded * 4_194_303 + 8_388_608).bitPattern & 0x3F_FFFF
      let step = Int(steps[Int(p >> 10)])
      let entry = layout.gatedMapStart + facts.pointee.gatedOrder * 33 + step >> 6
      let part = UInt32(step & 63)
      let refined =
        Int(((maps[entry] >> 10) * (64 - part) + (maps[entry + 1] >> 10) * part) >> 16)
      gatedPlace = part < 32 ? entry : entry + 1
      gatedInput = SIMD4(
        fineLogit(p, tables),
        centered[Int(p >> 10)],
        logits[refined],
        centered[refined]
      )
    }

    // Contexts: those that have seen this decision give four inputs each. Which do is hard to
    // foresee, so they are gathered without a branch first.
    let slots = self.slots.base
    var known = 0
    for context in 0..<contextCount {
      let slot = buckets[context][slotIndex]
      slots[known] = slot
      groups[known] = Int32(truncatingIfNeeded: context)
      known += slot != 0 ? 1 : 0
    }
    for index in 0..<known {
      let slot = slots[index]
      let context = Int(groups[index])
      let classOffsets = classes[Int(slot >> 8 & 63)]
      let historyPlace =
        context * MixingLayout.historyEntriesPerContext + Int(classOffsets.x) + Int(slot & 0xFF)
        + (runFlags[context] != 0 ? 2048 : 0)
      let p = Int(slot >> 20)
      let step = Int(steps[p])
      let stepPlace =
        stepMapStart + context * MixingLayout.stepEntriesPerContext + Int(classOffsets.y) + step
        >> 6
      let part = UInt32(step & 63)
      let low = maps[stepPlace] >> 10
      let high = maps[stepPlace + 1] >> 10
      let refined = Int((low * (64 - part) + high * part) >> 16)
      inputs[index] = SIMD4(
        logits[p],
        logits[Int(maps[historyPlace] >> 20)],
        logits[refined],
        centered[refined]
      )
      historyPlaces[index] = Int32(truncatingIfNeeded: historyPlace)
      stepPlaces[index] = Int32(truncatingIfNeeded: part < 32 ? stepPlace : stepPlace + 1)
    }
    var groupCount = known

    // Matches: how far the byte that followed there can be trusted.
    for group in 0..<layout.matchGroupCount {
      var input = SIMD4<Float>.zero
      for half in 0..<2 where group * 2 + half < layout.matchCount {
        let model = group * 2 + half
        let match = matches[model]
        let expected = Int(match.expected) | 256
        var matchPlace = -1
        if match.length > 0 && expected >> (8 - place.bitIndex) == node {
          matchPlace =
            layout.matchMapStart + model * MixingLayout.matchEntriesPerModel
            + match.lengthClass * 8 + place.bitIndex
          let p = Int(maps[matchPlace] >> 20)
          let expectedBit = expected >> (7 - place.bitIndex) & 1
          let isOne = expectedBit == 1
          matchPlace = matchPlace << 1 | expectedBit
          input[half * 2] = isOne ? logits[p] : -logits[p]
          input[half * 2 + 1] = isOne ? centered[p] : -centered[p]
        }
        matchPlaces.base[place.bitIndex * layout.matchCount + model] = Int32(
          truncatingIfNeeded: matchPlace
        )
      }
      inputs[groupCount] = input
      groups[groupCount] = Int32(truncatingIfNeeded: contextCount + group)
      groupCount += 1
    }
    // The gated model: the share of 1 among the bytes that begin with these bits.
    if gated != nil {
      inputs[groupCount] = gatedInput
      groups[groupCount] = Int32(truncatingIfNeeded: contextCount + layout.matchGroupCount)
      groupCount += 1
    }
    inputs[groupCount] = SIMD4(0.3, 0, 0, 0)
    groups[groupCount] = Int32(truncatingIfNeeded: layout.groupCount - 1)
    groupCount += 1

    // Mixers, four at a time.
    let finalRow = layout.finalWeightStart + node * (setCount / 4)
    let setLogits = self.setLogits.base + place.bitIndex * (setCount / 4)
    let setProbabilities = self.setProbabilities.base + place.bitIndex * (setCount / 4)
    var finalSum = SIMD4<Float>.zero
    var set = 0
    while set < setCount {
      let row0 = weights + rows[set]
      let row1 = weights + rows[set + 1]
      let row2 = weights + rows[set + 2]
      let row3 = weights + rows[set + 3]
      var sum0 = SIMD4<Float>.zero
      var sum1 = SIMD4<Float>.zero
      var sum2 = SIMD4<Float>.zero
      var sum3 = SIMD4<Float>.zero
      for index in 0..<groupCount {
        let input = inputs[index]
        let group = Int(groups[index])
        sum0 += row0[group] * input
        sum1 += row1[group] * input
        sum2 += row2[group] * input
        sum3 += row3[group] * input
      }
      var dots = SIMD4(lanesOf(sum0), lanesOf(sum1), lanesOf(sum2), lanesOf(sum3))
      var probabilities = SIMD4<Float>.zero
      for lane in 0..<4 {
        let dot = dots[lane]
        let bounded = dot > -12 ? (dot < 12 ? dot : 12) : -12
        dots[lane] = bounded
        probabilities[lane] = squash(bounded, logistic)
      }
      setLogits[set / 4] = dots
      setProbabilities[set / 4] = probabilities
      finalSum += dots * weights[finalRow + set / 4]
      set += 4
    }
    let mixed = lanesOf(finalSum)
    let logit = mixed > -15 ? (mixed < 15 ? mixed : 15) : -15
    predictions.base[place.bitIndex] = BitPrediction(
      knownCount: known,
      groupCount: groupCount,
      finalRow: finalRow,
      gatedPlace: gatedPlace,
      probability: squash(logit, logistic)
    )

    // Final maps: the probability corrected by what came of it in small contexts.
    let bounded = logit > -7.99 ? (logit < 7.99 ? logit : 7.99) : -7.99
    let step = Int(((bounded + 8) * 128 + 8_388_608).bitPattern & 0x7FF)
    var corrected: UInt64 = 0
    let own = Self.probability(logit: logit, logistic)
    for index in 0..<layout.finalMapCount {
      let entry = layout.finalMapStart + finalContexts[index] * 33 + step >> 6
      let part = UInt32(step & 63)
      let p = ((maps[entry] >> 10) * (64 - part) + (maps[entry + 1] >> 10) * part) >> 6
      corrected += UInt64(index == 1 ? 2 * p : p)
      finalPlaces.base[place.bitIndex * 4 + index] = Int32(
        truncatingIfNeeded: part < 32 ? entry : entry + 1
      )
    }
    let mean = ((corrected << 10) + UInt64(own) * 2) / UInt64(3 + layout.finalMapCount)
    return UInt32(max(4096, min(mean, (1 << 32) - 4096)))
  }

  /// 1 / (1 + e^−x) in 2^-32, at least 2^-20 from 0 and 1.
  @inline(__always)
  private static func probability(logit: Float, _ logistic: UnsafePointer<SIMD2<Float>>) -> UInt32 {
    let smaller = squash(logit > 0 ? -logit : logit, logistic)
    let units = UInt32(smaller * 4_294_967_296 > 4096 ? smaller * 4_294_967_296 : 4096)
    return logit > 0 ? 0 &- units : units
  }

  /// The logit of a probability in 2^-22, finer near 0 and 1.
  @inline(__always)
  private func fineLogit(_ p: UInt32, _ tables: LogisticTables) -> Float {
    if p < 1 << 15 { return tables.tailLogits.base[Int(p >> 3)] }
    if p >= (1 << 22) - (1 << 15) { return -tables.tailLogits.base[Int(((1 << 22) - 1 - p) >> 3)] }
    return tables.logits.base[Int(p >> 10)]
  }

  @inline(__always)
  private func hashed(_ hash: UInt64, _ node: Int) -> Int {
    Int(((hash ^ UInt64(truncatingIfNeeded: node)) &* 0x9E37_79B9_7F4A_7C15) >> 50)
  }

  @inline(__always)
  private func lanesOf(_ vector: SIMD4<Float>) -> Float {
    (vector.x + vector.z) + (vector.y + vector.w)
  }

  /// Learns from a byte whose bits were all predicted.
  ///
  /// Only now, so that the prediction of a bit depends on the bytes before and not on the way to
  /// it. The weights would learn the same bit by bit: no two bits share any.
  func learn(_ byte: UInt8) {
    for bitIndex in 0..<8 {
      learn(UInt32(byte) >> UInt32(7 - bitIndex) & 1, bitIndex)
    }
  }

  private func learn(_ bit: UInt32, _ bitIndex: Int) {
    let prediction = predictions.base[bitIndex]
    let rates = layout.rates
    let mapRates = UnsafePointer(tables.mapRates.base)
    let maps = self.maps.base
    let target: Float = bit == 1 ? 1 : 0
    let weights = self.weights.base
    let scratch = bitIndex * layout.groupCount
    let inputs = UnsafePointer(self.inputs.base + scratch)
    let groups = UnsafePointer(self.groups.base + scratch)
    let setCount = layout.setCount
    let lastGroup = layout.groupCount - 1
    let rows = UnsafePointer(self.rows.base + bitIndex * setCount)
    let setLogits = UnsafePointer(self.setLogits.base + bitIndex * (setCount / 4))
    let setProbabilities = UnsafePointer(self.setProbabilities.base + bitIndex * (setCount / 4))
    let finalStep = (target - prediction.probability) * rates.lastMixing
    var set = 0
    while set < setCount {
      weights[prediction.finalRow + set / 4] += setLogits[set / 4] * finalStep
      let errors = target - setProbabilities[set / 4]
      let greatest = max(max(abs(errors[0]), abs(errors[1])), max(abs(errors[2]), abs(errors[3])))
      if greatest < rates.leastError {
        set += 4
        continue
      }
      // The fourth input of the last group is 0, and its weight the number of bits learned from.
      var rate = SIMD4<Float>.zero
      for lane in 0..<4 {
        let count = weights + rows[set + lane] + lastGroup
        let decayed = rates.initialMixing / (1 + count.pointee.w * (1.0 / 1024))
        count.pointee.w += 1
        rate[lane] = decayed > rates.finalMixing ? decayed : rates.finalMixing
      }
      let steps = errors * rate
      let row0 = weights + rows[set]
      let row1 = weights + rows[set + 1]
      let row2 = weights + rows[set + 2]
      let row3 = weights + rows[set + 3]
      for index in 0..<prediction.groupCount {
        let input = inputs[index]
        let group = Int(groups[index])
        row0[group] += input * steps[0]
        row1[group] += input * steps[1]
        row2[group] += input * steps[2]
        row3[group] += input * steps[3]
      }
      set += 4
    }
    let historyPlaces = self.historyPlaces.base + scratch
    let stepPlaces = self.stepPlaces.base + scratch
    for index in 0..<prediction.knownCount {
      MapEntry.update(
        maps + Int(historyPlaces[index]),
        bit: bit,
        rates: mapRates,
        limit: rates.historyMapLimit
      )
      MapEntry.update(
        maps + Int(stepPlaces[index]),
        bit: bit,
        rates: mapRates,
        limit: rates.stepMapLimit
      )
    }
    let matchCount = layout.matchCount
    for model in 0..<matchCount {
      let place = Int(matchPlaces.base[bitIndex * matchCount + model])
      guard place >= 0 else { continue }
      let wasRight: UInt32 = place & 1 == Int(bit) ? 1 : 0
      MapEntry.update(
        maps + place >> 1,
        bit: wasRight,
        rates: mapRates,
        limit: rates.matchMapLimit
      )
    }
    if prediction.gatedPlace > 0 {
      MapEntry.update(
        maps + prediction.gatedPlace,
        bit: bit,
        rates: mapRates,
        limit: rates.stepMapLimit
      )
    }
    for index in 0..<layout.finalMapCount {
      MapEntry.update(
        maps + Int(finalPlaces.base[bitIndex * 4 + index]),
        bit: bit,
        rates: mapRates,
        limit: rates.finalMapLimit
      )
    }
  }
}
