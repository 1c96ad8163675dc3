/// The inputs of a bit's prediction: facts of the history, and the slots of its contexts.
final class BitEvidence {
  /// The facts of the history, in one element.
  let facts = UncheckedBuffer<ByteFacts>(zeroed: 1)
  /// The first slot of each context's bucket for the present four bits.
  let buckets: UncheckedBuffer<Int>
  /// For each context, 1 where it is a run.
  let runFlags: UncheckedBuffer<Int>
  let matches: UncheckedBuffer<MatchState>
  let contexts: ContextTables
  let gated: GatedInput?

  init(layout: MixingLayout, contexts: ContextTables, gated: GatedInput?) {
    buckets = UncheckedBuffer(repeating: contexts.emptyBucket, count: layout.contextCount)
    runFlags = UncheckedBuffer(zeroed: layout.contextCount)
    matches = UncheckedBuffer(zeroed: layout.matchCount)
    self.contexts = contexts
    self.gated = gated
  }
}

extension MixingSet {
  /// The probability that the next bit is 1, in 2^-32.
  func predict(_ position: BitPosition, _ evidence: BitEvidence) -> UInt32 {
    let finalContexts = finalContexts(position.node, evidence.facts[0])
    prefetchFinalMaps(finalContexts)
    let knownCount = takeContexts(position, evidence)
    var groupCount = knownCount
    takeMatches(position, evidence, &groupCount)
    let gatedIndex = takeGated(position, evidence, &groupCount)
    let scratch = position.bitIndex * layout.groupCount
    inputs[scratch + groupCount] = SIMD4(0.3, 0, 0, 0)
    groups[scratch + groupCount] = Int32(truncatingIfNeeded: layout.groupCount - 1)
    groupCount += 1
    let finalRow = layout.finalWeightStart + position.node * (layout.setCount / 4)
    let mixed = mix(position, groupCount, finalRow)
    let logit = mixed > -15 ? (mixed < 15 ? mixed : 15) : -15
    predictions[position.bitIndex] = BitPrediction(
      knownCount: knownCount,
      groupCount: groupCount,
      finalRow: finalRow,
      gatedIndex: gatedIndex,
      probability: squash(logit, logistic.logistic)
    )
    return corrected(logit, position, finalContexts)
  }

  /// Sets four inputs for each context that has seen this decision; returns the number of contexts.
  ///
  /// The inputs are the logits of the slot's own probability, of the history map's for its latest
  /// outcomes, and of the step map's for its probability and count; and the distance of the last
  /// from ½.
  @inline(__always)
  private func takeContexts(_ position: BitPosition, _ evidence: BitEvidence) -> Int {
    let scratch = position.bitIndex * layout.groupCount
    let stepMapStart = layout.stepMapStart
    let lowBits = max(0, position.bitIndex - 4)
    let slotIndex =
      position.bitIndex < 4 ? position.node : 1 << lowBits | position.node & ((1 << lowBits) - 1)

    // A branch here would be mispredicted often, so contexts are gathered without one.
    var known = 0
    for context in 0..<layout.contextCount {
      let slot = evidence.contexts.slots[evidence.buckets[context], slotIndex]
      slots[known] = slot
      groups[scratch, known] = Int32(truncatingIfNeeded: context)
      known += slot != 0 ? 1 : 0
    }
    for index in 0..<known {
      let slot = slots[index]
      let context = Int(groups[scratch, index])
      let classOffsets = countClasses[Int(BitSlot.count(slot))]
      let historyIndex =
        context * MixingLayout.historyEntriesPerContext + Int(classOffsets.x) + Int(slot & 0xFF)
        + evidence.runFlags[context] * (MixingLayout.historyEntriesPerContext / 2)
      let p = Int(slot >> 20)
      let (refined, stepIndex) = interpolated(
        stepMapStart + context * MixingLayout.stepEntriesPerContext + Int(classOffsets.y),
        Int(logistic.steps[p])
      )
      inputs[scratch, index] = SIMD4(
        logistic.logits[p],
        logistic.logits[Int(maps[historyIndex] >> 20)],
        logistic.logits[Int(refined >> 10)],
        logistic.centered[Int(refined >> 10)]
      )
      historyIndices[scratch, index] = Int32(truncatingIfNeeded: historyIndex)
      stepIndices[scratch, index] = Int32(truncatingIfNeeded: stepIndex)
    }
    return known
  }

  /// Sets two inputs for each match: the logit of the expected bit and its distance from ½.
  @inline(__always)
  private func takeMatches(
    _ position: BitPosition,
    _ evidence: BitEvidence,
    _ groupCount: inout Int
  ) {
    let scratch = position.bitIndex * layout.groupCount
    for group in 0..<layout.matchGroupCount {
      var input = SIMD4<Float>.zero
      for half in 0..<2 where group * 2 + half < layout.matchCount {
        let model = group * 2 + half
        let match = evidence.matches[model]
        let expected = Int(match.expected) | 256
        var matchIndex = -1
        if match.length > 0 && expected >> (8 - position.bitIndex) == position.node {
          matchIndex =
            layout.matchMapStart + model * MixingLayout.matchEntriesPerModel
            + match.lengthClass * 8 + position.bitIndex
          let p = Int(maps[matchIndex] >> 20)
          let expectedBit = expected >> (7 - position.bitIndex) & 1
          let sign: Float = expectedBit == 1 ? 1 : -1
          matchIndex = matchIndex << 1 | expectedBit
          input[half * 2] = sign * logistic.logits[p]
          input[half * 2 + 1] = sign * logistic.centered[p]
        }
        matchIndices[position.bitIndex * layout.matchCount + model] =
          Int32(truncatingIfNeeded: matchIndex)
      }
      inputs[scratch + groupCount] = input
      groups[scratch + groupCount] = Int32(truncatingIfNeeded: layout.contextCount + group)
      groupCount += 1
    }
  }

  /// Sets four inputs for the gated model, if there is one; returns the index of its step among the
  /// maps, or 0.
  ///
  /// The inputs are the probability of a 1 and that of the step map for it, each as a logit and as
  /// the distance from ½.
  @inline(__always)
  private func takeGated(
    _ position: BitPosition,
    _ evidence: BitEvidence,
    _ groupCount: inout Int
  ) -> Int {
    guard let gated = evidence.gated else { return 0 }
    let share = gated.sums[position.node << 1 | 1] / gated.sums[position.node]
    let bounded = share > 0 ? (share < 1 ? share : 1) : 0
    // Adding 2^23 rounds to a whole number, which then lies in the lowest bits.
    let p = (bounded * 4_194_303 + 8_388_608).bitPattern & 0x3F_FFFF
    let (refined, stepIndex) = interpolated(
      layout.gatedMapStart + evidence.facts[0].gatedOrder * 33,
      Int(logistic.steps[Int(p >> 10)])
    )
    let index = position.bitIndex * layout.groupCount + groupCount
    inputs[index] = SIMD4(
      logistic.fineLogit(p),
      logistic.centered[Int(p >> 10)],
      logistic.logits[Int(refined >> 10)],
      logistic.centered[Int(refined >> 10)]
    )
    groups[index] = Int32(truncatingIfNeeded: layout.contextCount + layout.matchGroupCount)
    groupCount += 1
    return stepIndex
  }

  /// The logit of the last mixer, from those of all weight sets.
  @inline(__always)
  private func mix(_ position: BitPosition, _ groupCount: Int, _ finalRow: Int) -> Float {
    let scratch = position.bitIndex * layout.groupCount
    let stride = layout.groupCount
    let setCount = layout.setCount
    let firstRow = position.bitIndex * setCount
    for set in 0..<setCount {
      rows[firstRow, set] =
        byteRows[set] + (usesNode[set] ? position.node : position.bitIndex) * stride
    }
    let firstLogits = position.bitIndex * (setCount / 4)
    var finalSum = SIMD4<Float>.zero
    var set = 0
    while set < setCount {
      let row0 = rows[firstRow, set]
      let row1 = rows[firstRow, set + 1]
      let row2 = rows[firstRow, set + 2]
      let row3 = rows[firstRow, set + 3]
      var sum0 = SIMD4<Float>.zero
      var sum1 = SIMD4<Float>.zero
      var sum2 = SIMD4<Float>.zero
      var sum3 = SIMD4<Float>.zero
      for index in 0..<groupCount {
        let input = inputs[scratch, index]
        let group = Int(groups[scratch, index])
        sum0 += weights[row0, group] * input
        sum1 += weights[row1, group] * input
        sum2 += weights[row2, group] * input
        sum3 += weights[row3, group] * input
      }
      var dots = SIMD4(lanesOf(sum0), lanesOf(sum1), lanesOf(sum2), lanesOf(sum3))
      var probabilities = SIMD4<Float>.zero
      for lane in 0..<4 {
        let dot = dots[lane]
        let bounded = dot > -12 ? (dot < 12 ? dot : 12) : -12
        dots[lane] = bounded
        probabilities[lane] = squash(bounded, logistic.logistic)
      }
      setLogits[firstLogits, set / 4] = dots
      setProbabilities[firstLogits, set / 4] = probabilities
      finalSum += dots * weights[finalRow, set / 4]
      set += 4
    }
    return lanesOf(finalSum)
  }

  // MARK: Final maps

  /// The row in each final map: by the bits so far alone, with the last byte, with the last two,
  /// and with the word so far.
  @inline(__always)
  private func finalContexts(_ node: Int, _ facts: ByteFacts) -> SIMD4<Int> {
    SIMD4(
      node,
      256 + (node << 8 | facts.lastByte),
      256 + 65536 + hashed(facts.pairHash, node),
      256 + 65536 + 16384 + hashed(facts.wordHash, node)
    )
  }

  /// Prefetches the rows before the inputs are gathered.
  @inline(__always)
  private func prefetchFinalMaps(_ contexts: SIMD4<Int>) {
    for index in 1..<layout.finalMapCount {
      let row = layout.finalMapStart + contexts[index] * 33
      maps.prefetch(row)
      maps.prefetch(row + 16)
      maps.prefetch(row + 32)
    }
  }

  /// The mean of the mixer's probability and those of the final maps.
  @inline(__always)
  private func corrected(_ logit: Float, _ position: BitPosition, _ contexts: SIMD4<Int>) -> UInt32
  {
    let bounded = logit > -7.99 ? (logit < 7.99 ? logit : 7.99) : -7.99
    let step = Int(((bounded + 8) * 128 + 8_388_608).bitPattern & 0x7FF)
    var sum: UInt64 = 0
    for index in 0..<layout.finalMapCount {
      let (p, entry) = interpolated(
        layout.finalMapStart + contexts[index] * 33,
        step
      )
      // The second, of the last byte, counts twice, as the mixer's own does.
      sum += UInt64(index == 1 ? 2 * p : p)
      finalIndices[position.bitIndex * 4 + index] = Int32(truncatingIfNeeded: entry)
    }
    let own = UInt64(probability(logit: logit))
    let mean = ((sum << 10) + own * 2) / UInt64(3 + layout.finalMapCount)
    return UInt32(max(4096, min(mean, (1 << 32) - 4096)))
  }

  /// 1 / (1 + e^−x) in 2^-32, at least 2^-20 from 0 and 1.
  @inline(__always)
  private func probability(logit: Float) -> UInt32 {
    let smaller = squash(logit > 0 ? -logit : logit, logistic.logistic) * 4_294_967_296
    let units = UInt32(smaller > 4096 ? smaller : 4096)
    return logit > 0 ? 0 &- units : units
  }

  // MARK: Small parts

  /// The probability in 2^-22 between two of the 33 steps from `start`, and the nearer of the two.
  @inline(__always)
  private func interpolated(_ start: Int, _ step: Int) -> (probability: UInt32, index: Int) {
    let index = start + step >> 6
    let part = UInt32(truncatingIfNeeded: step & 63)
    let low = maps[index] >> 10
    let high = maps[index, 1] >> 10
    return ((low * (64 - part) + high * part) >> 6, part < 32 ? index : index + 1)
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
