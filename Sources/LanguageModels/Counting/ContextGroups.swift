import Files
import Tokenization

/// The positions of a text, partitioned by the last word of their context.
///
/// Every quantity of order 2 and above is local to that word: contexts that end in `v`, the n-grams
/// that follow them, their counts, and the shorter n-grams they take probability from. So each group
/// can be worked on by itself, in the cache, by any thread. Rare words share a group; the positions
/// of a group stay in the order of the text.
final class ContextGroups: Sendable {
  /// The number of positions at which a group of several words is closed.
  static let positionLimit = 4096

  let order: Int
  let vocabularySize: Int
  let text: TrainingText

  /// The number of groups.
  let count: Int

  /// The first word of each group, and one past the last.
  let firstWord: Buffer<UInt32>

  private let start: Buffer<UInt64>
  private let positions: Buffer<UInt32>

  /// Partitions the positions of `text` for n-grams up to `order`, which is at least 2.
  init(_ text: TrainingText, vocabularySize: Int, order: Int) {
    precondition(order >= 2, "order must be at least 2, not \(order)")
    self.text = text
    self.order = order
    self.vocabularySize = vocabularySize
    let beginSentence = TokenID.beginSentence.rawValue
    let sizes = Buffer<UInt32>(repeating: 0, count: vocabularySize)
    for index in 1..<max(1, text.count) where text.tokens[index] != beginSentence {
      sizes[Int(text.tokens[index - 1])] += 1
    }
    let groupOfWord = Buffer<UInt32>(count: vocabularySize)
    var firstWords: [UInt32] = [0]
    var starts: [UInt64] = [0]
    var size = 0
    var total: UInt64 = 0
    for word in 0..<vocabularySize {
      let count = Int(sizes[word])
      if size > 0 && size + count > Self.positionLimit {
        firstWords.append(UInt32(word))
        starts.append(total)
        size = 0
      }
      groupOfWord[word] = UInt32(firstWords.count - 1)
      size += count
      total += UInt64(count)
    }
    firstWords.append(UInt32(vocabularySize))
    starts.append(total)
    count = firstWords.count - 1
    firstWord = Buffer(count: firstWords.count)
    start = Buffer(count: starts.count)
    let cursor = Buffer<UInt64>(count: starts.count)
    for index in firstWords.indices {
      firstWord[index] = firstWords[index]
      start[index] = starts[index]
      cursor[index] = starts[index]
    }
    positions = Buffer(count: Int(total))
    for index in 1..<max(1, text.count) where text.tokens[index] != beginSentence {
      let group = Int(groupOfWord[Int(text.tokens[index - 1])])
      positions[Int(cursor[group])] = UInt32(index)
      cursor[group] += 1
    }
  }

  /// The words that end the contexts of `group`.
  func words(_ group: Int) -> Range<Int> { Int(firstWord[group])..<Int(firstWord[group + 1]) }

  /// The number of positions of `group`.
  func positionCount(_ group: Int) -> Int { Int(start[group + 1] - start[group]) }

  /// The `index`th position of `group`.
  @inline(__always)
  func position(_ group: Int, _ index: Int) -> Int { Int(positions[Int(start[group]) + index]) }
}
