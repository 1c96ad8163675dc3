extension MixingSet {
  /// Learns from a byte whose bits were all predicted.
  ///
  /// Only now, so that the prediction of a bit depends on the bytes before and not on the way to
  /// it. The weights would learn the same bit by bit: no two bits share any.
  func learn(_ byte: UInt8) {
    for bitIndex in 0..<8 {
      let bit = UInt32(byte) >> UInt32(7 - bitIndex) & 1
      learnWeights(bit, bitIndex)
      learnMaps(bit, bitIndex)
    }
  }

  /// Moves the weights of a bit along the gradient.
  private func learnWeights(_ bit: UInt32, _ bitIndex: Int) {
    let prediction = predictions.base[bitIndex]
    let rates = self.rates
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
  }

  /// Moves the entries of maps that a bit was predicted from.
  private func learnMaps(_ bit: UInt32, _ bitIndex: Int) {
    let prediction = predictions.base[bitIndex]
    let rates = self.rates
    let mapRates = UnsafePointer(tables.mapRates.base)
    let maps = self.maps.base
    let scratch = bitIndex * layout.groupCount
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
