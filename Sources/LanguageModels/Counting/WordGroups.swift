import Files
import Tokenization

/// The words of a vocabulary in groups of similar size, by the number of contexts that end in each.
///
/// Every quantity of order 2 and above is local to the last word of a context: the contexts that
/// end in it, the n-grams that follow them, their counts, and the shorter n-grams they take
/// probability from. So each group is independent of the others, and is a region of the model file.
/// Rare words share a group; a word with more than ``positionLimit`` positions forms a group alone.
struct WordGroups: Sendable {
  /// The number of positions at which a group of several words is closed.
  static let positionLimit = 4096

  /// The first word of each group, and one past the last.
  let firstWord: [UInt32]

  /// The first position of each group when all are sorted by group, and one past the last.
  let start: [Int]

  private let groupOfWord: UnsynchronizedBuffer<UInt32>

  /// The number of groups.
  var count: Int { start.count - 1 }

  /// Groups words of which word `w` has `sizes[w]` positions.
  init(sizes: borrowing Buffer<UInt32>, positionLimit: Int = WordGroups.positionLimit) {
    var firstWord: [UInt32] = [0]
    var start = [0]
    var total = 0
    for word in 0..<sizes.count {
      let size = total - (start.last ?? 0)
      if UInt32(word) > firstWord[firstWord.count - 1]
        && size + Int(sizes[word]) > positionLimit
      {
        firstWord.append(UInt32(word))
        start.append(total)
      }
      total += Int(sizes[word])
    }
    firstWord.append(UInt32(sizes.count))
    start.append(total)
    self.firstWord = firstWord
    self.start = start
    groupOfWord = UnsynchronizedBuffer(repeating: 0, count: sizes.count)
    for group in 0..<start.count - 1 {
      for word in firstWord[group]..<firstWord[group + 1] {
        groupOfWord[Int(word)] = UInt32(group)
      }
    }
  }

  /// The words of `text`, grouped.
  init(
    _ text: TrainingText,
    vocabularySize: Int,
    threads: Int,
    positionLimit: Int = WordGroups.positionLimit
  ) throws {
    let beginSentence = TokenID.beginSentence.rawValue
    var sizes = Buffer<UInt32>(repeating: 0, count: vocabularySize)
    // A scratch file is read once, by one thread.
    let threads = text.isSpilled ? 1 : threads
    let sizesOfThreads = try Parallel.map(threads, threads: threads) { thread in
      let sizes = UnsynchronizedBuffer<UInt32>(repeating: 0, count: vocabularySize)
      try text.forEachRun(overlap: 1) { tokens, range in
        let start = range.lowerBound + range.count * thread / threads
        let end = range.lowerBound + range.count * (thread + 1) / threads
        for index in max(1, start)..<max(1, end) where tokens[index] != beginSentence {
          sizes[Int(tokens[index - 1])] += 1
        }
      }
      return sizes
    }
    for other in sizesOfThreads {
      for word in 0..<vocabularySize { sizes[word] += other[word] }
    }
    self.init(sizes: sizes, positionLimit: positionLimit)
  }

  /// The group of `word`.
  @inline(__always)
  func group(of word: UInt32) -> UInt32 { groupOfWord[Int(word)] }

  /// The words of `group`.
  func words(_ group: Int) -> Range<Int> { Int(firstWord[group])..<Int(firstWord[group + 1]) }

  /// The number of positions of `group`.
  func size(_ group: Int) -> Int { start[group + 1] - start[group] }
}
