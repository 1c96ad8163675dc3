import Files
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing

/// The radix sort held against the library's, whose `sorted()` keeps the order of equals.
@Suite struct SortTests {
  static let sizes = [0, 1, 2, 23, 24, 25, 26, 100, 255, 256, 257, 2047, 2048, 2049, 5000]

  @Test(arguments: sizes, [1, 7, 8, 9, 11, 22, 33, 64])
  func `a radix sort is stable and in order`(size: Int, bitCount: Int) {
    var generator = SplitMix64(seed: UInt64(size * 100 + bitCount))
    let mask = UInt64.max >> UInt64(64 - bitCount)
    let items = (0..<size).map { index in
      HistoryItem(
        radixKey: generator.next() & mask,
        position: UInt32(index),
        word: UInt32(index) &* 7
      )
    }
    #expect(sorted(items, 0..<size, bitCount) == expected(items, 0..<size))
  }

  @Test(arguments: [30, 3000])
  func `only the range is sorted`(size: Int) {
    var generator = SplitMix64(seed: 5)
    let items = (0..<size).map { index in
      HistoryItem(radixKey: generator.next() >> 40, position: UInt32(index), word: 0)
    }
    for range in [0..<size, 1..<(size - 1), (size / 3)..<(size / 2), 4..<4] {
      #expect(sorted(items, range, 24) == expected(items, range))
    }
  }

  @Test(arguments: [30, 3000])
  func `digits that all keys share are passed over`(size: Int) {
    var generator = SplitMix64(seed: 6)
    for key in [UInt64(0x1234_5678_9abc_def0), 0] {
      let items = (0..<size).map { index in
        HistoryItem(
          radixKey: key ^ (generator.next() & 0xff00_0000),
          position: UInt32(index),
          word: 1
        )
      }
      #expect(sorted(items, 0..<size, 64) == expected(items, 0..<size))
    }
  }

  @Test func `words are sorted by word and keep their contexts' order`() {
    var sorter = RadixSorter<WordItem>()
    sorter.reserve(600)
    var generator = SplitMix64(seed: 7)
    let items = (0..<600).map { WordItem(word: UInt32(generator.skewed(9)), index: UInt32($0)) }
    for (index, item) in items.enumerated() { sorter.items[index] = item }
    sorter.sort(0..<600, bitCount: 4)
    let found = (0..<600).map { sorter.items[$0].index }
    let expected = items.sorted { ($0.word, $0.index) < ($1.word, $1.index) }
    #expect(found == expected.map(\.index))
  }

  /// The positions of the items after the sort, after both sorts of the same sorter.
  private func sorted(_ items: [HistoryItem], _ range: Range<Int>, _ bitCount: Int) -> [UInt32] {
    var sorter = RadixSorter<HistoryItem>()
    sorter.reserve(items.count)
    for (index, item) in items.enumerated() { sorter.items[index] = item }
    sorter.sort(range, bitCount: bitCount)
    return items.indices.map { sorter.items[$0].position }
  }

  private func expected(_ items: [HistoryItem], _ range: Range<Int>) -> [UInt32] {
    var positions = items.map(\.position)
    positions[range].sort {
      (items[Int($0)].radixKey, $0) < (items[Int($1)].radixKey, $1)
    }
    return positions
  }
}
