import Files
import Synchronization

/// An n-gram that follows a frequent context, and its counts.
struct FrequentNGram: RadixSortable {
  /// The code of its last word.
  var word: UInt32
  var occurrences: UInt32
  var predecessors: UInt32

  var radixKey: UInt64 { UInt64(word) }
}

/// The n-grams that follow the frequent contexts, added up from the blocks they were counted in.
///
/// A block gives the n-grams of the context that owns it, by last word, and a longer frequent
/// context gives its own to the shorter one; when the last have come, they are added.
final class FrequentNGrams: Sendable {
  /// The n-grams of one context, by the code of their last word.
  struct List: Sendable {
    fileprivate let ngrams: [FrequentNGram]

    /// The number of n-grams.
    var count: Int { ngrams.count }

    @inline(__always)
    func word(_ index: Int) -> UInt32 { ngrams[index].word }
    @inline(__always)
    func occurrences(_ index: Int) -> UInt32 { ngrams[index].occurrences }
    @inline(__always)
    func predecessors(_ index: Int) -> UInt32 { ngrams[index].predecessors }
  }

  /// The lists that have come of a context, and the number of those to come.
  private struct Slot {
    var context: FrequentContext
    var lists: [[FrequentNGram]] = []
    var missingCount: Int
  }

  private let slots = Mutex<[Slot]>([])
  private let bitCount: Int

  /// No n-gram yet; words have codes of `bitCount` bits.
  init(bitCount: Int) { self.bitCount = bitCount }

  /// The frequent contexts.
  var contexts: [FrequentContext] { slots.withLock { $0.map(\.context) } }

  /// Expects the n-grams of the frequent contexts of `blocks`.
  func expect(_ blocks: HistoryBlocks) {
    slots.withLock { slots in
      slots += blocks.frequent.map { Slot(context: $0, missingCount: Int($0.childCount)) }
      if let (context, count) = blocks.continuation {
        slots[Int(context)].missingCount += Int(count)
      }
    }
  }

  /// Adds the n-grams of a block or a longer context to those of `context`, from any thread.
  func add(_ ngrams: [FrequentNGram], to context: Int) {
    let lists = slots.withLock { slots -> [[FrequentNGram]]? in
      slots[context].lists.append(ngrams)
      slots[context].missingCount -= 1
      guard slots[context].missingCount == 0 else { return nil }
      defer { slots[context].lists = [] }
      return slots[context].lists
    }
    guard let lists else { return }
    let sum = Self.sum(lists, bitCount)
    let parent = slots.withLock { slots -> UInt32 in
      // A context that goes on in the next pass begins its next sum with this one.
      slots[context].lists = [sum]
      return slots[context].context.parent
    }
    guard parent != HistoryBlock.none else { return }
    // For the shorter context, this one is one predecessor, whatever its own number is.
    add(
      sum.map {
        FrequentNGram(word: $0.word, occurrences: $0.occurrences, predecessors: 1)
      },
      to: Int(parent)
    )
  }

  /// The n-grams of `context`, when all have come.
  func list(_ context: Int) -> List {
    List(ngrams: slots.withLock { $0[context].lists.first ?? [] })
  }

  private static func sum(_ lists: [[FrequentNGram]], _ bitCount: Int) -> [FrequentNGram] {
    let count = lists.reduce(0) { $0 + $1.count }
    var sorter = RadixSorter<FrequentNGram>()
    sorter.reserve(count)
    var next = 0
    for list in lists {
      for ngram in list {
        sorter.items[next] = ngram
        next += 1
      }
    }
    sorter.sort(0..<count, bitCount: bitCount)
    var distinct = 0
    for index in 0..<count
    where index == 0 || sorter.items[index].word != sorter.items[index - 1].word { distinct += 1 }
    var sum: [FrequentNGram] = []
    sum.reserveCapacity(distinct)
    for index in 0..<count {
      let ngram = sorter.items[index]
      if let last = sum.last, last.word == ngram.word {
        sum[sum.count - 1].occurrences += ngram.occurrences
        sum[sum.count - 1].predecessors += ngram.predecessors
      } else {
        sum.append(ngram)
      }
    }
    return sum
  }
}
