import Files

/// A part of a region: the contexts and n-grams of a block, or a frequent context, as they stand in
/// the file.
///
/// A region is the tree of the contexts that end in one of its words, level by level (contexts of
/// one word, of two, ...), each level in the order of reversed histories; so the longer contexts of
/// a context stand together, as do its n-grams and tails, each sorted by code. As 4-byte values:
///
///     contexts     for each, and for one more behind the last:
///                    the code of its first word (``WordCode``)
///                    its back-off weight (Float)
///                    where its n-grams begin; they end where the next context's do
///                    where its longer contexts begin; they end where the next context's do
///                    where its tails begin; they end where the next context's do
///     n-grams      for each: the code of its last word, its probability (Float)
///     tails        for each: the codes of the words before the context, as far as the order goes,
///                    zero for none; the code of its last word; the probability (Float) of
///                    that word after the context with the first of the words
///
/// A tail is a history that was seen once from some length on. Its longer contexts each have one
/// n-gram, whose probability and back-off weight follow from those of the shorter one
/// (``TailWeights``), so they are not stored.
///
/// A block's part of a region is not in one piece: it has a run at each level.
struct BlockImage: ~Copyable {
  /// A run of values that are consecutive in the region.
  struct Run: BitwiseCopyable {
    /// The first of them in the image.
    var start: Int
    var count: Int
    /// The first of them in the region.
    var target: Int
  }

  private(set) var entry = RegionEntry.empty
  private(set) var runs: [Run] = []
  private var image = Buffer<UInt32>()
  private var imageCount = 0

  init() {}

  /// Begins a part of the region of `entry`.
  mutating func begin(_ entry: RegionEntry) {
    self.entry = entry
    runs.removeAll(keepingCapacity: true)
    imageCount = 0
  }

  /// Makes room for `count` contexts from the place `node` on; gives where they stand in the image.
  mutating func addNodes(_ count: Int, at node: Int) -> Int {
    add(Region.nodeStride * count, at: Region.nodeStride * node)
  }

  /// Makes room for `count` n-grams from the place `ngram` on; gives where they stand in the image.
  mutating func addNGrams(_ count: Int, at ngram: Int) -> Int {
    add(2 * count, at: entry.ngramStart + 2 * ngram)
  }

  /// Makes room for tails of `count` values from the value `tail` on; gives where they stand in the
  /// image.
  mutating func addTails(_ count: Int, at tail: Int) -> Int {
    add(count, at: entry.tailStart + tail)
  }

  private mutating func add(_ count: Int, at target: Int) -> Int {
    let start = imageCount
    imageCount += count
    image.grow(to: imageCount)
    if let last = runs.last, last.target + last.count == target {
      runs[runs.count - 1].count += count
    } else if count > 0 {
      runs.append(Run(start: start, count: count, target: target))
    }
    return start
  }

  /// Sets the context whose values begin at `start` of the image.
  @inline(__always)
  mutating func setNode(
    _ start: Int,
    code: UInt32,
    backOff: Float,
    firstNGram: UInt32,
    firstChild: UInt32,
    firstTail: UInt32
  ) {
    image[start] = code
    image[start + 1] = backOff.bitPattern
    image[start + 2] = firstNGram
    image[start + 3] = firstChild
    image[start + 4] = firstTail
  }

  /// Sets the values of what stands one behind the last context of the region.
  mutating func setEnd(_ start: Int) {
    setNode(
      start,
      code: 0,
      backOff: 0,
      firstNGram: entry.ngramCount,
      firstChild: entry.nodeCount,
      firstTail: entry.tailWordCount
    )
  }

  /// Sets the n-gram whose values begin at `start` of the image.
  @inline(__always)
  mutating func setNGram(_ start: Int, code: UInt32, value: Float) {
    image[start] = code
    image[start + 1] = value.bitPattern
  }

  /// Sets one value of a tail.
  @inline(__always)
  mutating func setTailValue(_ index: Int, _ value: UInt32) { image[index] = value }

  /// Lends the bytes of a run.
  func withBytes<Result, Failure: Error>(
    of run: Run,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try image.withBytes(run.start..<(run.start + run.count), body)
  }

  /// The image's summand in the checksum of its region.
  var checksum: UInt64 {
    runs.reduce(0) { sum, run in
      withBytes(of: run) { sum &+ RegionChecksum.part($0, at: run.target) }
    }
  }
}

/// The checksum of a region: a sum over its 4-byte values, each times a different odd number.
///
/// So blocks can be written in any order, and a single changed value is always detected.
enum RegionChecksum {
  /// The summand of the values of `bytes`, the first of which has `index` in the region.
  static func part(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
    let step: UInt64 = 0x9e37_79b9_7f4a_7c15 &* 2
    var factor = 0x9e37_79b9_7f4a_7c15 &+ UInt64(index) &* step
    var sum: UInt64 = 0
    for offset in stride(from: 0, to: bytes.count - 3, by: 4) {
      let value = bytes.halfWord(at: offset)
      sum &+= (UInt64(value) &+ 1) &* factor
      factor &+= step
    }
    return sum
  }
}
