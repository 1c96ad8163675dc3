extension OrderMixture {
  /// Moves `gate` along the gradient, after `byte` of `probability`.
  @inline(__always)
  func train(_ gate: borrowing Gate, _ byte: UInt8, _ probability: Double, _ situation: Situation) {
    guard situation.known >= 0 else { return }
    let oddsStep = Gate.oddsRate / probability
    var estimate = 1.0 / 256
    var length = 0
    while length <= situation.known {
      let own = amounts[length] * ownUnits[length]
      let part = shorterParts[length]
      let slope = estimateParts[length] * part * ((1 - part) * estimate - own)
      let index = oddsIndices[length]
      let odds = gate.odds[index] * (1 + slope * oddsStep)
      gate.odds[index] = min(max(odds, Gate.oddsRange.lowerBound), Gate.oddsRange.upperBound)
      estimate = own + part * estimate
      estimates[length] = Float(estimate)
      length += 1
    }
    while length <= maximumLength {
      estimates[length] = 0
      length += 1
    }
    estimates[maximumLength + 1] = byte == situation.recent.0 ? 1 : 0
    estimates[maximumLength + 2] = byte == situation.recent.1 ? 1 : 0

    let rows = situation.rows
    let scale = Gate.rowRate / Float(situation.weightSum)
    let perProbability = 1 / Float(probability)
    var lane = 0
    while lane < gate.laneCount {
      let step =
        weights.lanes(lane) * scale * (estimates.lanes(lane) * perProbability - 1)
      gate.rows.add(step, to: rows.longest + lane)
      gate.rows.add(step, to: rows.shorter + lane)
      gate.rows.add(step, to: rows.byte + lane)
      gate.rows.add(step, to: rows.pair + lane)
      gate.rows.add(step, to: rows.misses + lane)
      gate.rows.add(step, to: rows.word + lane)
      lane += 8
    }
  }

  /// Counts `byte`, whose probability was computed last, and moves past it.
  ///
  /// It counts from the longest context down to the first that knew the byte, and no further. So
  /// the count in a shorter context is the number of different bytes before it, not the number of
  /// occurrences: the continuation count of Kneser-Ney smoothing, by the update exclusion of PPM.
  @inline(__always)
  mutating func learn(_ byte: UInt8, _ situation: Situation) {
    history.append(byte, miss: situation.known - matchedLength(situation))
    tree.makeRoomForStep()
    let addsContexts = !tree.isFull
    var current = addsContexts ? length : min(length, knownLength)
    let longest = current
    while current >= 0 {
      if current > knownLength {
        let context = tree.addContext(byte, length: current)
        tree.setFollowing(parentEntry[current], of: parent[current], to: context)
        path[current] = context
        entryIndices[current] = ContextTree.onlyEntry
      } else if entryIndices[current] != ContextTree.noEntry {
        entryIndices[current] = tree.increment(
          entryIndices[current],
          byte,
          in: path[current],
          length: current
        )
        break
      } else if addsContexts {
        entryIndices[current] = tree.add(byte, to: path[current], length: current)
      }
      current -= 1
    }

    // The path is overwritten one length further on, so its next context is kept.
    var context = path[0]
    var next = 0
    var known = 0
    while next < maximumLength, next <= longest, entryIndices[next] != ContextTree.noEntry {
      let following = tree.following(entryIndices[next], of: context)
      parent[next + 1] = context
      parentEntry[next + 1] = entryIndices[next]
      context = path[next + 1]
      path[next + 1] = following
      if following != ContextTree.root, known == next {
        tree.prefetch(following)
        known = next + 1
      }
      next += 1
    }
    knownLength = known
    length = next
    learnedCount += 1
    if learnedCount & 255 == 0 { discounts.update(tree) }
  }

  /// Moves past `byte`, whose probability was computed last, and changes no count.
  @inline(__always)
  mutating func move(_ byte: UInt8, _ situation: Situation) {
    history.append(byte, miss: situation.known - matchedLength(situation))
    var context = path[0]
    var next = 0
    while next < maximumLength, next <= situation.known, entryIndices[next] != ContextTree.noEntry {
      let following = tree.following(entryIndices[next], of: context)
      if following == ContextTree.root { break }
      tree.prefetch(following)
      context = path[next + 1]
      path[next + 1] = following
      next += 1
    }
    knownLength = next
    // No entry leads to contexts that are not known.
    length = next
  }
}
