extension MixingSet {
  /// Learns from a byte after all of its bits were predicted.
  ///
  /// Not bit by bit, so that the prediction of a bit depends on the bytes before alone. The weights
  /// would learn the same bit by bit: no two bits share any.
  func learn(_ byte: UInt8) {
    for bitIndex in 0..<8 {
      let bit = UInt32(byte) >> UInt32(7 - bitIndex) & 1
      learnWeights(bit, bitIndex)
      learnMaps(bit, bitIndex)
    }
  }

  /// Moves the weights of a bit along the gradient.
  private func learnWeights(_ bit: UInt32, _ bitIndex: Int) {
    let prediction = predictions[bitIndex]
    let rates = self.rates
    let target: Float = bit == 1 ? 1 : 0
    let scratch = bitIndex * layout.groupCount
    let setCount = layout.setCount
    let lastGroup = layout.groupCount - 1
    let firstRow = bitIndex * setCount
    let firstLogits = bitIndex * (setCount / 4)
    let finalStep = (target - prediction.probability) * rates.lastMixing
    var set = 0
    while set < setCount {
      weights[prediction.finalRow, set / 4] += setLogits[firstLogits, set / 4] * finalStep
      let errors = target - setProbabilities[firstLogits, set / 4]
      let greatest = max(max(abs(errors[0]), abs(errors[1])), max(abs(errors[2]), abs(errors[3])))
      if greatest < rates.leastError {
        set += 4
        continue
      }
      // The fourth input of the last group is 0, and its weight the number of bits learned from.
      var rate = SIMD4<Float>.zero
      for lane in 0..<4 {
        let row = rows[firstRow, set + lane]
        let decayed = rates.initialMixing / (1 + weights[row, lastGroup].w * (1.0 / 1024))
        weights[row, lastGroup].w += 1
        rate[lane] = decayed > rates.finalMixing ? decayed : rates.finalMixing
      }
      let steps = errors * rate
      let row0 = rows[firstRow, set]
      let row1 = rows[firstRow, set + 1]
      let row2 = rows[firstRow, set + 2]
      let row3 = rows[firstRow, set + 3]
      for index in 0..<prediction.groupCount {
        let input = inputs[scratch, index]
        let group = Int(groups[scratch, index])
        weights[row0, group] += input * steps[0]
        weights[row1, group] += input * steps[1]
        weights[row2, group] += input * steps[2]
        weights[row3, group] += input * steps[3]
      }
      set += 4
    }
  }

  /// Moves the map entries that predicted a bit.
  private func learnMaps(_ bit: UInt32, _ bitIndex: Int) {
    let prediction = predictions[bitIndex]
    let rates = self.rates
    let scratch = bitIndex * layout.groupCount
    for index in 0..<prediction.knownCount {
      MapEntry.update(
        &maps[Int(historyIndices[scratch, index])],
        bit: bit,
        rates: logistic.mapRates,
        limit: rates.historyMapLimit
      )
      MapEntry.update(
        &maps[Int(stepIndices[scratch, index])],
        bit: bit,
        rates: logistic.mapRates,
        limit: rates.stepMapLimit
      )
    }
    let matchCount = layout.matchCount
    for model in 0..<matchCount {
      let index = Int(matchIndices[bitIndex * matchCount + model])
      guard index >= 0 else { continue }
      let wasRight: UInt32 = index & 1 == Int(bit) ? 1 : 0
      MapEntry.update(
        &maps[index >> 1],
        bit: wasRight,
        rates: logistic.mapRates,
        limit: rates.matchMapLimit
      )
    }
    if prediction.gatedIndex > 0 {
      MapEntry.update(
        &maps[prediction.gatedIndex],
        bit: bit,
        rates: logistic.mapRates,
        limit: rates.stepMapLimit
      )
    }
    for index in 0..<layout.finalMapCount {
      MapEntry.update(
        &maps[Int(finalIndices[bitIndex * 4 + index])],
        bit: bit,
        rates: logistic.mapRates,
        limit: rates.finalMapLimit
      )
    }
  }
}
