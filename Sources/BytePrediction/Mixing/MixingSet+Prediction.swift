import Prefetch

/// What a bit is predicted from, lent for the call.
struct BitEvidence {
  /// Facts of the history.
  let facts: UnsafePointer<ByteFacts>
  /// The buckets of the contexts for these four bits.
  let buckets: UnsafePointer<UnsafePointer<UInt32>>
  /// For each context, 1 where it is a run.
  let runFlags: UnsafePointer<Int>
  let matches: UnsafePointer<MatchState>
  /// The gated model's sums for the nodes of the byte.
  let gated: UnsafePointer<Float>?
}

extension MixingSet {
  /// The probability that the next bit is 1, in 2^-32.
  func predict(_ place: BitPlace, _ evidence: BitEvidence) -> UInt32 {
    let finalContexts = finalContexts(place.node, evidence.facts.pointee)
    prefetchFinalMaps(finalContexts)
    let knownCount = takeContexts(place, evidence)
    var groupCount = knownCount
    takeMatches(place, evidence, &groupCount)
    let gatedPlace = takeGated(place, evidence, &groupCount)
    let scratch = place.bitIndex * layout.groupCount
    inputs.base[scratch + groupCount] = SIMD4(0.3, 0, 0, 0)
    groups.base[scratch + groupCount] = Int32(truncatingIfNeeded: layout.groupCount - 1)
    groupCount += 1
    let finalRow = layout.finalWeightStart + place.node * (layout.setCount / 4)
    let mixed = mix(place, groupCount, finalRow)
    let logit = mixed > -15 ? (mixed < 15 ? mixed : 15) : -15
    predictions.base[place.bitIndex] = BitPrediction(
      knownCount: knownCount,
      groupCount: groupCount,
      finalRow: finalRow,
      gatedPlace: gatedPlace,
      probability: squash(logit, tables.logistic.base)
    )
    return corrected(logit, place, finalContexts)
  }

  /// Four inputs for each context that has seen this decision; the number of those.
  ///
  /// They are the logit of the slot's own probability, that of what came of such latest outcomes,
  /// that of what came of such a probability after so many observations, and how far this is
  /// from ½.
  @inline(__always)
  private func takeContexts(_ place: BitPlace, _ evidence: BitEvidence) -> Int {
    let logits = UnsafePointer(tables.logits.base)
    let centered = UnsafePointer(tables.centered.base)
    let steps = UnsafePointer(tables.steps.base)
    let maps = UnsafePointer(self.maps.base)
    let classes = UnsafePointer(countClasses.base)
    let scratch = place.bitIndex * layout.groupCount
    let inputs = self.inputs.base + scratch
    let groups = self.groups.base + scratch
    let historyPlaces = self.historyPlaces.base + scratch
    let stepPlaces = self.stepPlaces.base + scratch
    let stepMapStart = layout.stepMapStart
    let lowBits = max(0, place.bitIndex - 4)
    let slotIndex =
      place.bitIndex < 4 ? place.node : 1 << lowBits | place.node & ((1 << lowBits) - 1)

    // Which contexts have seen it is hard to foresee, so they are gathered without a branch.
    let slots = self.slots.base
    let buckets = evidence.buckets
    var known = 0
    for context in 0..<layout.contextCount {
      let slot = buckets[context][slotIndex]
      slots[known] = slot
      groups[known] = Int32(truncatingIfNeeded: context)
      known += slot != 0 ? 1 : 0
    }
    for index in 0..<known {
      let slot = slots[index]
      let context = Int(groups[index])
      let classOffsets = classes[Int(BitSlot.count(slot))]
      let historyPlace =
        context * MixingLayout.historyEntriesPerContext + Int(classOffsets.x) + Int(slot & 0xFF)
        + evidence.runFlags[context] * (MixingLayout.historyEntriesPerContext / 2)
      let p = Int(slot >> 20)
      let (refined, stepPlace) = interpolated(
        maps,
        stepMapStart + context * MixingLayout.stepEntriesPerContext + Int(classOffsets.y),
        Int(steps[p])
      )
      inputs[index] = SIMD4(
        logits[p],
        logits[Int(maps[historyPlace] >> 20)],
        logits[Int(refined >> 10)],
        centered[Int(refined >> 10)]
      )
      historyPlaces[index] = Int32(truncatingIfNeeded: historyPlace)
      stepPlaces[index] = Int32(truncatingIfNeeded: stepPlace)
    }
    return known
  }

  /// Two inputs for each match: how far the byte that followed there can be trusted.
  @inline(__always)
  private func takeMatches(_ place: BitPlace, _ evidence: BitEvidence, _ groupCount: inout Int) {
    let scratch = place.bitIndex * layout.groupCount
    for group in 0..<layout.matchGroupCount {
      var input = SIMD4<Float>.zero
      for half in 0..<2 where group * 2 + half < layout.matchCount {
        let model = group * 2 + half
        let match = evidence.matches[model]
        let expected = Int(match.expected) | 256
        var matchPlace = -1
        if match.length > 0 && expected >> (8 - place.bitIndex) == place.node {
          matchPlace =
            layout.matchMapStart + model * MixingLayout.matchEntriesPerModel
            + match.lengthClass * 8 + place.bitIndex
          let p = Int(maps.base[matchPlace] >> 20)
          let expectedBit = expected >> (7 - place.bitIndex) & 1
          let sign: Float = expectedBit == 1 ? 1 : -1
          matchPlace = matchPlace << 1 | expectedBit
          input[half * 2] = sign * tables.logits.base[p]
          input[half * 2 + 1] = sign * tables.centered.base[p]
        }
        matchPlaces.base[place.bitIndex * layout.matchCount + model] =
          Int32(truncatingIfNeeded: matchPlace)
      }
      inputs.base[scratch + groupCount] = input
      groups.base[scratch + groupCount] = Int32(truncatingIfNeeded: layout.contextCount + group)
      groupCount += 1
    }
  }

  /// Four inputs for the gated model, if there is one: where its step lies among the maps, or 0.
  ///
  /// They are the share of 1 among the bytes that begin with these bits, and what came of such a
  /// share, each as a logit and as the distance from ½.
  @inline(__always)
  private func takeGated(
    _ place: BitPlace,
    _ evidence: BitEvidence,
    _ groupCount: inout Int
  ) -> Int {
    guard let gated = evidence.gated else { return 0 }
    let share = gated[place.node << 1 | 1] / gated[place.node]
    let bounded = share > 0 ? (share < 1 ? share : 1) : 0
    // Adding 2^23 rounds to a whole number, which then lies in the lowest bits.
    let p = (bounded * 4_194_303 + 8_388_608).bitPattern & 0x3F_FFFF
    let (refined, stepPlace) = interpolated(
      UnsafePointer(maps.base),
      layout.gatedMapStart + evidence.facts.pointee.gatedOrder * 33,
      Int(tables.steps.base[Int(p >> 10)])
    )
    let index = place.bitIndex * layout.groupCount + groupCount
    inputs.base[index] = SIMD4(
      tables.fineLogit(p),
      tables.centered.base[Int(p >> 10)],
      tables.logits.base[Int(refined >> 10)],
      tables.centered.base[Int(refined >> 10)]
    )
    groups.base[index] = Int32(truncatingIfNeeded: layout.contextCount + layout.matchGroupCount)
    groupCount += 1
    return stepPlace
  }

  /// The logit that the last mixer makes of those of all weight sets.
  @inline(__always)
  private func mix(_ place: BitPlace, _ groupCount: Int, _ finalRow: Int) -> Float {
    let logistic = UnsafePointer(tables.logistic.base)
    let weights = UnsafePointer(self.weights.base)
    let inputs = UnsafePointer(self.inputs.base + place.bitIndex * layout.groupCount)
    let groups = UnsafePointer(self.groups.base + place.bitIndex * layout.groupCount)
    let stride = layout.groupCount
    let setCount = layout.setCount
    let rows = self.rows.base + place.bitIndex * setCount
    for set in 0..<setCount {
      rows[set] =
        byteRows.base[set] + (usesNode.base[set] ? place.node : place.bitIndex) * stride
    }
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
    return lanesOf(finalSum)
  }

  // MARK: Final maps

  /// Which row of each final map is meant: by the bits so far alone, with the last byte, with the
  /// last two, and with the word so far.
  @inline(__always)
  private func finalContexts(_ node: Int, _ facts: ByteFacts) -> SIMD4<Int> {
    SIMD4(
      node,
      256 + (node << 8 | facts.lastByte),
      256 + 65536 + hashed(facts.pairHash, node),
      256 + 65536 + 16384 + hashed(facts.wordHash, node)
    )
  }

  /// Asks for the rows before the inputs are gathered, so that they are there when they are read.
  @inline(__always)
  private func prefetchFinalMaps(_ contexts: SIMD4<Int>) {
    for index in 1..<layout.finalMapCount {
      let row = maps.base + layout.finalMapStart + contexts[index] * 33
      prefetch_line(row)
      prefetch_line(row + 16)
      prefetch_line(row + 32)
    }
  }

  /// The mean of the mixer's probability and what came of such a one in small contexts.
  @inline(__always)
  private func corrected(_ logit: Float, _ place: BitPlace, _ contexts: SIMD4<Int>) -> UInt32 {
    let bounded = logit > -7.99 ? (logit < 7.99 ? logit : 7.99) : -7.99
    let step = Int(((bounded + 8) * 128 + 8_388_608).bitPattern & 0x7FF)
    var sum: UInt64 = 0
    for index in 0..<layout.finalMapCount {
      let (p, entry) = interpolated(
        UnsafePointer(maps.base),
        layout.finalMapStart + contexts[index] * 33,
        step
      )
      // The second, of the last byte, counts twice, as the mixer's own does.
      sum += UInt64(index == 1 ? 2 * p : p)
      finalPlaces.base[place.bitIndex * 4 + index] = Int32(truncatingIfNeeded: entry)
    }
    let own = UInt64(probability(logit: logit))
    let mean = ((sum << 10) + own * 2) / UInt64(3 + layout.finalMapCount)
    return UInt32(max(4096, min(mean, (1 << 32) - 4096)))
  }

  /// 1 / (1 + e^−x) in 2^-32, at least 2^-20 from 0 and 1.
  @inline(__always)
  private func probability(logit: Float) -> UInt32 {
    let smaller = squash(logit > 0 ? -logit : logit, tables.logistic.base) * 4_294_967_296
    let units = UInt32(smaller > 4096 ? smaller : 4096)
    return logit > 0 ? 0 &- units : units
  }

  // MARK: Small parts

  /// The probability in 2^-22 between two of the 33 steps from `start`, and the nearer of the two.
  @inline(__always)
  private func interpolated(
    _ maps: UnsafePointer<UInt32>,
    _ start: Int,
    _ step: Int
  ) -> (probability: UInt32, place: Int) {
    let place = start + step >> 6
    let part = UInt32(truncatingIfNeeded: step & 63)
    let low = maps[place] >> 10
    let high = maps[place + 1] >> 10
    return ((low * (64 - part) + high * part) >> 6, part < 32 ? place : place + 1)
  }

  @inline(__always)
  private func hashed(_ hash: UInt64, _ node: Int) -> Int {
    Int(((hash ^ UInt64(truncatingIfNeeded: node)) &* 0x9E37_79B9_7F4A_7C15) >> 50)
  }

  @inline(__always)
  private func lanesOf(_ vector: SIMD4<Float>) -> Float {
    (vector.x + vector.z) + (vector.y + vector.w)
  }
}
