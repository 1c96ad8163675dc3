import Foundation

/// A smoothed n-gram model in dictionaries, by the formulas alone.
///
///     p(w | h) = α(w | h) + γ(h) · p(w | h′)      interpolated; α alone for a seen word in back-off
///     α(w | h) = (c(hw) − d) / (c(h) + e)         γ(h) = (Σ d + e) / (c(h) + e)
///
/// (Chen and Goodman 1998, section 2.8.) It shares no code with the library, which is held against
/// it. An n-gram that is left out gives up its whole count, d = c; totals and parameters stay.
package struct PlainNGramModel {
  /// A method and its parameters; a discount that is nil is estimated.
  package enum Method: Sendable {
    case additive(alpha: Double)
    case wittenBell
    case absoluteDiscounting(Double?)
    case kneserNey(Double?)
    case modifiedKneserNey
    case katz
    /// λ of each order and bucket; a bucket for each power of two of c(h).
    case jelinekMercer([[Double]])
    case maximumLikelihood
    case stupidBackOff

    var countsContinuations: Bool {
      switch self {
      case .kneserNey, .modifiedKneserNey: true
      default: false
      }
    }
  }

  /// A model to make.
  package struct Settings: Sendable {
    package var method: Method
    package var usesBackOff: Bool

    /// The number of token numbers in the text and the vocabulary.
    package var typeCount: Int

    /// An n-gram of order k with at most `cutoffs[k - 1]` occurrences is left out; the last cut-off
    /// holds for all longer ones.
    package var cutoffs: [Int] = []

    /// Words that are left out, and with them every n-gram that has one.
    package var dropped: Set<UInt32> = []

    /// SRILM has no `<unk>` in its vocabulary, and takes interpolation away from a context whose seen
    /// tokens leave less than 3e-6: the discounted mass then goes to the unseen tokens alone.
    package var followsSRILM = false

    package init(_ method: Method, usesBackOff: Bool = false, typeCount: Int) {
      self.method = method
      self.usesBackOff = usesBackOff
      self.typeCount = typeCount
    }
  }

  private enum Combination: Equatable { case interpolated, backOff, uniform, none, fixed(Double) }

  /// p(w | h) of each n-gram that is kept, and of each word.
  private var values: [[UInt32]: Double] = [:]

  /// γ(h) of each context that a kept n-gram follows.
  private var weights: [[UInt32]: Double] = [:]

  /// The discounts or other parameters of each order, order 1 at index 1.
  package private(set) var parameters: [[Double]] = [[]]

  /// The number of n-grams of each order, order 1 first, with `<s>` and every word.
  package private(set) var countedNGrams: [Int] = []

  /// The number of those kept.
  package private(set) var ngramCounts: [Int] = []

  private let settings: Settings
  private let order: Int
  private let combination: Combination

  /// The words that can follow a history.
  private let words: [UInt32]

  /// V.
  private var size: Double { Double(words.count) }

  package init(_ counts: PlainCounts, _ settings: Settings) {
    self.settings = settings
    order = counts.order
    combination =
      switch settings.method {
      case .maximumLikelihood: .none
      case .stupidBackOff: .fixed(0.4)
      case .katz: .backOff
      case .additive where !settings.usesBackOff: .uniform
      default: settings.usesBackOff ? .backOff : .interpolated
      }
    words = (0..<UInt32(settings.typeCount)).filter {
      $0 != PlainCounts.beginSentence && !settings.dropped.contains($0)
        && !(settings.followsSRILM && $0 == 0)
    }
    let count = { [settings] (ngram: [UInt32]) in
      settings.method.countsContinuations
        ? counts.continuations(ngram) : counts.occurrences[ngram, default: 0]
    }
    var ngrams = [[[UInt32]]](repeating: [], count: order + 1)
    for ngram in counts.occurrences.keys { ngrams[ngram.count].append(ngram) }
    for length in 1...order {
      var numbers = [Int](repeating: 0, count: 9)
      for ngram in ngrams[length] {
        let count = count(ngram)
        if count < numbers.count { numbers[count] += 1 }
      }
      parameters.append(parameters(numbers.map { Double($0) }, order: length))
      if length == 1 {
        addUnigrams { Double(count([$0])) }
        countedNGrams.append(settings.typeCount)
        ngramCounts.append(words.count + 1 + (settings.followsSRILM ? 1 : 0))
        continue
      }
      let cutoffs = settings.cutoffs
      let cutoff = cutoffs.isEmpty ? 0 : cutoffs[min(length, cutoffs.count) - 1]
      var keptCount = 0
      // A fixed order of addition, so that every run has the same last digits.
      let sorted = ngrams[length].sorted { $0.lexicographicallyPrecedes($1) }
      var start = 0
      while start < sorted.count {
        let context = sorted[start].dropLast()
        var followers: [Follower] = []
        while start < sorted.count && sorted[start].dropLast() == context {
          let ngram = sorted[start]
          let isKept =
            counts.occurrences[ngram, default: 0] > cutoff
            && (settings.dropped.isEmpty || !ngram.contains { settings.dropped.contains($0) })
          followers.append(Follower(ngram: ngram, count: Double(count(ngram)), isKept: isKept))
          start += 1
        }
        keptCount += followers.count { $0.isKept }
        add(followers, after: Array(context))
      }
      countedNGrams.append(sorted.count)
      ngramCounts.append(keptCount)
    }
  }

  /// The parameters of an order whose n-grams have the counts of counts `n`.
  private func parameters(_ n: [Double], order: Int) -> [Double] {
    let y = n[1] / (n[1] + 2 * n[2])
    switch settings.method {
    case .additive(let alpha): return [alpha]
    case .wittenBell, .maximumLikelihood: return []
    case .stupidBackOff: return [0.4]
    case .jelinekMercer(let weights): return weights[order - 1]
    case .absoluteDiscounting(let fixed), .kneserNey(let fixed):
      return [fixed ?? (n[1] == 0 || n[2] == 0 ? 0.75 : y)]
    case .modifiedKneserNey:
      let needed = settings.usesBackOff ? n[1...4] : n[1...3]
      if needed.contains(0) { return [0.5, 1, 1.5] }
      let values = (1...3).map { Double($0) - Double($0 + 1) * y * n[$0 + 1] / n[$0] }
      let isValid = zip(values, [1.0, 2, 3]).allSatisfy { $0 >= 0 && $0 <= $1 }
      return isValid ? values : [0.5, 1, 1.5]
    case .katz:
      // d(r)/r = 1 − (r*/r − A) / (1 − A), with k = 7.
      if order == 1 || n[1] == 0 { return [] }
      let a = 8 * n[8] / n[1]
      return (1...7).map { r in
        let ratio = (Double(r + 1) * n[r + 1] / (Double(r) * n[r]) - a) / (1 - a)
        return ratio > 0 && ratio <= 1 ? ratio : 1
      }
    }
  }

  /// d: what an n-gram with `count` gives up, in a context that occurs `total` times.
  private func discount(_ count: Double, _ total: Double, order: Int) -> Double {
    let values = parameters[order]
    switch settings.method {
    case .additive(let alpha): return -alpha
    case .wittenBell, .maximumLikelihood, .stupidBackOff: return 0
    case .absoluteDiscounting, .kneserNey: return min(count, values[0])
    case .modifiedKneserNey: return count == 0 ? 0 : values[min(Int(count), 3) - 1]
    case .katz:
      return count >= 1 && Int(count) <= values.count ? count * (1 - values[Int(count) - 1]) : 0
    case .jelinekMercer:
      let bucket = total < 2 ? 0 : Int(total).bitWidth - 1 - Int(total).leadingZeroBitCount
      return (1 - values[min(bucket, values.count - 1)]) * count
    }
  }

  /// e: what a context with `types` different followers is lent.
  private func lent(types: Int) -> Double {
    switch settings.method {
    case .additive(let alpha): alpha * size
    case .wittenBell: Double(types)
    default: 0
    }
  }

  /// Gives each word its probability; what is given up is shared evenly among all.
  private mutating func addUnigrams(_ count: (UInt32) -> Double) {
    let all = (0..<UInt32(settings.typeCount)).filter { $0 != PlainCounts.beginSentence }
      .map { count($0) }
    let total = all.reduce(0, +)
    let types = all.count { $0 > 0 }
    let kept = words.map { (word: $0, count: count($0)) }
    let dropped = total - kept.reduce(0) { $0 + $1.count }
    var lent = lent(types: types)
    var released = kept.reduce(dropped) { $0 + discount($1.count, total, order: 1) }
    let isShared = combination == .interpolated || combination == .backOff
    if isShared && released + lent <= 0 && discount(0, total, order: 1) >= 0 && types < words.count
    {
      lent = 1
    }
    released += lent
    var divisor = total + lent
    switch combination {
    case .interpolated, .backOff, .uniform: break
    // What is left out counts as never seen.
    case .none: (divisor, released) = (divisor - dropped, 0)
    case .fixed: released = 0
    }
    for (word, count) in kept {
      values[[word]] =
        (count - discount(count, total, order: 1)) / divisor + released / divisor / size
    }
  }

  /// An n-gram among those of a context.
  private struct Follower {
    var ngram: [UInt32]
    var count: Double
    var isKept: Bool
  }

  /// Gives the kept n-grams among `followers` of `context` their probabilities, and it its weight.
  private mutating func add(_ followers: [Follower], after context: [UInt32]) {
    let kept = followers.filter(\.isKept)
    if kept.isEmpty { return }
    let order = context.count + 1
    let total = followers.reduce(0) { $0 + $1.count }
    let pruned = total - kept.reduce(0) { $0 + $1.count }
    let discounts = kept.map { discount($0.count, total, order: order) }
    var lent = lent(types: followers.count)
    var released = discounts.reduce(0, +) + pruned
    // Rosenfeld's remedy.
    if combination == .backOff && released + lent <= 3e-6 * total && kept.count < words.count {
      lent += 1
    }
    released += lent
    let divisor = combination == .none ? total - pruned : total + lent
    let share = released / divisor
    let lower = kept.map { values[Array($0.ngram.dropFirst())] ?? 0 }
    let alpha = zip(kept, discounts).map { ($0.count - $1) / divisor }
    let covered = lower.reduce(0, +)
    let mixed = zip(alpha, lower).map { $0 + share * $1 }
    let isDisabled =
      combination == .interpolated && settings.followsSRILM
      && mixed.reduce(0, +) > 1 - 3e-6 && kept.count < words.count
    var found = combination == .interpolated && !isDisabled ? mixed : alpha
    let left = isDisabled ? share : 1 - found.reduce(0, +)
    let weight =
      switch combination {
      case .interpolated where !isDisabled: share
      case .interpolated, .backOff: 1 - covered <= 1e-12 ? 0 : max(0, left) / (1 - covered)
      case .uniform: kept.count == words.count ? 0 : left * size / (size - Double(kept.count))
      case .none: 0.0
      case .fixed(let fixed): fixed
      }
    if weight == 0 {
      // No unseen token can take what is left.
      let sum = found.reduce(0, +)
      found = found.map { $0 / sum }
    }
    for (follower, value) in zip(kept, found) { values[follower.ngram] = value }
    weights[context] = weight
  }

  /// p(word | history), of the last `order` − 1 tokens of the history from its `<s>` on.
  package func probability(_ word: UInt32, after history: [UInt32]) -> Double {
    probability(history.suffix(order - 1) + [word])
  }

  private func probability(_ ngram: ArraySlice<UInt32>) -> Double {
    if let value = values[Array(ngram)] { return value }
    if ngram.count == 1 { return 0 }
    let weight = weights[Array(ngram.dropLast())]
    switch combination {
    case .uniform: return (weight ?? 1) / size
    case .fixed(let weight): return weight * probability(ngram.dropFirst())
    default: return weight == 0 ? 0 : (weight ?? 1) * probability(ngram.dropFirst())
    }
  }

  /// The probabilities of all that can follow `history`, at the number of each.
  package func distribution(after history: [UInt32]) -> [Double] {
    var result = [Double](repeating: 0, count: Int(words.last ?? 0) + 1)
    for word in words { result[Int(word)] = probability(word, after: history) }
    return result
  }

  /// The perplexity of the tokens for whose index `isMeasured` holds; the others stand in histories
  /// alone, as each `<s>` does.
  package func perplexity(_ tokens: [UInt32], of isMeasured: (Int) -> Bool) -> Double {
    var bits = 0.0
    var count = 0
    var start = 0
    for (index, token) in tokens.enumerated() {
      if token == PlainCounts.beginSentence { start = index }
      if token == PlainCounts.beginSentence || !isMeasured(index) { continue }
      bits -= log2(probability(token, after: Array(tokens[max(start, index - order + 1)..<index])))
      count += 1
    }
    return exp2(bits / Double(count))
  }
}
