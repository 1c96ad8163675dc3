import Files

/// A token to be scored: its reversed history and itself as one number, and where it stands.
///
/// From the top: the last word's place in its region, the codes of the words before it, the nearest
/// first, and the token's own code (``HistoryKey``). So items in order have the contexts of a region
/// in the order of its levels, and after each context the words in the order of its n-grams.
struct HistoryKeyItem: BitwiseCopyable {
  fileprivate var high: UInt64
  fileprivate var low: UInt64
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
  /// The number of bits below the key, which are zero.
  let padding: Int
  private let mask: UInt128

  /// The key of the tokens after the words of `region`, for n-grams up to `order`, two or more.
  init(_ entry: RegionEntry, order: Int, fieldBits: Int) {
    // One number more than there are words, for a word that a damaged file sends here.
    let wordBits = UInt32.bitWidth - entry.wordCount.leadingZeroBitCount
    fieldCount = min(order - 2, (UInt128.bitWidth - wordBits - fieldBits) / fieldBits)
    self.fieldBits = fieldBits
    bitCount = wordBits + (fieldCount + 1) * fieldBits
    padding = UInt128.bitWidth - bitCount
    mask = (1 << UInt128(fieldBits)) - 1
  }

  /// The place of the last word in the region.
  @inline(__always)
  func lastWord(_ key: UInt128) -> Int {
    Int(truncatingIfNeeded: key >> UInt128((fieldCount + 1) * fieldBits + padding))
  }

  /// The code of the word at `distance` before the token, 2 or more and at most `fieldCount` + 1.
  @inline(__always)
  func word(_ key: UInt128, distance: Int) -> UInt32 {
    UInt32(
      truncatingIfNeeded: key &>> UInt128((fieldCount + 2 - distance) * fieldBits + padding) & mask
    )
  }

  /// The code of the token.
  @inline(__always)
  func token(_ key: UInt128) -> UInt32 {
    UInt32(truncatingIfNeeded: key &>> UInt128(padding) & mask)
  }
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

  /// Sorts the first `count` items by the highest `bitCount` bits of their keys.
  ///
  /// - Complexity: O(items) where few are alike, O(items · bits) at most.
  func sort(_ count: Int, bitCount: Int) {
    if count > Self.insertionLimit { distribute(0..<count, from: 0, bitCount) }
    guard count > 1 else { return }
    for index in 1..<count {
      let item = items[index]
      let key = item.key
      if items[index - 1].key <= key { continue }
      var place = index
      repeat {
        items[place] = items[place - 1]
        place -= 1
      } while place > 0 && items[place - 1].key > key
      items[place] = item
    }
  }

  /// Brings the items of `range`, alike in the highest `start` bits, so far into order that none is
  /// far from its place.
  private func distribute(_ range: Range<Int>, from start: Int, _ bitCount: Int) {
    var digit = Digit(start: start, width: 0)
    repeat {
      let first = digit.end
      if first >= bitCount { return }
      let width = min(Self.maximumDigit, Int.bitWidth - range.count.leadingZeroBitCount)
      // A digit does not go beyond the half of a key that it begins in.
      digit = Digit(start: first, width: min(width, 64 - first % 64))
    } while !distribute(range, digit)
    if digit.end >= bitCount { return }
    var start = range.lowerBound
    while start < range.upperBound {
      let bucket = digit.of(items[start])
      var end = start + 1
      while end < range.upperBound && digit.of(items[end]) == bucket { end += 1 }
      if end - start > Self.insertionLimit { distribute(start..<end, from: digit.end, bitCount) }
      start = end
    }
  }

  /// Distributes by one digit; false where all items have the same.
  private func distribute(_ range: Range<Int>, _ digit: Digit) -> Bool {
    histogram.fill(0..<(1 << digit.width), with: 0)
    for index in range { histogram[digit.of(items[index])] &+= 1 }
    if Int(histogram[digit.of(items[range.lowerBound])]) == range.count { return false }
    var start = UInt32(truncatingIfNeeded: range.lowerBound)
    for bucket in 0..<(1 << digit.width) {
      let size = histogram[bucket]
      histogram[bucket] = start
      start &+= size
    }
    for index in range {
      let item = items[index]
      let bucket = digit.of(item)
      let place = histogram[bucket]
      other[Int(place)] = item
      histogram[bucket] = place &+ 1
    }
    items.copy(range, of: other, to: range.lowerBound)
    return true
  }

  /// Some bits of a key, all in its higher or all in its lower half.
  private struct Digit {
    /// The number of bits above them.
    let start: Int
    let width: Int
    var end: Int { start + width }

    @inline(__always)
    func of(_ item: HistoryKeyItem) -> Int {
      let half = start < 64 ? item.high : item.low
      return Int(truncatingIfNeeded: (half &<< UInt64(start & 63)) &>> UInt64(64 - width))
    }
  }
}
