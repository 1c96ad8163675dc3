import Files

/// The regions of a model, each made when it is asked for, so that opening a model does not read
/// the table: a large one has some 100,000 entries, and a text of one line needs a handful.
struct RegionTable: Sendable {
  private let entries: Values<RegionEntry>
  private let words: Values<UInt32>
  private let code: WordCode
  private let order: Int

  /// The regions that `entries` tell of, for n-grams up to `order`, in `file`; nil if the file
  /// has no bytes.
  init?(_ entries: Values<RegionEntry>, code: WordCode, order: Int, in file: Bytes) {
    guard let words: Values<UInt32> = file.values(at: 0, count: file.count / 4) else { return nil }
    self.entries = entries
    self.words = words
    self.code = code
    self.order = order
  }

  /// The number of regions.
  var count: Int { entries.count }

  /// The regions, in the order of their words.
  var all: some Sequence<Region> { (0..<count).lazy.compactMap { self[$0] } }

  /// The region at `index`; nil if there is none, or if it is not inside the file.
  @inline(__always)
  subscript(_ index: Int) -> Region? {
    index < entries.count ? Region(entries[index], code: code, order: order, in: words) : nil
  }
}
