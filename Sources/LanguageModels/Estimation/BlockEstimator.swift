import Files
import Tokenization

/// The second pass over a block: its counts become probabilities and back-off weights, and these a
/// part of a region.
struct BlockEstimator<Method: Smoothing>: ~Copyable {
  private let method: Method
  let order: Int
  let code: WordCode
  private let lower: LowerProbabilities
  let tailWeights: TailWeights

  // Of each context: its mass, Σ p(w | h) and Σ p(w | h′) over its n-grams, and γ(h).
  private(set) var masses = Buffer<ContextMass>()
  private var seen = Buffer<Double>()
  private var covered = Buffer<Double>()
  private(set) var gamma = Buffer<Double>()
  private(set) var tailWords = Buffer<UInt32>()
  var cursor = Buffer<UInt32>()

  /// The value of each n-gram: first its count, then its discounted count, then its probability.
  private(set) var probability = Buffer<Double>()

  /// An estimator by `method` for n-grams up to `order`, with the probabilities below a block from
  /// `lower`.
  init(_ method: Method, order: Int, code: WordCode, lower: LowerProbabilities) {
    self.method = method
    self.order = order
    self.code = code
    self.lower = lower
    tailWeights = TailWeights(method, order: order)
  }

  /// Fills `image` with the part of a region that `scan` counted; `owner` is the frequent context
  /// that the block is a part of, `places` of `block` are the starts of the part at each level.
  mutating func estimate(
    _ scan: borrowing BlockScan,
    owner: UInt32,
    entry: RegionEntry,
    places: LevelSizes,
    block: Int,
    into image: inout BlockImage
  ) {
    reserve(scan)
    sumCounts(scan)
    setProbabilities(scan, owner: owner)
    image.begin(entry)
    writeRegion(scan, from: places, of: block, into: &image)
  }

  /// Fills `image` with the frequent context that `scan` was loaded with, whose first word has the
  /// code `word`, and leaves the probabilities of its n-grams for longer contexts to see.
  mutating func estimate(
    _ scan: borrowing BlockScan,
    frequent context: Int,
    word: UInt32,
    parent: UInt32,
    entry: RegionEntry,
    offsets: RegionPlan.ContextOffsets,
    into image: inout BlockImage
  ) {
    reserve(scan)
    sumCounts(scan)
    setProbabilities(scan, owner: parent)
    lower.set(LowerProbabilities.List(scan, probability), of: context)
    image.begin(entry)
    // A word is listed in any case, a longer context where something follows that was not pruned.
    let isEmpty = scan.contextCount == 0
    if parent == HistoryBlock.none ? entry.wordCount > 0 : !isEmpty {
      image.setNode(
        image.addNodes(1, at: Int(offsets.node)),
        code: word,
        backOff: isEmpty ? 1 : Float(gamma[0]),
        firstNGram: offsets.firstNGram,
        firstChild: offsets.firstChild,
        firstTail: offsets.firstTail
      )
    }
    if parent == HistoryBlock.none {
      image.setEnd(image.addNodes(1, at: Int(entry.nodeCount)))
    }
    let start = image.addNGrams(scan.ngramCount, at: Int(offsets.firstNGram))
    for index in 0..<scan.ngramCount {
      image.setNGram(
        start + 2 * index,
        code: scan.ngrams[index].word,
        value: Float(probability[index])
      )
    }
  }

  private mutating func reserve(_ scan: borrowing BlockScan) {
    let contexts = scan.contextCount
    masses.grow(to: contexts)
    seen.grow(to: contexts)
    covered.grow(to: contexts)
    gamma.grow(to: contexts)
    tailWords.grow(to: contexts)
    cursor.grow(to: contexts)
    probability.grow(to: scan.ngramCount)
    masses.fill(0..<contexts, with: ContextMass())
    seen.fill(0..<contexts, with: 0)
    covered.fill(0..<contexts, with: 0)
    tailWords.fill(0..<contexts, with: 0)
  }

  /// Adds up the counts of each context and what its n-grams give up.
  private mutating func sumCounts(_ scan: borrowing BlockScan) {
    for index in 0..<scan.ngramCount {
      let ngram = scan.ngrams[index]
      let context = Int(ngram.context)
      let depth = Int(scan.contextDepth[context])
      let count = scan.count(ngram, depth: depth, Method.lowerOrderCounts)
      probability[index] = Double(count)
      masses[context].total += UInt64(count)
      masses[context].types += 1
    }
    if scan.isPruned {
      for context in 0..<scan.contextCount {
        masses[context].prune(scan.pruned.total[context], types: scan.pruned.types[context])
      }
    }
    for tail in 0..<scan.tailCount {
      tailWords[Int(scan.tailContext(tail))] +=
        UInt32(truncatingIfNeeded: Region.tailStride(depth: scan.tailDepth(tail), order: order))
    }
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      let count = probability[index]
      let discount = method.discount(
        count,
        in: masses[context].counts,
        order: Int(scan.contextDepth[context]) + 1
      )
      masses[context].released += discount
      probability[index] = count - discount
    }
    for context in 0..<scan.contextCount {
      masses[context].releasePruned()
      masses[context].lend(
        by: method,
        order: Int(scan.contextDepth[context]) + 1,
        predictedCount: lower.predictedCount
      )
    }
  }

  /// Gives each n-gram its probability and each context its γ.
  private mutating func setProbabilities(_ scan: borrowing BlockScan, owner: UInt32) {
    let isInterpolated = method.combination == .interpolated
    if isInterpolated {
      for context in 0..<scan.contextCount { gamma[context] = masses[context].gamma }
    }
    let list = self.lower.list(owner)
    var hint = 0
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      if scan.sharesItsContext && context == 0 {
        // Estimated with the n-grams that other blocks have of the context.
        probability[index] = lowerProbability(scan, index, in: list, from: &hint)
        continue
      }
      let lower = lowerProbability(scan, index, in: list, from: &hint)
      let alpha = probability[index] / masses[context].divisor
      if isInterpolated {
        probability[index] = alpha + gamma[context] * lower
      } else {
        probability[index] = alpha
        seen[context] += alpha
        covered[context] += lower
      }
    }
    if isInterpolated { return }
    for context in 0..<scan.contextCount { gamma[context] = gamma(afterSeen: context) }
    if method.combination == .backOff || scan.isPruned && method.combination == .uniform {
      while fillExhausted(scan) { renormalize(scan, owner: owner) }
    }
  }

  /// The probability of an n-gram's last word after the context one word shorter.
  @inline(__always)
  private func lowerProbability(
    _ scan: borrowing BlockScan,
    _ index: Int,
    in list: LowerProbabilities.List?,
    from hint: inout Int
  ) -> Double {
    let parent = scan.ngrams[index].parent
    if parent != BlockScan.none { return probability[Int(parent)] }
    let word = scan.ngrams[index].word
    return list?.probability(of: word, from: &hint) ?? lower.unigram(word)
  }

  /// γ of a context whose n-grams have their probabilities, in the forms other than interpolation.
  private func gamma(afterSeen context: Int) -> Double {
    let mass = masses[context]
    switch method.combination {
    case .interpolated: return mass.gamma
    case .uniform:
      if mass.prunedTypes == 0 { return mass.uniformGamma }
      // The rest, shared by the tokens that have no n-gram.
      let unseen = lower.predictedCount - Int(mass.keptFollowers)
      if unseen == 0 { return 0 }
      return max(0, 1 - seen[context]) * Double(lower.predictedCount) / Double(unseen)
    case .maximumLikelihood: return 0
    case .fixedWeight(let weight): return weight
    case .backOff:
      return ContextMass.backOffGamma(
        seen: seen[context],
        covered: covered[context],
        tolerance: 1e-12
      )
    }
  }

  /// Gives the rest back to the seen tokens of a context where nothing unseen can take it.
  ///
  /// This happens if the seen tokens have all of the shorter context's mass. Returns false if it
  /// changed no context.
  private mutating func fillExhausted(_ scan: borrowing BlockScan) -> Bool {
    var isChanged = false
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      if scan.sharesItsContext && context == 0 { continue }
      if gamma[context] == 0 && abs(seen[context] - 1) > 1e-12 {
        probability[index] /= seen[context]
        isChanged = true
      }
    }
    return isChanged
  }

  /// Sums anew what contexts and the shorter ones have, after some were filled.
  private mutating func renormalize(_ scan: borrowing BlockScan, owner: UInt32) {
    seen.fill(0..<scan.contextCount, with: 0)
    covered.fill(0..<scan.contextCount, with: 0)
    let list = lower.list(owner)
    var hint = 0
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      if scan.sharesItsContext && context == 0 { continue }
      seen[context] += probability[index]
      covered[context] += lowerProbability(scan, index, in: list, from: &hint)
    }
    for context in 0..<scan.contextCount {
      gamma[context] = abs(seen[context] - 1) <= 1e-12 ? 0 : gamma(afterSeen: context)
    }
  }
}
