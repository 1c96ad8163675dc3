import Files

/// Lays the contexts and n-grams of a group out as a region.
///
/// A region is the tree of the contexts that end in one of its words, level by level (contexts of
/// one word, of two, ...), each level in the order of reversed histories; so the longer contexts of
/// a context stand together, as do its n-grams, both sorted by code. As 4-byte values:
///
///     contexts     for each, and for one more behind the last:
///                    the code of its first word (``WordCode``)
///                    its back-off weight (Float)
///                    where its n-grams begin; they end where the next context's do
///                    where its longer contexts begin; they end where the next context's do
///     n-grams      for each: the code of its last word, its probability (Float)
///
/// What a look-up reads of a context, or of an n-gram, is in one cache line most often.
struct RegionBuilder: ~Copyable {
  private var image = Buffer<UInt32>()
  private(set) var entry = RegionEntry.empty

  private var ngramStart: Int { 4 * (Int(entry.nodeCount) + 1) }

  init() {}

  /// Begins a region of the size that `entry` states.
  mutating func begin(_ entry: RegionEntry) {
    self.entry = entry
    image.grow(to: entry.byteCount / 4)
    image.fill(0..<(entry.byteCount / 4), with: 0)
  }

  /// Sets the code of a context's first word, and its back-off weight.
  func setContext(_ node: Int, code: UInt32, backOff: Float) {
    image[4 * node] = code
    image[4 * node + 1] = backOff.bitPattern
  }

  /// Sets where the n-grams of `node` begin; `node` may be one past the last.
  func setFirstNGram(_ node: Int, _ index: Int) {
    image[4 * node + 2] = UInt32(truncatingIfNeeded: index)
  }

  /// Sets where the longer contexts of `node` begin; `node` may be one past the last.
  func setFirstChild(_ node: Int, _ child: Int) {
    image[4 * node + 3] = UInt32(truncatingIfNeeded: child)
  }

  /// Sets the n-gram at `index`.
  func setNGram(_ index: Int, code: UInt32, value: Float) {
    image[ngramStart + 2 * index] = code
    image[ngramStart + 2 * index + 1] = value.bitPattern
  }

  /// Lends the region's bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try image.withBytes(0..<(entry.byteCount / 4), body)
  }
}
