import Files

/// An item with an integer key that a radix sort orders by.
protocol RadixSortable: BitwiseCopyable {
  /// The key; only the lowest `bitCount` bits of a sort may be set.
  var radixKey: UInt64 { get }
}

/// A position of the text with the packed words of its history.
struct HistoryItem: RadixSortable {
  var radixKey: UInt64
  var position: UInt32
  var word: UInt32
}

/// A word with the number of its position among the sorted histories.
struct WordItem: RadixSortable {
  var word: UInt32
  var index: UInt32
  var radixKey: UInt64 { UInt64(word) }
}

/// A stable sort of plain items by an integer key: least significant digit first, in two buffers.
struct RadixSorter<Item: RadixSortable>: ~Copyable {
  /// The items to sort.
  var items = Buffer<Item>()
  private var other = Buffer<Item>()
  private var histogram = Buffer<Int>(repeating: 0, count: 1 << 11)

  /// Makes room for `count` items.
  mutating func reserve(_ count: Int) { items.grow(to: count) }

  /// Sorts the items of `range` by the lowest `bitCount` bits of their keys.
  ///
  /// - Complexity: O(items · digits), a digit 8 or 11 bits; short ranges by insertion.
  mutating func sort(_ range: Range<Int>, bitCount: Int) {
    if range.count < 2 || bitCount == 0 { return }
    if range.count <= 24 { return insertionSort(range) }
    if other.count < items.count { other.grow(to: items.count) }
    let digit = range.count < 2048 ? 8 : 11
    var shift = 0
    var isInItems = true
    while shift < bitCount {
      let moved =
        isInItems
        ? Self.pass(from: items, to: &other, range, shift: shift, digit: digit, &histogram)
        : Self.pass(from: other, to: &items, range, shift: shift, digit: digit, &histogram)
      if moved { isInItems.toggle() }
      shift += digit
    }
    if !isInItems { items.copy(range, of: other, to: range.lowerBound) }
  }

  private mutating func insertionSort(_ range: Range<Int>) {
    for index in (range.lowerBound + 1)..<range.upperBound {
      let item = items[index]
      let key = item.radixKey
      var gap = index
      while gap > range.lowerBound && items[gap - 1].radixKey > key {
        items[gap] = items[gap - 1]
        gap -= 1
      }
      items[gap] = item
    }
  }

  /// Distributes by one digit; false if all items have the same and nothing was moved.
  private static func pass(
    from source: borrowing Buffer<Item>,
    to target: inout Buffer<Item>,
    _ range: Range<Int>,
    shift: Int,
    digit: Int,
    _ histogram: inout Buffer<Int>
  ) -> Bool {
    let mask = UInt64(1 << digit - 1)
    histogram.fill(0..<(1 << digit), with: 0)
    for index in range {
      let bucket = Int(truncatingIfNeeded: source[index].radixKey >> UInt64(shift) & mask)
      histogram[bucket] &+= 1
    }
    let first = Int(truncatingIfNeeded: source[range.lowerBound].radixKey >> UInt64(shift) & mask)
    if histogram[first] == range.count { return false }
    var start = range.lowerBound
    for bucket in 0..<(1 << digit) {
      let size = histogram[bucket]
      histogram[bucket] = start
      start &+= size
    }
    for index in range {
      let item = source[index]
      let bucket = Int(truncatingIfNeeded: item.radixKey >> UInt64(shift) & mask)
      let next = histogram[bucket]
      target[next] = item
      histogram[bucket] = next &+ 1
    }
    return true
  }
}
