import Files

/// A token to be scored: its reversed history and itself as one number, and where it stands.
///
/// From the top: the last word's place in its region, the codes of the words before it, the nearest
/// first, the token's own code, and in the lowest bits where it stands (``HistoryKey``). So items
/// in order have the contexts of a region in the order of its levels, after each context the words
/// in the order of its n-grams, and alike ones in the order of the text.
struct HistoryKeyItem: BitwiseCopyable {
  fileprivate var high: UInt64
  fileprivate var low: UInt64

  @inline(__always)
  init(_ bits: UInt128) {
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }

  @inline(__always)
  var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

/// The layout of the fields in a ``HistoryKeyItem``.
struct HistoryKey: BitwiseCopyable {
  /// The number of words before the last one that the key holds; the others are not sorted by.
  let fieldCount: Int
  /// The number of bits of a word's code.
  let fieldBits: Int
  /// The number of bits of the last word's place in its region.
  let wordBits: Int
  /// The number of bits below the key, the position among them.
  let padding: Int
  /// The bits of the key.
  let mask: UInt128
  private let historyMask: UInt128
  private let fieldMask: UInt32
  private let positionMask: UInt32

  /// The key of tokens at positions of `positionBits`, at most 31, after words of regions that have
  /// at most `wordCount`, for n-grams up to `order`, two or more.
  init(wordCount: UInt32, order: Int, fieldBits: Int, positionBits: Int) {
    wordBits = Self.wordBits(wordCount)
    let room = UInt128.bitWidth - wordBits - fieldBits - positionBits
    fieldCount = min(order - 2, room / fieldBits)
    self.fieldBits = fieldBits
    padding = UInt128.bitWidth - wordBits - (fieldCount + 1) * fieldBits
    mask = UInt128.max << UInt128(padding)
    historyMask = (UInt128.max << UInt128(padding + fieldBits)) & (UInt128.max >> UInt128(wordBits))
    fieldMask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(fieldBits)) - 1)
    positionMask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(positionBits)) - 1)
  }

  /// The number of bits of a place in a region of `wordCount` words, one number more among them for
  /// a word that a damaged file sends there.
  static func wordBits(_ wordCount: UInt32) -> Int {
    UInt32.bitWidth - wordCount.leadingZeroBitCount
  }

  /// The number of words of the history, the last among them, in which two items are alike.
  ///
  /// It is one more than there are words where only the token is another. `difference` is that of
  /// their bits in ``mask``.
  @inline(__always)
  func sharedCount(_ difference: UInt128) -> Int {
    let highest = 127 - padding - difference.leadingZeroBitCount
    return max(0, fieldCount + 1 - max(0, highest) / fieldBits)
  }

  /// The number of bits of the key.
  var bitCount: Int { UInt128.bitWidth - padding }

  /// The words of `history` with the word of `code` before them all, the nearest, and without the
  /// one for which there is no more room.
  @inline(__always)
  func history(_ history: UInt128, then code: UInt32) -> UInt128 {
    let first = UInt128(code) &<< UInt128(padding + fieldCount * fieldBits)
    return (history &>> UInt128(fieldBits) | first) & historyMask
  }

  /// The item of a token at `position`, after a word at `lastWord` of its region and the words of
  /// `history` before that.
  @inline(__always)
  func item(lastWord: UInt32, _ history: UInt128, token: UInt32, position: Int) -> HistoryKeyItem {
    HistoryKeyItem(
      UInt128(lastWord) &<< UInt128(UInt128.bitWidth - wordBits) | history
        | UInt128(token) &<< UInt128(padding) | UInt128(UInt32(truncatingIfNeeded: position))
    )
  }

  /// The place of the last word in the region.
  @inline(__always)
  func lastWord(_ item: HistoryKeyItem) -> Int {
    Int(truncatingIfNeeded: item.high >> UInt64(64 - wordBits))
  }

  /// The code of the word at `distance` before the token, 2 or more and at most `fieldCount` + 1;
  /// zero where the history has none.
  @inline(__always)
  func word(_ item: HistoryKeyItem, distance: Int) -> UInt32 {
    field(item, padding + (fieldCount + 2 - distance) * fieldBits)
  }

  /// The code of the token.
  @inline(__always)
  func token(_ item: HistoryKeyItem) -> UInt32 { field(item, padding) }

  /// The index of the token.
  @inline(__always)
  func position(_ item: HistoryKeyItem) -> Int {
    Int(UInt32(truncatingIfNeeded: item.low) & positionMask)
  }

  @inline(__always)
  private func field(_ item: HistoryKeyItem, _ shift: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: item.bits &>> UInt128(shift)) & fieldMask
  }
}

/// Sorts tokens by their histories.
///
/// Most significant digit first: codes lie evenly, so one pass by a digit of about log n bits
/// leaves few items together, which are put in order by insertion; where many are left, they are
/// sorted by the next digit in the same way.
struct HistorySorter: ~Copyable {
  /// The sorted items.
  private(set) var items = Buffer<HistoryKeyItem>()
  private var other = Buffer<HistoryKeyItem>()
  private var histogram = Buffer<UInt32>(count: 1 << maximumDigit)

  private static let maximumDigit = 11
  private static let insertionLimit = 20

  init() {}

  /// Sorts the items at `range` of `source` by the bits `keyBits`, counted from the highest, and
  /// puts them at the start of ``items``; the bits before are alike, the items in the order of
  /// those after.
  ///
  /// - Complexity: O(items) where few are alike, O(items · bits) at most.
  mutating func sort(
    _ range: Range<Int>,
    of source: borrowing Buffer<HistoryKeyItem>,
    keyBits: Range<Int>
  ) {
    items.grow(to: range.count)
    other.grow(to: items.count)
    let count = range.count
    if count > Self.insertionLimit,
      let digit = Self.distribute(range, of: source, to: &items, 0, keyBits, &histogram)
    {
      distributeBuckets(0..<count, digit, keyBits.upperBound)
    } else {
      items.copy(range, of: source, to: 0)
    }
    insertionSort(count)
  }

  private mutating func insertionSort(_ count: Int) {
    guard count > 1 else { return }
    var last = items[0].bits
    for index in 1..<count {
      let item = items[index]
      let bits = item.bits
      if last <= bits {
        last = bits
        continue
      }
      var place = index
      repeat {
        items[place] = items[place - 1]
        place -= 1
      } while place > 0 && items[place - 1].bits > bits
      items[place] = item
    }
  }

  /// Brings the items of each bucket of `range`, which was distributed by `digit`, so far into
  /// order that none is far from its place.
  private mutating func distributeBuckets(_ range: Range<Int>, _ digit: Digit, _ bitCount: Int) {
    if digit.end >= bitCount { return }
    var start = range.lowerBound
    while start < range.upperBound {
      let bucket = digit.of(items[start])
      var end = start + 1
      while end < range.upperBound && digit.of(items[end]) == bucket { end += 1 }
      if end - start > Self.insertionLimit,
        let next = Self.distribute(
          start..<end,
          of: items,
          to: &other,
          start,
          digit.end..<bitCount,
          &histogram
        )
      {
        items.copy(start..<end, of: other, to: start)
        distributeBuckets(start..<end, next, bitCount)
      }
      start = end
    }
  }

  /// Distributes the items at `range` of `source` to `target`, from `start` on, by one digit.
  ///
  /// The digit is the first of `keyBits` in which the items differ. Returns it, or nil if they are
  /// equal.
  private static func distribute(
    _ range: Range<Int>,
    of source: borrowing Buffer<HistoryKeyItem>,
    to target: inout Buffer<HistoryKeyItem>,
    _ start: Int,
    _ keyBits: Range<Int>,
    _ histogram: inout Buffer<UInt32>
  ) -> Digit? {
    let width = min(maximumDigit, Int.bitWidth - range.count.leadingZeroBitCount)
    var digit = Digit(start: keyBits.lowerBound, width: 0)
    repeat {
      let first = digit.end
      if first >= keyBits.upperBound { return nil }
      // A digit does not go beyond the key, nor beyond the half that it begins in.
      let end = min(keyBits.upperBound, first < 64 ? 64 : 128)
      digit = Digit(start: first, width: min(width, end - first))
      histogram.fill(0..<(1 << digit.width), with: 0)
      for index in range { histogram[digit.of(source[index])] &+= 1 }
    } while Int(histogram[digit.of(source[range.lowerBound])]) == range.count
    var next = UInt32(truncatingIfNeeded: start)
    for bucket in 0..<(1 << digit.width) {
      let size = histogram[bucket]
      histogram[bucket] = next
      next &+= size
    }
    for index in range {
      let item = source[index]
      let bucket = digit.of(item)
      let place = histogram[bucket]
      target[Int(place)] = item
      histogram[bucket] = place &+ 1
    }
    return digit
  }

  /// A digit of a key, which does not cross the middle of the key.
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
