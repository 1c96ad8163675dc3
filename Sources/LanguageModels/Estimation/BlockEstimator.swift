import Files
import Tokenization

/// The second pass over a block: its counts become probabilities and back-off weights, and these a
/// part of a region.
struct BlockEstimator<Method: Smoothing>: ~Copyable {
  /// The share of a context's mass below which SRILM, and so this, takes it to be all spent.
  static var exhausted: Double { 3e-6 }

  private let method: Method
  let order: Int
  let code: WordCode
  private let lower: LowerProbabilities
  let tailWeights: TailWeights
  private var total = Buffer<UInt64>()
  var types = Buffer<UInt32>()
  private var released = Buffer<Double>()
  private var seen = Buffer<Double>()
  private var covered = Buffer<Double>()
  private var divisor = Buffer<Double>()
  var weight = Buffer<Double>()
  var probability = Buffer<Double>()
  var tailWords = Buffer<UInt32>()
  var cursor = Buffer<UInt32>()

  /// An estimator by `method` for n-grams up to `order`, which takes what lies below a block from
  /// `lower`.
  init(_ method: Method, order: Int, code: WordCode, lower: LowerProbabilities) {
    self.method = method
    self.order = order
    self.code = code
    self.lower = lower
    tailWeights = TailWeights(method, order: order)
  }

  /// Fills `image` with the part of a region that `scan` counted; `owner` is the frequent context
  /// that the block is a part of, `places` of `block` where the part begins at each level.
  mutating func estimate(
    _ scan: borrowing BlockScan,
    owner: UInt32,
    entry: RegionEntry,
    places: LevelSizes,
    block: Int,
    into image: inout BlockImage
  ) {
    reserve(scan)
    sumContexts(scan)
    weigh(scan, owner: owner)
    image.begin(entry)
    lay(scan, places, block, into: &image)
  }

  /// Fills `image` with the frequent context that `scan` was loaded with, whose first word has the
  /// code `word`, and leaves the probabilities of its n-grams for longer contexts to see.
  mutating func estimate(
    _ scan: borrowing BlockScan,
    frequent context: Int,
    word: UInt32,
    parent: UInt32,
    entry: RegionEntry,
    place: RegionPlan.FrequentPlace,
    into image: inout BlockImage
  ) {
    reserve(scan)
    sumContexts(scan)
    weigh(scan, owner: parent)
    lower.set(
      LowerProbabilities.List(scan, probability),
      of: context
    )
    image.begin(entry)
    // A word has a place in any case, a longer context where something follows that was not pruned.
    let isEmpty = scan.contextCount == 0
    if parent == HistoryBlock.none ? entry.wordCount > 0 : !isEmpty {
      image.setNode(
        image.addNodes(1, at: Int(place.node)),
        code: word,
        backOff: isEmpty ? 1 : Float(weight[0]),
        firstNGram: place.firstNGram,
        firstChild: place.firstChild,
        firstTail: place.firstTail
      )
    }
    if parent == HistoryBlock.none {
      image.setEnd(image.addNodes(1, at: Int(entry.nodeCount)))
    }
    let start = image.addNGrams(scan.ngramCount, at: Int(place.firstNGram))
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
    total.grow(to: contexts)
    types.grow(to: contexts)
    released.grow(to: contexts)
    seen.grow(to: contexts)
    covered.grow(to: contexts)
    divisor.grow(to: contexts)
    weight.grow(to: contexts)
    tailWords.grow(to: contexts)
    cursor.grow(to: contexts)
    probability.grow(to: scan.ngramCount)
    total.fill(0..<contexts, with: 0)
    types.fill(0..<contexts, with: 0)
    released.fill(0..<contexts, with: 0)
    seen.fill(0..<contexts, with: 0)
    covered.fill(0..<contexts, with: 0)
    tailWords.fill(0..<contexts, with: 0)
  }

  private func sumContexts(_ scan: borrowing BlockScan) {
    let kind = method.lowerOrderCounts
    for index in 0..<scan.ngramCount {
      let ngram = scan.ngrams[index]
      let context = Int(ngram.context)
      let count = scan.count(ngram, depth: Int(scan.contextDepth[context]), kind)
      // First the count, then what the n-gram keeps of it, at last its probability.
      probability[index] = Double(count)
      total[context] += UInt64(count)
      types[context] += 1
    }
    if scan.isPruned {
      for context in 0..<scan.contextCount {
        total[context] += scan.pruned.total[context]
        types[context] += scan.pruned.types[context]
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
        in: counts(context),
        order: Int(scan.contextDepth[context]) + 1
      )
      released[context] += discount
      probability[index] = count - discount
    }
    for context in 0..<scan.contextCount {
      let order = Int(scan.contextDepth[context]) + 1
      // What is pruned gives up all it has.
      if scan.isPruned { released[context] += Double(scan.pruned.total[context]) }
      var lent = method.pseudocount(for: counts(context), order: order)
      let isSpent = released[context] + lent <= Self.exhausted * Double(total[context])
      if method.combination == .backOff && isSpent && hasUnseen(scan, context) {
        // Rosenfeld's and SRILM's remedy for a context that kept all its mass: one count more.
        lent += 1
      }
      released[context] += lent
      divisor[context] = Double(total[context]) + lent
      if scan.isPruned && method.combination == .nothing {
        divisor[context] -= Double(scan.pruned.total[context])
      }
    }
  }

  /// The number of n-grams of a context that the model has.
  @inline(__always)
  func keptTypes(_ scan: borrowing BlockScan, _ context: Int) -> UInt32 {
    scan.isPruned ? types[context] - scan.pruned.types[context] : types[context]
  }

  /// Whether some token has no n-gram after a context.
  private func hasUnseen(_ scan: borrowing BlockScan, _ context: Int) -> Bool {
    Int(keptTypes(scan, context)) < lower.predictedCount
  }

  private func counts(_ context: Int) -> ContextCounts {
    ContextCounts(total: total[context], types: UInt64(types[context]))
  }

  /// Gives each n-gram its probability and each context its back-off weight.
  private func weigh(_ scan: borrowing BlockScan, owner: UInt32) {
    let isInterpolated = method.combination == .interpolated
    if isInterpolated {
      for context in 0..<scan.contextCount { weight[context] = backOffWeight(scan, context) }
    }
    let list = self.lower.list(owner)
    var place = 0
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      if scan.isPart && context == 0 {
        // Estimated with the other parts of the context.
        probability[index] = lowerProbability(scan, index, list, &place)
        continue
      }
      let lower = lowerProbability(scan, index, list, &place)
      let own = probability[index] / divisor[context]
      if isInterpolated {
        probability[index] = own + weight[context] * lower
      } else {
        probability[index] = own
        seen[context] += own
        covered[context] += lower
      }
    }
    if isInterpolated { return }
    for context in 0..<scan.contextCount { weight[context] = backOffWeight(scan, context) }
    if method.combination == .backOff || scan.isPruned && method.combination == .uniform {
      while fillExhausted(scan) { weighAgain(scan, owner: owner) }
    }
  }

  /// The probability of an n-gram's last word after the context one word shorter.
  @inline(__always)
  private func lowerProbability(
    _ scan: borrowing BlockScan,
    _ index: Int,
    _ list: LowerProbabilities.List?,
    _ place: inout Int
  ) -> Double {
    let parent = scan.ngrams[index].parent
    if parent != BlockScan.none { return probability[Int(parent)] }
    let word = scan.ngrams[index].word
    return list?.probability(of: word, from: &place) ?? lower.unigram(word)
  }

  private func backOffWeight(_ scan: borrowing BlockScan, _ context: Int) -> Double {
    switch method.combination {
    case .interpolated: return released[context] / divisor[context]
    case .uniform:
      guard scan.isPruned && scan.pruned.types[context] > 0 else {
        return 1 - Double(total[context]) / divisor[context]
      }
      // What is left, shared by the tokens that have no n-gram.
      let unseen = lower.predictedCount - Int(keptTypes(scan, context))
      if unseen == 0 { return 0 }
      return max(0, 1 - seen[context]) * Double(lower.predictedCount) / Double(unseen)
    case .nothing: return 0
    case .fixedWeight(let weight): return weight
    case .backOff:
      let left = 1 - covered[context]
      return left <= 1e-12 ? 0 : max(0, 1 - seen[context]) / left
    }
  }

  /// Gives what is left back to the seen tokens of a context where nothing unseen can take it.
  ///
  /// That is so where the seen tokens have all of the shorter context's mass. False where no context
  /// had to be changed.
  private func fillExhausted(_ scan: borrowing BlockScan) -> Bool {
    var isChanged = false
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      if scan.isPart && context == 0 { continue }
      if weight[context] == 0 && abs(seen[context] - 1) > 1e-12 {
        probability[index] /= seen[context]
        isChanged = true
      }
    }
    return isChanged
  }

  /// Sums anew what contexts and the shorter ones have, after some were filled.
  private func weighAgain(_ scan: borrowing BlockScan, owner: UInt32) {
    seen.fill(0..<scan.contextCount, with: 0)
    covered.fill(0..<scan.contextCount, with: 0)
    let list = lower.list(owner)
    var place = 0
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngrams[index].context)
      if scan.isPart && context == 0 { continue }
      seen[context] += probability[index]
      covered[context] += lowerProbability(scan, index, list, &place)
    }
    for context in 0..<scan.contextCount {
      weight[context] = abs(seen[context] - 1) <= 1e-12 ? 0 : backOffWeight(scan, context)
    }
  }
}
