import Files
import Tokenization

/// The second pass over a group: its counts become probabilities and back-off weights, and these a
/// region.
struct GroupEstimator<Method: Smoothing>: ~Copyable {
  /// The share of a context's mass below which SRILM, and so this, takes it to be all spent.
  static var exhausted: Double { 3e-6 }

  private let method: Method
  private let groups: ContextGroups
  private let unigrams: [Double]
  private let predictedCount: Int
  private var total = Buffer<UInt64>()
  private var types = Buffer<UInt32>()
  private var released = Buffer<Double>()
  private var seen = Buffer<Double>()
  private var covered = Buffer<Double>()
  private var divisor = Buffer<Double>()
  private var weight = Buffer<Double>()
  private var probability = Buffer<Double>()
  private var node = Buffer<UInt32>()
  private var children = Buffer<UInt32>()
  private var cursor = Buffer<UInt32>()

  /// An estimator by `method`, where each token's own probability is in `unigrams` and
  /// `predictedCount` tokens can follow.
  init(_ method: Method, _ groups: ContextGroups, unigrams: [Double], predictedCount: Int) {
    self.method = method
    self.groups = groups
    self.unigrams = unigrams
    self.predictedCount = predictedCount
  }

  /// Fills `builder` with the region of what `scan` found.
  mutating func estimate(
    _ scan: borrowing GroupScan,
    entry: RegionEntry,
    into builder: inout RegionBuilder
  ) {
    reserve(contexts: scan.contextCount, ngrams: scan.ngramCount, nodes: Int(entry.nodeCount))
    sumContexts(scan)
    weigh(scan)
    number(scan, entry)
    lay(scan, entry, into: &builder)
  }

  private mutating func reserve(contexts: Int, ngrams: Int, nodes: Int) {
    total.grow(to: contexts)
    types.grow(to: contexts)
    released.grow(to: contexts)
    seen.grow(to: contexts)
    covered.grow(to: contexts)
    divisor.grow(to: contexts)
    weight.grow(to: contexts)
    node.grow(to: contexts)
    probability.grow(to: ngrams)
    children.grow(to: nodes + 1)
    cursor.grow(to: nodes + 1)
    total.fill(0..<contexts, with: 0)
    types.fill(0..<contexts, with: 0)
    released.fill(0..<contexts, with: 0)
    seen.fill(0..<contexts, with: 0)
    covered.fill(0..<contexts, with: 0)
  }

  private func sumContexts(_ scan: borrowing GroupScan) {
    let kind = method.lowerOrderCounts
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngramContext[index])
      total[context] += UInt64(scan.count(index, kind))
      types[context] += 1
    }
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngramContext[index])
      released[context] += method.discount(
        Double(scan.count(index, kind)),
        in: counts(context),
        order: scan.order(index)
      )
    }
    for context in 0..<scan.contextCount {
      let order = Int(scan.contextDepth[context]) + 1
      var lent = method.pseudocount(for: counts(context), order: order)
      let isSpent = released[context] + lent <= Self.exhausted * Double(total[context])
      if method.combination == .backOff && isSpent && Int(types[context]) < predictedCount {
        // Rosenfeld's and SRILM's remedy for a context that kept all its mass: one count more.
        lent += 1
      }
      released[context] += lent
      divisor[context] = Double(total[context]) + lent
    }
  }

  private func counts(_ context: Int) -> ContextCounts {
    ContextCounts(total: total[context], types: UInt64(types[context]))
  }

  /// Gives each n-gram its probability and each context its back-off weight.
  private func weigh(_ scan: borrowing GroupScan) {
    let kind = method.lowerOrderCounts
    let isInterpolated = method.combination == .interpolated
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngramContext[index])
      let count = Double(scan.count(index, kind))
      let discount = method.discount(count, in: counts(context), order: scan.order(index))
      let parent = scan.ngramParent[index]
      let lower =
        parent == GroupScan.none
        ? unigrams[Int(scan.code.word(scan.ngramWord[index]))] : probability[Int(parent)]
      var value = (count - discount) / divisor[context]
      if isInterpolated { value += released[context] / divisor[context] * lower }
      probability[index] = value
      seen[context] += value
      covered[context] += lower
    }
    for context in 0..<scan.contextCount { weight[context] = backOffWeight(context) }
    if method.combination == .backOff {
      while fillExhausted(scan) { weighAgain(scan) }
    }
  }

  private func backOffWeight(_ context: Int) -> Double {
    switch method.combination {
    case .interpolated: return released[context] / divisor[context]
    case .uniform: return 1 - Double(total[context]) / divisor[context]
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
  private func fillExhausted(_ scan: borrowing GroupScan) -> Bool {
    var isChanged = false
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngramContext[index])
      if weight[context] == 0 && abs(seen[context] - 1) > 1e-12 {
        probability[index] /= seen[context]
        isChanged = true
      }
    }
    return isChanged
  }

  /// Sums anew what contexts and the shorter ones have, after some were filled.
  private func weighAgain(_ scan: borrowing GroupScan) {
    seen.fill(0..<scan.contextCount, with: 0)
    covered.fill(0..<scan.contextCount, with: 0)
    for index in 0..<scan.ngramCount {
      let context = Int(scan.ngramContext[index])
      let parent = scan.ngramParent[index]
      seen[context] += probability[index]
      covered[context] +=
        parent == GroupScan.none
        ? unigrams[Int(scan.code.word(scan.ngramWord[index]))] : probability[Int(parent)]
    }
    for context in 0..<scan.contextCount {
      weight[context] = abs(seen[context] - 1) <= 1e-12 ? 0 : backOffWeight(context)
    }
  }

  /// Gives each context its place in the region: level by level, each in preorder.
  private func number(_ scan: borrowing GroupScan, _ entry: RegionEntry) {
    var levels = InlineArray<18, Int>(repeating: 0)
    for context in 0..<scan.contextCount { levels[Int(scan.contextDepth[context])] += 1 }
    var next = Int(entry.wordCount)
    for depth in 2...17 {
      let size = levels[depth]
      levels[depth] = next
      next += size
    }
    for context in 0..<scan.contextCount {
      let depth = Int(scan.contextDepth[context])
      if depth == 1 {
        node[context] = scan.code.word(scan.contextWord[context]) - entry.firstWord
      } else {
        node[context] = UInt32(truncatingIfNeeded: levels[depth])
        levels[depth] += 1
      }
    }
  }

  private func lay(
    _ scan: borrowing GroupScan,
    _ entry: RegionEntry,
    into builder: inout RegionBuilder
  ) {
    builder.begin(entry)
    let nodeCount = Int(entry.nodeCount)
    children.fill(0..<(nodeCount + 1), with: 0)
    cursor.fill(0..<(nodeCount + 1), with: 0)
    // Words of this region that no context ends in still have a place, without a weight of their own.
    for word in 0..<Int(entry.wordCount) {
      builder.setContext(word, code: scan.code.code(entry.firstWord + UInt32(word)), backOff: 1)
    }
    for context in 0..<scan.contextCount {
      let place = Int(node[context])
      builder.setContext(
        place,
        code: scan.contextWord[context],
        backOff: Float(weight[context])
      )
      cursor[place] = types[context]
      let parent = scan.contextParent[context]
      if parent != GroupScan.none { children[Int(node[Int(parent)])] += 1 }
    }
    var firstNGram = 0
    for place in 0..<nodeCount {
      builder.setFirstNGram(place, firstNGram)
      let size = Int(cursor[place])
      cursor[place] = UInt32(truncatingIfNeeded: firstNGram)
      firstNGram += size
    }
    builder.setFirstNGram(nodeCount, firstNGram)
    var firstChild = Int(entry.wordCount)
    for place in 0..<nodeCount {
      builder.setFirstChild(place, firstChild)
      firstChild += Int(children[place])
    }
    builder.setFirstChild(nodeCount, firstChild)
    for index in 0..<scan.ngramCount {
      let place = Int(node[Int(scan.ngramContext[index])])
      let target = Int(cursor[place])
      builder.setNGram(
        target,
        code: scan.ngramWord[index],
        value: Float(probability[index])
      )
      cursor[place] = UInt32(truncatingIfNeeded: target + 1)
    }
  }
}
