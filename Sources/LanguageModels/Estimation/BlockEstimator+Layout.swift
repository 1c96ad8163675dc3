import Files

/// The places of a block's contexts, n-grams and tails in its region.
extension BlockEstimator {
  /// Writes contexts, n-grams and tails, level by level.
  mutating func writeRegion(
    _ scan: borrowing BlockScan,
    from places: LevelSizes,
    of block: Int,
    into image: inout BlockImage
  ) {
    // Where the next of each kind goes: its number in the region, and its place in the image.
    var node = InlineArray<18, UInt32>(repeating: 0)
    var nodeStart = InlineArray<18, Int>(repeating: 0)
    var ngram = InlineArray<18, UInt32>(repeating: 0)
    var ngramStart = InlineArray<18, Int>(repeating: 0)
    var tail = InlineArray<18, UInt32>(repeating: 0)
    var tailStart = InlineArray<18, Int>(repeating: 0)
    var nodeCount = InlineArray<18, Int>(repeating: 0)
    var ngramCount = InlineArray<18, Int>(repeating: 0)
    var tailCount = InlineArray<18, Int>(repeating: 0)
    let isShared = scan.sharesItsContext
    let entry = image.entry
    for context in 0..<scan.contextCount where !(isShared && context == 0) {
      let depth = Int(scan.contextDepth[context])
      nodeCount[depth] += 1
      ngramCount[depth] += Int(masses[context].keptFollowers)
    }
    for context in 0..<scan.contextCount {
      tailCount[Int(scan.contextDepth[context]) + 1] += Int(tailWords[context])
    }
    if !isShared { nodeCount[1] = Int(entry.wordCount) }
    for depth in 1...order {
      node[depth] = places[block, depth, .nodes]
      ngram[depth] = places[block, depth, .ngrams]
      tail[depth] = places[block, depth, .tailWords]
    }
    for depth in 1..<order {
      nodeStart[depth] = image.addNodes(nodeCount[depth], at: Int(node[depth]))
    }
    // A block that is all of its region also has what stands behind the last context.
    if !isShared { image.setEnd(image.addNodes(1, at: Int(entry.nodeCount))) }
    for depth in 1..<order {
      ngramStart[depth] = image.addNGrams(ngramCount[depth], at: Int(ngram[depth]))
    }
    for depth in 2..<max(2, order) {
      tailStart[depth] = image.addTails(tailCount[depth], at: Int(tail[depth]))
    }
    let ngramOrigin = ngram
    var nextWord = isShared ? UInt32.max : entry.firstWord
    for context in 0..<scan.contextCount {
      let depth = Int(scan.contextDepth[context])
      if isShared && context == 0 { continue }
      var place = nodeStart[depth]
      if depth == 1 {
        let word = code.word(scan.contextWord[context])
        // Words of the region that no context ends in have a place too, and a weight of one.
        while nextWord < word {
          setBareNode(place, nextWord, node[2], ngram[1], tail[2], in: &image)
          place += Region.nodeStride
          nextWord += 1
        }
        nextWord += 1
      }
      image.setNode(
        place,
        code: scan.contextWord[context],
        backOff: Float(gamma[context]),
        firstNGram: ngram[depth],
        firstChild: node[depth + 1],
        firstTail: tail[depth + 1]
      )
      nodeStart[depth] = place + Region.nodeStride
      if depth > 1 { node[depth] += 1 }
      cursor[context] = UInt32(
        truncatingIfNeeded: ngramStart[depth] + 2 * Int(ngram[depth] - ngramOrigin[depth])
      )
      ngram[depth] += masses[context].keptFollowers
      tail[depth + 1] += tailWords[context]
    }
    if !isShared {
      var place = nodeStart[1]
      while nextWord < entry.firstWord + entry.wordCount {
        setBareNode(place, nextWord, node[2], ngram[1], tail[2], in: &image)
        place += Region.nodeStride
        nextWord += 1
      }
    }
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      if isShared && context == 0 { continue }
      let target = cursor[context]
      image.setNGram(
        Int(target),
        code: scan.ngrams[index].word,
        value: Float(probability[index])
      )
      cursor[context] = target + 2
    }
    for index in 0..<scan.tailCount {
      let depth = scan.tailDepth(index)
      let end = scan.tailEnd(index)
      var place = tailStart[depth]
      for distance in depth..<order {
        image.setTailValue(place, distance <= end ? scan.tailWord(index, distance: distance) : 0)
        place += 1
      }
      image.setTailValue(place, scan.tailWord(index, distance: 0))
      let value = tailWeights.probability(
        depth,
        lower: probability[Int(scan.tailNGram(index))]
      )
      image.setTailValue(place + 1, Float(value).bitPattern)
      tailStart[depth] = place + 2
    }
  }

  private func setBareNode(
    _ place: Int,
    _ word: UInt32,
    _ child: UInt32,
    _ ngram: UInt32,
    _ tail: UInt32,
    in image: inout BlockImage
  ) {
    image.setNode(
      place,
      code: code.code(word),
      backOff: 1,
      firstNGram: ngram,
      firstChild: child,
      firstTail: tail
    )
  }
}
