import Files

/// Lays the contexts and n-grams of a group out as a region.
///
/// A region is the tree of the contexts that end in one of its words, level by level (contexts of
/// one word, of two, ...), each level in the order of reversed histories; so the longer contexts of
/// a context stand together, as do its n-grams, both sorted by word. As arrays of 4-byte values:
///
///     contextWord[nodes]       the first word of the context
///     backOff[nodes]           its back-off weight (Float)
///     firstNGram[nodes + 1]    where its n-grams begin; they end where the next one's do
///     firstChild[inner + 1]    where its longer contexts begin, for contexts that may have some
///     ngramWord[n-grams]       the last word of the n-gram
///     ngramValue[n-grams]      its probability (Float)
struct RegionBuilder: ~Copyable {
  private var image = Buffer<UInt32>()
  private(set) var entry = RegionEntry(
    offset: 0, checksum: 0, firstWord: 0, wordCount: 0, nodeCount: 0, innerCount: 0, ngramCount: 0)

  private var backOffStart: Int { Int(entry.nodeCount) }
  private var ngramStart: Int { 2 * Int(entry.nodeCount) }
  private var childStart: Int { 3 * Int(entry.nodeCount) + 1 }
  private var wordStart: Int { childStart + Int(entry.innerCount) + 1 }
  private var valueStart: Int { wordStart + Int(entry.ngramCount) }

  init() {}

  /// Begins a region of the size that `entry` states.
  mutating func begin(_ entry: RegionEntry) {
    self.entry = entry
    image.grow(to: entry.byteCount / 4)
    image.fill(0..<(entry.byteCount / 4), with: 0)
  }

  /// Sets a context's word and back-off weight.
  func setContext(_ node: Int, word: UInt32, backOff: Float) {
    image[node] = word
    image[backOffStart + node] = backOff.bitPattern
  }

  /// Sets where the n-grams of `node` begin; `node` may be one past the last.
  func setFirstNGram(_ node: Int, _ index: Int) {
    image[ngramStart + node] = UInt32(truncatingIfNeeded: index)
  }

  /// Sets where the longer contexts of `node` begin; `node` may be one past the last inner one.
  func setFirstChild(_ node: Int, _ child: Int) {
    image[childStart + node] = UInt32(truncatingIfNeeded: child)
  }

  /// Sets the n-gram at `index`.
  func setNGram(_ index: Int, word: UInt32, value: Float) {
    image[wordStart + index] = word
    image[valueStart + index] = value.bitPattern
  }

  /// Lends the region's bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try image.withBytes(0..<(entry.byteCount / 4), body)
  }
}
