import Files
@testable import LanguageModels
import Testing
import Tokenization

/// The n-grams of a text in dictionaries, each a number with as many bits a word as are needed.
struct PlainCounts {
  /// How often each n-gram occurs, at index order.
  private(set) var occurrences: [[UInt128: Int]] = [[:]]

  /// How many different words stand before each n-gram below the highest order; occurrences there
  /// and where it begins with `<s>`.
  private(set) var continuations: [[UInt128: Int]] = [[:]]

  /// The bits of a word.
  let bitCount: Int

  init(_ data: TrainingData, order: Int) {
    let text = data.text
    let bitCount = UInt64.bitWidth - UInt64(data.vocabulary.count).leadingZeroBitCount
    precondition(bitCount * order <= 128)
    self.bitCount = bitCount
    let begin = TokenID.beginSentence.rawValue
    for length in 1...order {
      let mask: UInt128 = bitCount * length == 128 ? .max : (1 << UInt128(bitCount * length)) - 1
      var counts: [UInt128: Int] = [:]
      var key: UInt128 = 0
      var available = 0
      for index in 0..<text.count {
        let token = text.tokens[index]
        key = (key << UInt128(bitCount) | UInt128(token + 1)) & mask
        available = token == begin ? 1 : available + 1
        // n-grams of `<s>` alone are no predictions, and none reaches over it.
        if available >= length && token != begin { counts[key, default: 0] += 1 }
      }
      occurrences.append(counts)
    }
    continuations = occurrences
    for length in 1..<max(1, order) {
      var counts: [UInt128: Int] = [:]
      let mask: UInt128 = (1 << UInt128(bitCount * length)) - 1
      for key in occurrences[length + 1].keys { counts[key & mask, default: 0] += 1 }
      let shift = UInt128(bitCount * (length - 1))
      for (key, count) in occurrences[length] where key >> shift == UInt128(begin + 1) {
        counts[key] = count
      }
      continuations[length] = counts
    }
  }
}

/// A smoothed model in dictionaries: a twin of the library's, with SRILM's two customs to choose.
struct PlainModel {
  /// The methods that the comparison needs.
  enum Kind: Sendable {
    case additive(Double)
    case wittenBell
    case absolute(Double?)
    case kneserNey
    case modifiedKneserNey
  }

  /// Which n-grams leave the model once all is counted.
  struct Pruning {
    /// An n-gram that occurs so often or less is left out, for each order from 1; the last holds for
    /// all longer ones.
    var thresholds: [Int] = []

    /// Words that are left out, and with them every n-gram that has one.
    var dropped: Set<UInt32> = []

    func keeps(_ key: UInt128, length: Int, occurrences: Int, bitCount: Int) -> Bool {
      let threshold = thresholds.isEmpty ? 0 : thresholds[min(length, thresholds.count) - 1]
      if occurrences <= threshold { return false }
      if dropped.isEmpty { return true }
      let mask: UInt128 = (1 << UInt128(bitCount)) - 1
      return (0..<length).allSatisfy {
        !dropped.contains(UInt32(key >> UInt128(bitCount * $0) & mask) - 1)
      }
    }
  }

  /// What differs between SRILM and this project.
  struct Customs {
    /// The number of tokens that can follow, `<s>` left out: SRILM has no `<unk>` among them.
    var vocabularySize: Int

    /// SRILM takes interpolation away from a context whose seen tokens leave less than 3e-6: the
    /// discounted mass then goes to the unseen tokens alone.
    var disablesInterpolation: Bool
  }

  private var probability: [[UInt128: Double]] = [[:]]
  private var weight: [[UInt128: Double]] = [[0: 1]]
  private let bitCount: Int
  private let order: Int

  /// The number of contexts that interpolation was taken from.
  private(set) var disabledCount = 0

  /// The number of n-grams kept of each order, order 1 first, with `<s>` and the unknown word.
  var ngramCounts: [Int] {
    probability.indices.dropFirst().map { probability[$0].count + ($0 == 1 ? 1 : 0) }
  }

  init(
    _ counts: PlainCounts,
    _ kind: Kind,
    isInterpolated: Bool,
    customs: Customs,
    pruning: Pruning = Pruning()
  ) {
    bitCount = counts.bitCount
    order = counts.occurrences.count - 1
    let table: [[UInt128: Int]] =
      switch kind {
      case .kneserNey, .modifiedKneserNey: counts.continuations
      default: counts.occurrences
      }
    for length in 1...order {
      let discounts = Self.discounts(kind, table[length])
      var contexts: [UInt128: Context] = [:]
      var kept: [UInt128: Int] = [:]
      for (key, count) in table[length] {
        let isKept = pruning.keeps(
          key,
          length: length,
          occurrences: counts.occurrences[length][key, default: 0],
          bitCount: bitCount
        )
        // What is pruned gives up all that it has: that is the whole rule.
        contexts[key >> UInt128(bitCount), default: Context()].add(
          count,
          isKept ? discounts[min(count, discounts.count - 1)] : Double(count),
          isKept: isKept
        )
        if isKept { kept[key] = count }
      }
      for (key, var context) in contexts {
        switch kind {
        case .additive(let alpha): context.lent = alpha * Double(customs.vocabularySize)
        case .wittenBell: context.lent = Double(context.types)
        default: break
        }
        if !isInterpolated && context.released + context.lent <= 3e-6 * context.total
          && context.keptTypes < customs.vocabularySize
        {
          context.lent += 1
        }
        contexts[key] = context
      }
      if length == 1 {
        addUnigrams(kept, discounts, contexts[0] ?? Context(), customs)
      } else {
        add(length, kept, discounts, &contexts, isInterpolated, customs)
      }
    }
  }

  /// What is known of a context.
  private struct Context {
    var total = 0.0
    var types = 0
    var keptTypes = 0
    var pruned = 0.0
    var released = 0.0
    var lent = 0.0
    var seen = 0.0
    var covered = 0.0
    var isInterpolated = true

    var divisor: Double { total + lent }
    var share: Double { (released + lent) / divisor }

    mutating func add(_ count: Int, _ discount: Double, isKept: Bool) {
      total += Double(count)
      types += 1
      released += discount
      if isKept { keptTypes += 1 } else { pruned += Double(count) }
    }
  }

  /// What each count gives up, the last for all above it.
  private static func discounts(_ kind: Kind, _ table: [UInt128: Int]) -> [Double] {
    var n = [Double](repeating: 0, count: 5)
    for count in table.values where count <= 4 { n[count] += 1 }
    let y = n[1] / (n[1] + 2 * n[2])
    return switch kind {
    case .additive(let alpha): [-alpha]
    case .wittenBell: [0]
    case .absolute(let discount): [discount ?? y]
    case .kneserNey: [y]
    case .modifiedKneserNey:
      [0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]
    }
  }

  private mutating func addUnigrams(
    _ table: [UInt128: Int],
    _ discounts: [Double],
    _ context: Context,
    _ customs: Customs
  ) {
    // Σ d + e for additive smoothing is what only unseen tokens have, but for what is pruned; all
    // others share it evenly.
    let isAdditive = discounts[0] < 0
    let shared = isAdditive ? context.pruned / context.divisor : context.share
    var values: [UInt128: Double] = [:]
    var table = table
    table[UInt128(TokenID.unknown.rawValue) + 1, default: 0] += 0
    for (key, count) in table {
      let discount = count == 0 && !isAdditive ? 0 : discounts[min(count, discounts.count - 1)]
      values[key] =
        (Double(count) - discount) / context.divisor + shared / Double(customs.vocabularySize)
    }
    probability.append(values)
    weight.append([:])
  }

  private mutating func add(
    _ length: Int,
    _ table: [UInt128: Int],
    _ discounts: [Double],
    _ contexts: inout [UInt128: Context],
    _ isInterpolated: Bool,
    _ customs: Customs
  ) {
    let mask: UInt128 = (1 << UInt128(bitCount * (length - 1))) - 1
    let shorter = probability[length - 1]
    func value(_ key: UInt128, _ count: Int, _ context: Context) -> Double {
      let own =
        (Double(count) - discounts[min(count, discounts.count - 1)]) / context.divisor
      return isInterpolated && context.isInterpolated
        ? own + context.share * shorter[key & mask, default: 0] : own
    }
    for (key, count) in table {
      let contextKey = key >> UInt128(bitCount)
      guard let context = contexts[contextKey] else { continue }
      contexts[contextKey]?.seen += value(key, count, context)
      contexts[contextKey]?.covered += shorter[key & mask, default: 0]
    }
    if isInterpolated && customs.disablesInterpolation {
      for (key, context) in contexts
      where context.seen > 1 - 3e-6 && context.keptTypes < customs.vocabularySize {
        contexts[key]?.isInterpolated = false
        contexts[key]?.seen = 1 - context.share
        disabledCount += 1
      }
    }
    var values: [UInt128: Double] = [:]
    values.reserveCapacity(table.count)
    for (key, count) in table {
      guard let context = contexts[key >> UInt128(bitCount)] else { continue }
      values[key] = value(key, count, context)
    }
    probability.append(values)
    weight[length - 1] = contexts.mapValues { context in
      if isInterpolated && context.isInterpolated { return context.share }
      return context.covered >= 1 ? 0 : max(0, 1 - context.seen) / (1 - context.covered)
    }
    weight.append([:])
  }

  /// The perplexity of `tokens`, but for those that the vocabulary lacks unless these are wanted.
  func perplexity(_ tokens: [TokenID], countsUnknown: Bool = false) -> Double {
    var bits = 0.0
    var count = 0
    var key: UInt128 = 0
    var available = 0
    let mask: UInt128 =
      bitCount * order == 128 ? .max : (1 << UInt128(bitCount * order)) - 1
    for token in tokens {
      key = (key << UInt128(bitCount) | UInt128(token.index + 1)) & mask
      available = token == .beginSentence ? 1 : available + 1
      if token == .beginSentence || token.isOutOfVocabulary && !countsUnknown { continue }
      bits += score(key, length: min(available, order))
      count += 1
    }
    return LogProbability(bits: -bits / Double(count)).probability
  }

  private func score(_ key: UInt128, length: Int) -> Double {
    var length = length
    var bits = 0.0
    while true {
      let ngram = key & ((1 << UInt128(bitCount * length)) - 1)
      if let value = probability[length][ngram] { return bits + LogProbability(of: value).bits }
      if length == 1 { return -.infinity }
      let context = ngram >> UInt128(bitCount)
      if let weight = weight[length - 1][context] { bits += LogProbability(of: weight).bits }
      length -= 1
    }
  }
}
