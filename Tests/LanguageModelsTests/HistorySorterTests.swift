import Files
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing

/// How histories are packed and put in order.
@Suite struct HistorySorterTests {
  @Test(arguments: [2, 3, 5, 16], [4, 19, 31])
  func `an item gives back what it was made of`(order: Int, fieldBits: Int) {
    let key = HistoryKey(wordCount: 3000, order: order, fieldBits: fieldBits, positionBits: 31)
    var generator = SplitMix64(seed: UInt64(order))
    let codes = (0..<order).map { _ in
      UInt32(truncatingIfNeeded: generator.next() >> UInt64(64 - fieldBits))
    }
    var history: UInt128 = 0
    for code in codes.reversed() { history = key.history(history, then: code) }
    let item = key.item(lastWord: 2999, history, token: codes[0], position: Int(Int32.max))
    #expect(key.lastWord(item) == 2999)
    #expect(key.token(item) == codes[0])
    #expect(key.position(item) == Int(Int32.max))
    #expect(key.fieldCount <= order - 2)
    for distance in 2..<2 + key.fieldCount {
      #expect(key.word(item, distance: distance) == codes[distance - 2])
    }
  }

  @Test func `items that differ in a word share the words after it`() {
    let key = HistoryKey(wordCount: 9, order: 4, fieldBits: 5, positionBits: 10)
    func shared(_ last: UInt32, _ words: [UInt32], _ token: UInt32) -> Int {
      var history: UInt128 = 0
      for word in words { history = key.history(history, then: word) }
      let item = key.item(lastWord: last, history, token: token, position: 7)
      let other = key.item(
        lastWord: 3,
        key.history(key.history(0, then: 2), then: 1),
        token: 30,
        position: 8
      )
      return key.sharedCount((item.bits ^ other.bits) & key.mask)
    }
    #expect(shared(2, [2, 1], 30) == 0)
    #expect(shared(3, [2, 31], 30) == 1)
    #expect(shared(3, [9, 1], 30) == 2)
    #expect(shared(3, [2, 1], 1) == 3)
  }

  @Test(arguments: [0, 1, 20, 21, 500, 6000], [1, 3, 900])
  func `items come in order`(count: Int, variety: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    let key = HistoryKey(wordCount: 40, order: 5, fieldBits: 20, positionBits: 13)
    var source = Buffer<HistoryKeyItem>(count: count + 3)
    for index in 0..<count {
      var history: UInt128 = 0
      for _ in 0..<3 {
        history = key.history(history, then: UInt32(generator.skewed(variety)) &* 997)
      }
      source[index + 3] = key.item(
        lastWord: UInt32(generator.skewed(min(40, variety))),
        history,
        token: UInt32(generator.skewed(variety)),
        position: index
      )
    }
    var sorter = HistorySorter()
    let range = 3..<count + 3
    sorter.sort(range, of: source, keyBits: 0..<key.bitCount)
    #expect(
      (0..<count).map { sorter.items[$0].bits } == range.map { source[$0].bits }.sorted()
    )
  }
}
