import Files
import Tokenization

/// The result of checking a model.
package struct Verification: Sendable {
  /// The number of contexts whose distribution was summed.
  package var contextCount: Int

  /// The largest distance of a sum from one.
  package var worstDeviation: Double

  /// The context of that sum.
  package var worstContext: [String]
}

extension NGramModel {
  /// Checks every checksum.
  ///
  /// - Throws: ``ModelFileError/damaged(path:part:)`` naming the first part that does not have its.
  /// - Complexity: reads the whole file once.
  package func verifyChecksums(path: String) throws(ModelFileError) {
    let sections = try ModelSections(file, path: path)
    if let part = sections.firstDamaged() { throw .damaged(path: path, part: part) }
    var end = sections.range(.regions).lowerBound
    for index in 0..<regions.count {
      guard let region = regions[index] else {
        throw .damaged(path: path, part: "region table")
      }
      let found = region.withBytes { RegionChecksum.part($0, at: 0) }
      guard found == region.entry.checksum, Int(region.entry.offset) == end else {
        throw .damaged(path: path, part: "region \(index)")
      }
      end += region.entry.byteCount
    }
    guard end == sections.range(.regions).upperBound else {
      throw .damaged(path: path, part: "regions")
    }
  }

  /// Sums the distribution over the whole vocabulary after at least `count` contexts: the start of
  /// a sentence, contexts of the model at all lengths, and contexts it has not seen.
  ///
  /// Contexts that no text reaches are left out: nothing follows `</s>`, and nothing precedes
  /// `<s>`. Other programs give them any weights, or none.
  ///
  /// - Complexity: O(contexts · vocabulary).
  package func sumDistributions(
    atLeast count: Int = 1000,
    threads: Int = Parallel.processorCount
  ) -> Verification {
    let contexts = sampleContexts(count)
    let deviations = Parallel.map(contexts.count, threads: threads) { index in
      abs(distribution(after: contexts[index]).reduce(0, +) - 1)
    }
    var worst = Verification(
      contextCount: contexts.count,
      worstDeviation: -1,
      worstContext: []
    )
    for (context, deviation) in zip(contexts, deviations)
    where !(deviation <= worst.worstDeviation) {
      worst.worstDeviation = deviation
      worst.worstContext = context.map { vocabulary[$0] }
    }
    return worst
  }

  /// Contexts spread evenly over the model's own, and as many made of random tokens.
  private func sampleContexts(_ count: Int) -> [[TokenID]] {
    var contexts: [[TokenID]] = [[.beginSentence]]
    let total = regions.all.reduce(0) { $0 + Int($1.entry.nodeCount) }
    let step = max(1, total / max(1, count / 2))
    var seen = 0
    for region in regions.all {
      let size = Int(region.entry.nodeCount)
      var node = (step - seen % step) % step
      while node < size {
        if let words = region.words(ofContext: node) {
          let longer = region.firstTailWords(ofContext: node, words)
          for words in [words, longer].compactMap(\.self) {
            let context = words.map { TokenID(min($0, UInt32(vocabulary.count - 1))) }
            if isReached(context) { contexts.append(context) }
          }
        }
        node += step
      }
      seen += size
    }
    for number in 0..<max(count / 4, count - contexts.count) {
      contexts.append(
        // A unigram model looks at no word; one that it should not look at is given all the same.
        (0..<max(1, description.order - 1)).map { position in
          let hash = fold(UInt64(number * 16 + position) &+ 0x9e37_79b9_7f4a_7c15, .max / 3)
          let word = Int(hash % UInt64(vocabulary.count))
          // </s> ends a sequence and <s> begins it: neither is inside a history.
          return word == 1 || word == 2 ? .unknown : TokenID(UInt32(word))
        }
      )
    }
    return contexts
  }
}

/// True if a text has `context`: `<s>` begins it at most, and `</s>` is not in it.
private func isReached(_ context: [TokenID]) -> Bool {
  !context.contains(.endSentence) && !context.dropFirst().contains(.beginSentence)
}

extension Region {
  /// The words of the context `node`, in the order of the text; nil if the tree is damaged.
  ///
  /// - Complexity: O(order · log contexts).
  func words(ofContext node: Int) -> [UInt32]? {
    var words: [UInt32] = []
    var node = node
    while node >= Int(entry.wordCount) {
      guard words.count < NGramOrder.maximum, let parent = parent(node) else { return nil }
      words.append(word(ofContext: node))
      node = parent
    }
    words.append(entry.firstWord &+ UInt32(truncatingIfNeeded: node))
    return words
  }

  /// The words of the longest context of the first tail of `node`, whose own words are `words`; nil
  /// where it has no tail.
  func firstTailWords(ofContext node: Int, _ words: [UInt32]) -> [UInt32]? {
    let depth = words.count
    guard let tail = tails(node, depth: depth).first(where: { _ in true }) else { return nil }
    var words = words
    while true {
      let code = tailCode(tail, depth: depth, distance: words.count + 1)
      if code == 0 { return words }
      words.insert(self.code.word(code), at: 0)
    }
  }

  /// The context that `node` extends by a word.
  func parent(_ node: Int) -> Int? {
    var low = 0
    var high = Int(entry.nodeCount)
    while low < high {
      let middle = (low + high) / 2
      if children(middle).upperBound <= node { low = middle + 1 } else { high = middle }
    }
    return low < node && children(low).contains(node) ? low : nil
  }
}
