import Files

/// The contexts that end in some words, and the n-grams that follow them, read from a file.
///
/// ``RegionBuilder`` says how it is laid out. What is read is checked before it is used as a place:
/// a damaged file gives wrong answers at worst.
struct Region {
  /// No context.
  static let none = -1

  let entry: RegionEntry
  private let words: Values<UInt32>
  private let backOffStart: Int
  private let ngramStart: Int
  private let childStart: Int
  private let wordStart: Int
  private let valueStart: Int

  /// The region of `entry`; nil where it does not lie inside the file.
  init?(_ entry: RegionEntry, in file: Bytes) {
    guard entry.offset <= UInt64(Int.max), entry.innerCount <= entry.nodeCount,
      entry.wordCount <= entry.nodeCount,
      let words = file.values(
        of: UInt32.self, at: Int(entry.offset), count: entry.byteCount / 4)
    else { return nil }
    self.entry = entry
    self.words = words
    backOffStart = Int(entry.nodeCount)
    ngramStart = 2 * Int(entry.nodeCount)
    childStart = 3 * Int(entry.nodeCount) + 1
    wordStart = childStart + Int(entry.innerCount) + 1
    valueStart = wordStart + Int(entry.ngramCount)
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
    guard let range = children(node) else { return Self.none }
    return search(word, from: range.lowerBound, count: range.count, base: 0)
  }

  /// The contexts one word longer than `node`; nil for a node that can have none.
  @inline(__always)
  func children(_ node: Int) -> Range<Int>? {
    guard node < Int(entry.innerCount) else { return nil }
    let start = Int(words[childStart + node])
    let end = Int(words[childStart + node + 1])
    return start <= end && end <= Int(entry.nodeCount) ? start..<end : nil
  }

  /// The n-grams that follow the context `node`.
  @inline(__always)
  func ngrams(_ node: Int) -> Range<Int> {
    let start = Int(words[ngramStart + node])
    let end = Int(words[ngramStart + node + 1])
    return start <= end && end <= Int(entry.ngramCount) ? start..<end : 0..<0
  }

  /// The n-gram of the context `node` and `word`, or ``none``.
  @inline(__always)
  func ngram(_ node: Int, _ word: UInt32) -> Int {
    let range = ngrams(node)
    return search(word, from: range.lowerBound, count: range.count, base: wordStart)
  }

  /// The first word of the context `node`.
  @inline(__always)
  func word(ofContext node: Int) -> UInt32 { words[node] }

  /// The back-off weight of the context `node`, as stored.
  @inline(__always)
  func backOff(_ node: Int) -> Float { Float(bitPattern: words[backOffStart + node]) }

  /// The last word of n-gram `index`.
  @inline(__always)
  func word(ofNGram index: Int) -> UInt32 { words[wordStart + index] }

  /// The probability of n-gram `index`, as stored.
  @inline(__always)
  func value(_ index: Int) -> Float { Float(bitPattern: words[valueStart + index]) }

  /// Lends the region's bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try words.withBytes(0..<words.count, body)
  }

  /// Binary search without branches that depend on what is found.
  @inline(__always)
  private func search(_ word: UInt32, from start: Int, count: Int, base: Int) -> Int {
    var low = start
    var count = count
    while count > 1 {
      let half = count / 2
      low = words[base + low + half - 1] < word ? low + half : low
      count -= half
    }
    return count == 1 && words[base + low] == word ? low : Self.none
  }
}
