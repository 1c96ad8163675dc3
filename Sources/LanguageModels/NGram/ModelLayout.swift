/// The byte layout of a `.perplex` file, which is also its layout in memory.
///
///     header       64 bytes: magic, version, state, section count, file size, checksum
///     sections     40 bytes each: kind, offset, size, checksum, 0
///     description  lines of text (``ModelDescription``)
///     vocabulary   ``Vocabulary``'s image
///     unigrams     8 bytes a token: probability (Float), region (UInt32)
///     regionTable  32 bytes a region (``RegionEntry``)
///     regions      one after the other (``Region``)
///
/// All numbers are little-endian, every section begins at a multiple of 64, and the bytes between
/// sections are zero. Each section but the last has its checksum in the section table, each region
/// in the region table, header and section table in the header: every byte of the file is covered.
enum ModelLayout {
  /// "PERPLEX" and a zero.
  static let magic: UInt64 = 0x0058_454c_5052_4550
  static let version: UInt32 = 1
  static let headerByteCount = 64
  static let sectionByteCount = 40
  static let alignment = 64

  /// The state of a file that is being written, and of one that is whole.
  static let incomplete: UInt32 = 0
  static let complete: UInt32 = 1

  /// The parts of the file, in their order.
  enum Section: UInt64, CaseIterable {
    case description = 1
    case vocabulary, unigrams, regionTable, regions
  }

  static var tableEnd: Int { headerByteCount + Section.allCases.count * sectionByteCount }

  static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }
}

/// A token's own probability, and the region of the contexts that end in it.
struct UnigramEntry: BitwiseCopyable {
  var value: Float
  var region: UInt32
}

/// Where a region lies and what it holds.
struct RegionEntry: BitwiseCopyable {
  /// From the start of the file.
  var offset: UInt64
  /// Of the region's bytes.
  var checksum: UInt64
  /// The first word whose contexts are here.
  var firstWord: UInt32
  /// The number of words whose contexts are here.
  var wordCount: UInt32
  /// The number of contexts.
  var nodeCount: UInt32
  /// The number of n-grams.
  var ngramCount: UInt32

  /// The region's size in bytes, a multiple of 8.
  var byteCount: Int { 16 * (Int(nodeCount) + 1) + 8 * Int(ngramCount) }

  static let empty = RegionEntry(
    offset: 0,
    checksum: 0,
    firstWord: 0,
    wordCount: 0,
    nodeCount: 0,
    ngramCount: 0
  )
}
