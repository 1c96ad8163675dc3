import Files
import Tokenization

/// The words of a vocabulary in groups, by how often each is the last of a context.
///
/// Every quantity of order 2 and above is local to the last word of a context: the contexts that end
/// in it, the n-grams that follow them, their counts, and the shorter n-grams they take probability
/// from. So a group can be worked on by itself, and is a region of the model file. Rare words share
/// a group; a word with more than ``positionLimit`` positions is a group of its own.
struct WordGroups: Sendable {
  /// The number of positions at which a group of several words is closed.
  static let positionLimit = 4096

  /// The first word of each group, and one past the last.
  let firstWord: [UInt32]

  /// The first position of each group when all are sorted by group, and one past the last.
  let start: [Int]

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
  }

  /// The words of `group`.
  func words(_ group: Int) -> Range<Int> { Int(firstWord[group])..<Int(firstWord[group + 1]) }

  /// The number of positions of `group`.
  func size(_ group: Int) -> Int { start[group + 1] - start[group] }

  /// Tells the group of each word.
  func forEachWord(_ body: (_ word: Int, _ group: Int) -> Void) {
    for group in 0..<count {
      for word in words(group) { body(word, group) }
    }
  }
}
