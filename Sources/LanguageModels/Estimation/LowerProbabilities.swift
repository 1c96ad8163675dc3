import Files
import Synchronization

/// The probabilities that blocks build on: the unigrams, and the tokens after each frequent
/// context.
///
/// A frequent context's are added when it has been estimated.
final class LowerProbabilities: Sendable {
  /// The tokens that follow one context.
  final class List: Sendable {
    private let words: Buffer<UInt32>
    private let probabilities: Buffer<Double>
    private let count: Int

    /// The last words of the n-grams of `scan`, which has one context, with the `probabilities` of
    /// the same number.
    init(_ scan: borrowing BlockScan, _ probabilities: borrowing Buffer<Double>) {
      count = scan.ngramCount
      var words = Buffer<UInt32>(count: count)
      var copy = Buffer<Double>(count: count)
      for index in 0..<count { words[index] = scan.ngrams[index].word }
      copy.copy(0..<count, of: probabilities, to: 0)
      self.words = words
      self.probabilities = copy
    }

    /// The probability of `word`, which follows the context; the search begins at the index `hint`,
    /// at or before the word's own, and leaves the word's own there.
    @inline(__always)
    func probability(of word: UInt32, from hint: inout Int) -> Double {
      var step = 1
      while hint + step < count && words[hint + step] <= word {
        hint += step
        step *= 2
      }
      while step > 0 {
        if hint + step < count && words[hint + step] <= word { hint += step }
        step /= 2
      }
      return probabilities[hint]
    }
  }

  private final class Slot: Sendable {
    let list = Mutex<List?>(nil)
  }

  /// The number of tokens that can follow.
  var predictedCount: Int { unigrams.count - 1 }

  private let unigrams: [Double]
  private let code: WordCode
  private let slots: [Slot]

  /// The tokens' own probabilities, and those after `frequentCount` contexts to come.
  init(_ unigrams: [Double], code: WordCode, frequentCount: Int) {
    self.unigrams = unigrams
    self.code = code
    slots = (0..<frequentCount).map { _ in Slot() }
  }

  /// The unigram probability of the word with the code `word`.
  @inline(__always)
  func unigram(_ word: UInt32) -> Double { unigrams[Int(code.word(word))] }

  /// The tokens after the frequent context `context`; nil for ``HistoryBlock/none``, and before
  /// they are known.
  func list(_ context: UInt32) -> List? {
    context == HistoryBlock.none ? nil : slots[Int(context)].list.withLock { $0 }
  }

  /// Sets the tokens after a frequent context.
  func set(_ list: List, of context: Int) { slots[context].list.withLock { $0 = list } }
}
