import Files
@testable import LanguageModels
import Tokenization

/// A model by any of the methods in dictionaries, from which n-grams may be left out.
///
/// All is counted and every parameter is estimated first. An n-gram that is then left out gives up
/// its whole count, d(c) = c; what the others give up, the totals and the parameters stay.
struct PlainSmoothing {
  /// p(w | h) of each n-gram that is kept, and of each single word.
  private(set) var values: [[UInt32]: Double] = [:]

  /// γ(h) of each context that a kept n-gram follows.
  private(set) var weights: [[UInt32]: Double] = [:]

  /// The number of n-grams of each order, order 1 first, with `<s>` and every word of the vocabulary.
  private(set) var countedNGrams: [Int] = []

  /// The number of those kept.
  private(set) var ngramCounts: [Int] = []

  private let vocabularySize: Int
  private let combination: Combination

  /// V: the number of tokens that can follow.
  private var predictedCount: Int { vocabularySize - 1 }

  /// A twin of the model that `recipe` makes of `data`; `weights` are Jelinek-Mercer's.
  init(_ data: TrainingData, _ recipe: Recipe, weights: [[Double]] = []) {
    let tokens = (0..<data.text.count).map { data.text.tokens[$0] }
    let counts = PlainCounts(tokens, order: recipe.order)
    let ngrams = counts.occurrences.keys
    vocabularySize = data.vocabulary.count
    let method = Self.method(recipe, counts, vocabularySize: vocabularySize, weights: weights)
    combination = method.combination

    let isKept = { [vocabularySize] (ngram: [UInt32]) in
      let cutoffs = recipe.prune
      let cutoff = cutoffs.isEmpty ? 0 : cutoffs[min(ngram.count, cutoffs.count) - 1]
      return counts.occurrences[ngram, default: 0] > cutoff
        && ngram.allSatisfy { Int($0) < vocabularySize }
    }
    countedNGrams = (1...recipe.order).map { order in
      order == 1 ? data.typeCount : ngrams.count { $0.count == order }
    }
    ngramCounts = (1...recipe.order).map { order in
      order == 1 ? vocabularySize : ngrams.count { $0.count == order && isKept($0) }
    }
    let count = { (ngram: [UInt32]) in
      method.lowerOrderCounts == .continuations
        ? counts.continuations(ngram) : counts.occurrences[ngram, default: 0]
    }
    addUnigrams(
      (0..<data.typeCount).map { $0 == 1 ? 0 : Double(count([UInt32($0)])) },
      method
    )
    let contexts = Dictionary(grouping: ngrams.filter { $0.count > 1 }) { Array($0.dropLast()) }
    for context in contexts.keys.sorted(by: { $0.count < $1.count }) {
      let followers = (contexts[context] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
      add(followers.map { ($0, Double(count($0)), isKept($0)) }, after: context, method)
    }
  }

  private static func method(
    _ recipe: Recipe,
    _ counts: PlainCounts,
    vocabularySize: Int,
    weights: [[Double]]
  ) -> any Smoothing {
    var numbers = [CountsOfCounts](repeating: CountsOfCounts(), count: recipe.order)
    for (ngram, occurrences) in counts.occurrences {
      let isContinued = recipe.method.lowerOrderCounts == .continuations
      numbers[ngram.count - 1].add(isContinued ? counts.continuations(ngram) : occurrences)
    }
    let combination = recipe.usesBackOff ? Combination.backOff : .interpolated
    var notes: [String] = []
    switch recipe.method {
    case .modifiedKneserNey:
      return ModifiedKneserNey(numbers, combination: combination, notes: &notes)
    case .kneserNey: return KneserNey(numbers, combination: combination, notes: &notes)
    case .absoluteDiscounting:
      return AbsoluteDiscounting(numbers, combination: combination, notes: &notes)
    case .wittenBell: return WittenBell(combination: combination)
    case .katz: return Katz(numbers, notes: &notes)
    case .jelinekMercer: return JelinekMercer(weights: weights)
    case .additive:
      return AdditiveSmoothing(
        alpha: recipe.alpha,
        vocabularySize: vocabularySize - 1,
        combination: recipe.usesBackOff ? .backOff : .uniform
      )
    case .maximumLikelihood: return MaximumLikelihood()
    case .stupidBackOff: return StupidBackOff()
    }
  }

  /// Gives each kept word its probability; what is given up is shared evenly among all of them.
  private mutating func addUnigrams(_ counts: [Double], _ method: any Smoothing) {
    let context = ContextCounts(
      total: UInt64(counts.reduce(0, +)),
      types: UInt64(counts.count { $0 > 0 })
    )
    let kept = (0..<vocabularySize).filter { $0 != TokenID.beginSentence.index }
    let dropped = counts[vocabularySize...].reduce(0, +)
    let discount = { method.discount(counts[$0], in: context, order: 1) }
    var released = kept.reduce(0) { $0 + discount($1) } + dropped
    var lent = method.pseudocount(for: context, order: 1)
    let sharesEvenly = combination == .interpolated || combination == .backOff
    let unseen = -method.discount(0, in: context, order: 1)
    if sharesEvenly && released + lent <= 0 && unseen <= 0
      && Int(context.types) < predictedCount
    {
      lent = 1
    }
    released += lent
    var divisor = Double(context.total) + lent
    switch combination {
    case .interpolated, .backOff, .uniform: break
    case .nothing:
      // What is left out counts as never seen.
      divisor -= dropped
      released = 0
    case .fixedWeight: released = 0
    }
    for word in kept {
      values[[UInt32(word)]] =
        (counts[word] - discount(word)) / divisor + released / divisor / Double(predictedCount)
    }
  }

  /// Gives the kept n-grams among `followers` of `context` their probabilities, and it its weight.
  private mutating func add(
    _ followers: [(ngram: [UInt32], count: Double, isKept: Bool)],
    after context: [UInt32],
    _ method: any Smoothing
  ) {
    let kept = followers.filter(\.isKept)
    if kept.isEmpty { return }
    let order = context.count + 1
    let total = followers.reduce(0) { $0 + $1.count }
    let counts = ContextCounts(total: UInt64(total), types: UInt64(followers.count))
    let pruned = total - kept.reduce(0) { $0 + $1.count }
    let discount = { method.discount($0, in: counts, order: order) }
    var released = kept.reduce(0) { $0 + discount($1.count) } + pruned
    var lent = method.pseudocount(for: counts, order: order)
    // Rosenfeld's remedy; what is pruned is mass for the shorter context and needs none.
    if combination == .backOff && released + lent <= 3e-6 * total && kept.count < predictedCount {
      lent += 1
    }
    released += lent
    let divisor = combination == .nothing ? total - pruned : total + lent
    let lower = kept.map { values[Array($0.ngram.dropFirst())] ?? .nan }
    var own = kept.map { ($0.count - discount($0.count)) / divisor }
    if combination == .interpolated {
      own = zip(own, lower).map { $0 + released / divisor * $1 }
    }
    let left = 1 - own.reduce(0, +)
    let uncovered = 1 - lower.reduce(0, +)
    let unseenCount = predictedCount - kept.count
    let weight: Double
    switch combination {
    case .interpolated: weight = released / divisor
    case .backOff: weight = uncovered <= 1e-12 ? 0 : max(0, left) / uncovered
    case .uniform:
      weight = unseenCount == 0 ? 0 : left * Double(predictedCount) / Double(unseenCount)
    case .nothing: weight = 0
    case .fixedWeight(let fixed): weight = fixed
    }
    if weight == 0 {
      // Nothing unseen can take what is left.
      let sum = own.reduce(0, +)
      own = own.map { $0 / sum }
    }
    for (follower, value) in zip(kept, own) { values[follower.ngram] = value }
    weights[context] = weight
  }

  /// p(word | history): `history` has the length that the order asks for, or begins with `<s>`.
  func probability(_ word: UInt32, after history: [UInt32]) -> Double {
    if let value = values[history + [word]] { return value }
    if combination == .uniform { return (weights[history] ?? 1) / Double(predictedCount) }
    let lower = probability(word, after: Array(history.dropFirst()))
    if case .fixedWeight(let weight) = combination { return weight * lower }
    return (weights[history] ?? 1) * lower
  }

  /// The probabilities of all that can follow `history`, at the number of each.
  func distribution(after history: [UInt32]) -> [Double] {
    (0..<vocabularySize).map {
      $0 == TokenID.beginSentence.index ? 0 : probability(UInt32($0), after: history)
    }
  }
}
