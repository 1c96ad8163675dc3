/// A set of places in a text, a bit for each.
struct PlaceSet {
  /// The place of the first bit, a multiple of 64.
  private var origin = 0
  private var words: [UInt64] = []

  /// The empty set.
  init() {}

  /// The set of one place.
  init(_ place: Int) {
    origin = place & ~63
    words = [1 << UInt64(place & 63)]
  }

  /// The number of words that hold the set.
  var wordCount: Int { words.count }

  /// True if the set has no place.
  var isEmpty: Bool { words.isEmpty }

  /// The least place; nil if the set is empty.
  var first: Int? { words.first.map { origin + $0.trailingZeroBitCount } }

  /// The greatest place; nil if the set is empty.
  var last: Int? {
    words.last.map { origin + 64 * words.count - 1 - $0.leadingZeroBitCount }
  }

  /// The one place of the set; nil if it has none or several.
  var only: Int? { words.count == 1 && words[0].nonzeroBitCount == 1 ? first : nil }

  /// True if `place` is in the set.
  func contains(_ place: Int) -> Bool {
    let index = (place - origin) >> 6
    return words.indices.contains(index) && words[index] >> UInt64(place & 63) & 1 == 1
  }

  /// Adds a place.
  mutating func insert(_ place: Int) {
    if words.isEmpty { origin = place & ~63 }
    guard place >= origin else { return formUnion(PlaceSet(place)) }
    let index = (place - origin) >> 6
    while words.count <= index { words.append(0) }
    words[index] |= 1 << UInt64(place & 63)
  }

  /// The places in ascending order.
  var all: Places { Places(rest: words.first ?? 0, origin: origin, words: words) }

  /// Adds the places of `other`.
  mutating func formUnion(_ other: PlaceSet) {
    if isEmpty { self = other } else { insert(other, advancedBy: 0) }
  }

  /// The places plus `count` each.
  func advanced(by count: Int) -> PlaceSet {
    var result = PlaceSet()
    result.insert(self, advancedBy: count)
    return result
  }

  /// Adds the places of `other` that `mask` has, plus `count` each.
  ///
  /// The bits of `mask` begin at the place `start`, a multiple of 64. Without a mask, all places are
  /// added.
  mutating func insert(
    _ other: PlaceSet,
    in mask: [UInt64]? = nil,
    from start: Int = 0,
    advancedBy count: Int
  ) {
    guard !other.isEmpty else { return }
    let first = other.origin + count & ~63
    reserve(from: first, to: first + 64 * (other.words.count + 1))
    var index = (first - origin) >> 6
    let shift = UInt64(count & 63)
    var block = (other.origin - start) >> 6
    var carry: UInt64 = 0
    for var word in other.words {
      if let mask { word &= mask.indices.contains(block) ? mask[block] : 0 }
      words[index] |= word << shift | carry
      carry = shift == 0 ? 0 : word >> (64 - shift)
      index += 1
      block += 1
    }
    words[index] |= carry
    trim()
  }

  /// Makes the words reach from the place `start` to `end`, both multiples of 64.
  private mutating func reserve(from start: Int, to end: Int) {
    if words.isEmpty { origin = start }
    if start < origin {
      words.insert(contentsOf: repeatElement(0, count: (origin - start) >> 6), at: 0)
      origin = start
    }
    let missing = (end - origin) >> 6 - words.count
    if missing > 0 { words.append(contentsOf: repeatElement(0, count: missing)) }
  }

  /// Removes empty words at both ends.
  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
    guard words.first == 0 else { return }
    let count = words.firstIndex { $0 != 0 } ?? words.count
    words.removeFirst(count)
    origin += 64 * count
  }

  /// The places, each with the `limit` places after it.
  func spread(by limit: Int) -> PlaceSet {
    var result = self
    var (covered, rest) = (1, limit)
    while rest > 0 {
      let step = min(covered, rest)
      let before = result
      result.insert(before, advancedBy: step)
      covered += step
      rest -= step
    }
    return result
  }

  /// Removes the places above `limit`.
  mutating func removeAll(above limit: Int) {
    for index in words.indices {
      let start = origin + 64 * index
      if start > limit {
        words[index] = 0
      } else if limit - start < 63 {
        words[index] &= 1 << UInt64(limit - start + 1) - 1
      }
    }
    trim()
  }

  /// The places of a set in ascending order.
  struct Places: Sequence, IteratorProtocol {
    fileprivate var rest: UInt64
    fileprivate let origin: Int
    fileprivate let words: [UInt64]
    fileprivate var index = 0

    fileprivate init(rest: UInt64, origin: Int, words: [UInt64]) {
      self.rest = rest
      self.origin = origin
      self.words = words
    }

    mutating func next() -> Int? {
      while rest == 0 {
        index += 1
        guard index < words.count else { return nil }
        rest = words[index]
      }
      defer { rest &= rest - 1 }
      return origin + 64 * index + rest.trailingZeroBitCount
    }
  }
}
