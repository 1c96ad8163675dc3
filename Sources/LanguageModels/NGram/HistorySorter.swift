import Files

/// A token to be scored: its reversed history and itself as one number, and where it stands.
///
/// From the top: the last word's place in its region, the codes of the words before it, the nearest
/// first, and the token's own code (``HistoryKey``). So items in order have the contexts of a region
/// in the order of its levels, and after each context the words in the order of its n-grams.
struct HistoryKeyItem: BitwiseCopyable {
  private var high: UInt64
  private var low: UInt64
  /// Where the token stands.
  var position: UInt32
  /// The number of words of its history.
  var depth: UInt32

  @inline(__always)
  init(key: UInt128, position: UInt32, depth: UInt32) {
    high = UInt64(truncatingIfNeeded: key >> 64)
    low = UInt64(truncatingIfNeeded: key)
    self.position = position
    self.depth = depth
  }

  @inline(__always)
  var key: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

/// How the fields of a ``HistoryKeyItem`` are packed.
struct HistoryKey: BitwiseCopyable {
  /// The number of words before the last one that the key holds; the others are not sorted by.
  let fieldCount: Int
  /// The number of bits of a word's code.
  let fieldBits: Int
  /// The number of bits of the whole key.
  let bitCount: Int
  private let mask: UInt128

  /// The key of the tokens after the words of `region`, for n-grams up to `order`, two or more.
  init(_ entry: RegionEntry, order: Int, fieldBits: Int) {
    // One number more than there are words, for a word that a damaged file sends here.
    let wordBits = UInt32.bitWidth - entry.wordCount.leadingZeroBitCount
    fieldCount = min(order - 2, (UInt128.bitWidth - wordBits - fieldBits) / fieldBits)
    self.fieldBits = fieldBits
    bitCount = wordBits + (fieldCount + 1) * fieldBits
    mask = (1 << UInt128(fieldBits)) - 1
  }

  /// The place of the last word in the region.
  @inline(__always)
  func lastWord(_ key: UInt128) -> Int {
    Int(truncatingIfNeeded: key &>> UInt128((fieldCount + 1) * fieldBits))
  }

  /// The code of the word at `distance` before the token, 2 or more and at most `fieldCount` + 1.
  @inline(__always)
  func word(_ key: UInt128, distance: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: key &>> UInt128((fieldCount + 2 - distance) * fieldBits) & mask)
  }

  /// The code of the token.
  @inline(__always)
  func token(_ key: UInt128) -> UInt32 { UInt32(truncatingIfNeeded: key & mask) }
}

/// Sorts tokens by their histories.
///
/// Most significant digit first: codes lie evenly, so one pass by a digit of about log n bits leaves
/// few items together, which are put in order by insertion; where many are left, they are sorted by
/// the next digit in the same way.
struct HistorySorter: ~Copyable {
  /// The items to sort.
  private(set) var items = Buffer<HistoryKeyItem>()
  private var other = Buffer<HistoryKeyItem>()
  private let histogram = Buffer<UInt32>(count: 1 << maximumDigit)

  private static let maximumDigit = 11
  private static let insertionLimit = 20

  init() {}

  /// Makes room for `count` items.
  mutating func reserve(_ count: Int) {
    items.grow(to: count)
    other.grow(to: items.count)
  }

  /// Sorts the first `count` items by the lowest `bitCount` bits of their keys.
  ///
  /// - Complexity: O(items) where few are alike, O(items · bits) at most.
  func sort(_ count: Int, bitCount: Int) {
    distribute(0..<count, bitCount)
    guard count > 1 else { return }
    for index in 1..<count {
      let item = items[index]
      let key = item.key
      var place = index
      while place > 0 && items[place - 1].key > key {
        items[place] = items[place - 1]
        place -= 1
      }
      if place != index { items[place] = item }
    }
  }

  /// Brings the items of `range`, alike but for the lowest `bitCount` bits, so far into order that
  /// none is far from its place.
  private func distribute(_ range: Range<Int>, _ bitCount: Int) {
    var bitCount = bitCount
    while range.count > Self.insertionLimit && bitCount > 0 {
      let width = Int.bitWidth - range.count.leadingZeroBitCount
      let digit = min(bitCount, Self.maximumDigit, width)
      bitCount -= digit
      if distribute(range, shift: UInt128(bitCount), digit) { break }
    }
    if range.count <= Self.insertionLimit || bitCount == 0 { return }
    let shift = UInt128(bitCount)
    var start = range.lowerBound
    while start < range.upperBound {
      let digits = items[start].key &>> shift
      var end = start + 1
      while end < range.upperBound && items[end].key &>> shift == digits { end += 1 }
      if end - start > Self.insertionLimit { distribute(start..<end, bitCount) }
      start = end
    }
  }

  /// Distributes by one digit; false where all items have the same.
  private func distribute(_ range: Range<Int>, shift: UInt128, _ digit: Int) -> Bool {
    let mask = UInt64(1) << UInt64(digit) - 1
    histogram.fill(0..<(1 << digit), with: 0)
    for index in range {
      histogram[Self.bucket(items[index], shift, mask)] &+= 1
    }
    let first = Self.bucket(items[range.lowerBound], shift, mask)
    if Int(histogram[first]) == range.count { return false }
    var start = UInt32(truncatingIfNeeded: range.lowerBound)
    for bucket in 0..<(1 << digit) {
      let size = histogram[bucket]
      histogram[bucket] = start
      start &+= size
    }
    for index in range {
      let item = items[index]
      let bucket = Self.bucket(item, shift, mask)
      let place = histogram[bucket]
      other[Int(place)] = item
      histogram[bucket] = place &+ 1
    }
    items.copy(range, of: other, to: range.lowerBound)
    return true
  }

  @inline(__always)
  private static func bucket(_ item: HistoryKeyItem, _ shift: UInt128, _ mask: UInt64) -> Int {
    Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: item.key &>> shift) & mask)
  }
}
