import Files

/// The contexts that end in some words, and the n-grams that follow them, read from a file.
///
/// ``BlockImage`` says how it is laid out. What is read is checked before it is used as a place: a
/// damaged file gives wrong answers at worst. A region is a plain view, without a reference count;
/// the model that made it keeps the bytes alive.
struct Region: BitwiseCopyable, Sendable {
  /// No context.
  static let none = -1

  /// The number of 4-byte values of a context.
  static let nodeStride = 5

  /// The number of 4-byte values of a tail whose shortest context has `depth` words.
  @inline(__always)
  static func tailStride(depth: Int, order: Int) -> Int { order - depth + 2 }

  let entry: RegionEntry
  private let words: UnownedValues<UInt32>
  let code: WordCode
  private let ngramStart: Int
  private let tailStart: Int
  private let order: Int

  /// The region of `entry`, for n-grams up to `order`; nil if it does not lie inside the file,
  /// whose values are `words`.
  @inline(__always)
  init?(_ entry: RegionEntry, code: WordCode, order: Int, in words: Values<UInt32>) {
    let start = entry.offset / 4
    guard entry.offset % 4 == 0, start <= UInt64(words.count), entry.wordCount <= entry.nodeCount,
      entry.nodeCount <= UInt32(Int32.max), entry.ngramCount <= UInt32(Int32.max),
      entry.tailWordCount <= UInt32(Int32.max),
      entry.byteCount / 4 <= words.count - Int(start)
    else { return nil }
    self.entry = entry
    self.code = code
    // A reference count for the region of each token would take longer than its look-up.
    self.words = unsafe words.unowned(Int(start)..<Int(start) + entry.byteCount / 4)
    ngramStart = entry.ngramStart
    tailStart = entry.tailStart
    self.order = order
  }

  /// The 4-byte value at `index` of the region.
  @inline(__always)
  private subscript(_ index: Int) -> UInt32 {
    words[index]
  }

  /// The context that is `word` alone.
  @inline(__always)
  func context(ofWord word: Int) -> Int {
    let node = word - Int(entry.firstWord)
    return node >= 0 && node < Int(entry.wordCount) ? node : Self.none
  }

  /// The context `node` with `word` before it.
  @inline(__always)
  func context(_ node: Int, before word: UInt32) -> Int {
    search(node, before: word).finished()
  }

  /// The contexts one word longer than `node`.
  @inline(__always)
  func children(_ node: Int) -> Range<Int> {
    let start = Int(self[Self.nodeStride &* node &+ 3])
    let end = Int(self[Self.nodeStride &* node &+ 8])
    return start <= end && end <= Int(entry.nodeCount) ? start..<end : 0..<0
  }

  /// The n-grams that follow the context `node`.
  @inline(__always)
  func ngrams(_ node: Int) -> Range<Int> {
    let start = Int(self[Self.nodeStride &* node &+ 2])
    let end = Int(self[Self.nodeStride &* node &+ 7])
    return start <= end && end <= Int(entry.ngramCount) ? start..<end : 0..<0
  }

  /// The n-gram of the context `node` and `word`, or ``none``.
  @inline(__always)
  func ngram(_ node: Int, _ word: UInt32) -> Int { search(node, ngram: word).finished() }

  /// The first word of the context `node`, of two words or more.
  @inline(__always)
  func word(ofContext node: Int) -> UInt32 { code.word(self[Self.nodeStride * node]) }

  /// The back-off weight of the context `node`, as stored.
  @inline(__always)
  func backOff(_ node: Int) -> Float { Float(bitPattern: self[Self.nodeStride &* node &+ 1]) }

  /// The last word of n-gram `index`.
  @inline(__always)
  func word(ofNGram index: Int) -> UInt32 { code.word(self[ngramStart &+ 2 &* index]) }

  /// The probability of n-gram `index`, as stored.
  @inline(__always)
  func value(_ index: Int) -> Float { Float(bitPattern: self[ngramStart &+ 2 &* index &+ 1]) }

  /// Asks for the memory of the context `node`, so that it is there when it is read.
  @inline(__always)
  func prefetch(_ node: Int) { words.prefetch(Self.nodeStride * node) }

  /// Lends the region's bytes.
  func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try words.withBytes(body)
  }

  /// A search for `word` among the longer contexts of `node`, not begun.
  @inline(__always)
  func search(_ node: Int, before word: UInt32) -> RegionSearch {
    RegionSearch(
      words: words,
      stride: UInt8(truncatingIfNeeded: Self.nodeStride),
      range: children(node),
      code: code.code(word),
      bitCount: code.bitCount
    )
  }

  /// A search for `word` among the n-grams of `node`, not begun.
  @inline(__always)
  func search(_ node: Int, ngram word: UInt32) -> RegionSearch {
    RegionSearch(
      words: words.suffix(from: ngramStart),
      stride: 2,
      range: ngrams(node),
      code: code.code(word),
      bitCount: code.bitCount
    )
  }
}

/// Histories that were seen once from some length on.
extension Region {
  /// The tails that make the context `node`, of `depth` words, longer.
  ///
  /// A tail is named by the number of its first 4-byte value among all of the region's tails.
  @inline(__always)
  func tails(_ node: Int, depth: Int) -> StrideTo<Int> {
    let range = tailRange(node)
    let size = Self.tailStride(depth: depth + 1, order: order)
    return stride(from: range.lowerBound, to: range.upperBound - size + 1, by: size)
  }

  @inline(__always)
  private func tailRange(_ node: Int) -> Range<Int> {
    let start = Int(self[Self.nodeStride &* node &+ 4])
    let end = Int(self[Self.nodeStride &* node &+ 9])
    return start <= end && end <= Int(entry.tailWordCount) ? start..<end : 0..<0
  }

  /// The tail of the context `node`, of `depth` words, with `word` before it, or ``none``.
  @inline(__always)
  func tail(_ node: Int, depth: Int, before word: UInt32) -> Int {
    let found = tailSearch(node, depth: depth, before: word).finished()
    return found == Self.none ? found : tail(node, depth: depth, found)
  }

  /// A search among the tails of `node`, not begun; ``tail(_:depth:_:)`` makes a tail of its
  /// result.
  @inline(__always)
  func tailSearch(_ node: Int, depth: Int, before word: UInt32) -> RegionSearch {
    let range = tailRange(node)
    let size = Self.tailStride(depth: depth + 1, order: order)
    return RegionSearch(
      words: words.suffix(from: tailStart + range.lowerBound),
      stride: UInt8(truncatingIfNeeded: size),
      range: 0..<(range.count / size),
      code: code.code(word),
      bitCount: code.bitCount
    )
  }

  /// The `index`th tail of the context `node`, of `depth` words.
  @inline(__always)
  func tail(_ node: Int, depth: Int, _ index: Int) -> Int {
    tailRange(node).lowerBound + index * Self.tailStride(depth: depth + 1, order: order)
  }

  /// The code of the word at `distance` of a tail's longest context; 0 if the history has none.
  ///
  /// Distances count from the end: `depth + 1` is the first word before the context of `depth`
  /// words.
  @inline(__always)
  func tailCode(_ tail: Int, depth: Int, distance: Int) -> UInt32 {
    distance < order ? self[tailStart + tail + distance - depth - 1] : 0
  }

  /// The code of the last word of a tail's n-grams.
  @inline(__always)
  func tailLastCode(_ tail: Int, depth: Int) -> UInt32 {
    self[tailStart + tail + order - depth - 1]
  }

  /// The probability of that word after the context one word longer than that of `depth` words.
  @inline(__always)
  func tailValue(_ tail: Int, depth: Int) -> Double {
    Double(Float(bitPattern: self[tailStart + tail + order - depth]))
  }
}

/// Look-ups by code, one at a time, from a place that is known to be near.
extension Region {
  /// The index of a code, or of the place to insert it.
  struct Place: BitwiseCopyable {
    var place: Int
    var isFound: Bool
  }

  /// The context of `children` that begins with the word of `code`, which is not before `start`.
  @inline(__always)
  func findContext(_ code: UInt32, in children: Range<Int>, from start: Int) -> Place {
    find(code, words, stride: Self.nodeStride, children, from: start)
  }

  /// The n-gram of `ngrams` that ends in the word of `code`, which is not before `start`.
  @inline(__always)
  func findNGram(_ code: UInt32, in ngrams: Range<Int>, from start: Int) -> Place {
    find(code, words.suffix(from: ngramStart), stride: 2, ngrams, from: start)
  }

  /// The tail of the context `node`, of `depth` words, with the word of `code` before it.
  @inline(__always)
  func findTail(_ code: UInt32, of node: Int, depth: Int) -> Int {
    let range = tailRange(node)
    if range.isEmpty { return Self.none }
    let size = Self.tailStride(depth: depth + 1, order: order)
    let found = find(
      code,
      words.suffix(from: tailStart + range.lowerBound),
      stride: size,
      0..<(range.count / size),
      from: 0
    )
    return found.isFound ? range.lowerBound + found.place * size : Self.none
  }

  /// The steps of ``RegionSearch`` in a loop of their own, for callers with nothing to interleave.
  ///
  /// The first step looks at `start` unless that is the first index. A loop over ``RegionSearch``
  /// instead takes 15 % more instructions for a whole `score` (457 against 396 million on 1 MB).
  @inline(__always)
  private func find(
    _ code: UInt32,
    _ words: UnownedValues<UInt32>,
    stride: Int,
    _ range: Range<Int>,
    from start: Int
  ) -> Place {
    var low = start
    var high = range.upperBound
    if low >= high { return Place(place: low, isFound: false) }
    let size = range.count
    let shift = self.code.bitCount
    var place = low
    if start == range.lowerBound { place = min(low &+ (Int(code) &* size) &>> shift, high &- 1) }
    var steps = 0
    while true {
      let found = words[place &* stride]
      if found == code { return Place(place: place, isFound: true) }
      if found < code { low = place &+ 1 } else { high = place }
      if low >= high { return Place(place: low, isFound: false) }
      steps &+= 1
      if steps < RegionSearch.patience {
        let next = place &+ ((Int(code) &- Int(found)) &* size) &>> shift
        place = min(max(next, low), high &- 1)
      } else {
        place = low &+ (high &- low) / 2
      }
    }
  }
}

/// A search among sorted codes, one step at a time, so that many can go on side by side and wait
/// for memory together.
///
/// Codes lie evenly, so each step goes where the code should be, as far from the last place as
/// their difference says (interpolation search; Yao and Yao 1976: about log log n steps). After
/// ``patience`` steps it halves instead, which bounds the steps whatever the file holds.
struct RegionSearch: BitwiseCopyable {
  /// The number of steps that are computed.
  static let patience = 6

  private let words: UnownedValues<UInt32>
  private var low: Int32
  private var high: Int32
  private var next: Int32
  private let size: Int32
  private let code: UInt32
  private let shift: UInt8
  private let stride: UInt8
  private var steps: UInt8 = 0
  private var isFound = false

  @inline(__always)
  init(
    words: UnownedValues<UInt32>,
    stride: UInt8,
    range: Range<Int>,
    code: UInt32,
    bitCount: Int
  ) {
    self.words = words
    self.stride = stride
    low = Int32(truncatingIfNeeded: range.lowerBound)
    high = Int32(truncatingIfNeeded: range.upperBound)
    size = Int32(truncatingIfNeeded: range.count)
    self.code = code
    shift = UInt8(truncatingIfNeeded: bitCount)
    next =
      low &+ Int32(truncatingIfNeeded: UInt64(code) &* UInt64(range.count) >> UInt64(shift))
  }

  /// Asks for the memory that the next step reads, so that it is there by then.
  @inline(__always)
  func prefetch() { words.prefetch(Int(next) &* Int(stride)) }

  /// True if the code may still be found.
  @inline(__always)
  var isUnfinished: Bool { low < high && !isFound }

  /// Looks at one place, and computes the next.
  @inline(__always)
  mutating func step() {
    let found = words[Int(next) &* Int(stride)]
    if found == code {
      isFound = true
      return
    }
    if found < code { low = next &+ 1 } else { high = next }
    steps &+= 1
    if steps < Self.patience {
      let distance = (Int64(code) &- Int64(found)) &* Int64(size) >> Int64(shift)
      next = min(max(next &+ Int32(truncatingIfNeeded: distance), low), high &- 1)
    } else {
      next = low &+ (high &- low) / 2
    }
  }

  /// The index of the code, or ``Region/none``, after a finished search.
  @inline(__always)
  var result: Int { isFound ? Int(next) : Region.none }

  /// Takes the search to its end.
  @inline(__always)
  func finished() -> Int {
    var search = self
    while search.isUnfinished { search.step() }
    return search.result
  }
}
