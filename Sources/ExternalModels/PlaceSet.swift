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
    guard !other.isEmpty else { return }
    guard !isEmpty else { return self = other }
    let start = min(origin, other.origin)
    let end = max(origin + 64 * words.count, other.origin + 64 * other.words.count)
    var union = [UInt64](repeating: 0, count: (end - start) >> 6)
    for (index, word) in words.enumerated() { union[(origin - start) >> 6 + index] |= word }
    for (index, word) in other.words.enumerated() {
      union[(other.origin - start) >> 6 + index] |= word
    }
    (origin, words) = (start, union)
  }

  /// The places plus `count` each.
  func advanced(by count: Int) -> PlaceSet {
    var result = PlaceSet()
    result.origin = origin + count & ~63
    result.words = [UInt64](repeating: 0, count: words.count + 1)
    let shift = UInt64(count & 63)
    for (index, word) in words.enumerated() {
      result.words[index] |= word << shift
      result.words[index + 1] |= shift == 0 ? 0 : word >> (64 - shift)
    }
    return result.trimmed()
  }

  /// The places, each with the `limit` places after it.
  func spread(by limit: Int) -> PlaceSet {
    var result = self
    var (covered, rest) = (1, limit)
    while rest > 0 {
      let step = min(covered, rest)
      result.formUnion(result.advanced(by: step))
      covered += step
      rest -= step
    }
    return result
  }

  /// The places that `mask` has; the bits of `mask` begin at the place `start`, a multiple of 64.
  func intersection(_ mask: [UInt64], from start: Int) -> PlaceSet {
    var result = self
    for index in words.indices {
      let block = (origin - start) >> 6 + index
      result.words[index] &= mask.indices.contains(block) ? mask[block] : 0
    }
    return result.trimmed()
  }

  /// The places up to `limit`.
  func prefix(through limit: Int) -> PlaceSet {
    var result = self
    for index in words.indices {
      let start = origin + 64 * index
      if start > limit {
        result.words[index] = 0
      } else if limit - start < 63 {
        result.words[index] &= 1 << UInt64(limit - start + 1) - 1
      }
    }
    return result.trimmed()
  }

  /// The same set without empty words at its ends.
  private func trimmed() -> PlaceSet {
    var result = self
    guard let first = words.firstIndex(where: { $0 != 0 }),
      let last = words.lastIndex(where: { $0 != 0 })
    else { return PlaceSet() }
    if first > 0 || last + 1 < words.count {
      result.words = Array(words[first...last])
      result.origin += 64 * first
    }
    return result
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
