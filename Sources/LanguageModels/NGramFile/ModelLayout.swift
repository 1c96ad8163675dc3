/// The byte layout of a `.perplex` file, which is also its layout in memory.
///
///     header       64 bytes: magic, version, state, section count, file size, checksum, kind of model
///     sections     40 bytes each: kind, offset, size, checksum, 0
///
/// and, of an n-gram model,
///
///     description  lines of text (``ModelDescription``)
///     vocabulary   ``Vocabulary``'s image
///     unigrams     8 bytes a token: probability (Float), region (UInt32)
///     tailWeights  8 bytes a length of context (Double, ``TailWeights``); none where there are no tails
///     speller      a model of bytes in a file of this form (``SpellingModel``); may be absent
///     spans        8 bytes a value: hashes of spans of the training text (``TrainingSpans``); may be absent
///     regionTable  40 bytes a region (``RegionEntry``)
///     regions      one after the other (``Region``)
///
/// of a model of bytes
///
///     description  lines of text (``ByteModelDescription``)
///     spans        as above
///     memory       the predictor's blocks (`PredictorMemory`)
///
/// All numbers are little-endian, every section begins at a multiple of 64, and the bytes between
/// sections are zero. Each section but the regions has its checksum in the section table, each
/// region in the region table, header and section table in the header: every byte is covered.
enum ModelLayout {
  /// "PERPLEX" and a zero.
  static let magic: UInt64 = 0x0058_454c_5052_4550
  static let version: UInt32 = 3
  /// Its files have all parts but those that may be absent.
  static let oldestVersion: UInt32 = 2
  static let headerByteCount = 64
  static let sectionByteCount = 40
  static let alignment = 64

  /// The state of a file that is being written, and of one that is whole.
  static let incomplete: UInt32 = 0
  static let complete: UInt32 = 1

  /// The parts of a file.
  enum Section: UInt64 {
    case description = 1
    case vocabulary, unigrams, tailWeights, regionTable, regions
    case memory
    case speller
    case spans

    /// True if a file may lack the section.
    var isOptional: Bool { self == .speller || self == .spans }
  }

  /// The kinds of model that a file holds.
  enum Kind: UInt64 {
    case ngrams = 0
    case bytes = 1

    /// The parts, in their order, those that may be absent among them.
    var sections: [Section] {
      switch self {
      case .ngrams:
        [
          .description, .vocabulary, .unigrams, .tailWeights, .speller, .spans, .regionTable,
          .regions,
        ]
      case .bytes: [.description, .spans, .memory]
      }
    }
  }

  /// The end of a table of `sectionCount` sections.
  static func tableEnd(sectionCount: Int) -> Int {
    headerByteCount + sectionCount * sectionByteCount
  }

  static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }
}

/// A token's own probability, and the region of the contexts that end in it.
struct UnigramEntry: BitwiseCopyable {
  var value: Float
  var region: UInt32
}

/// The place of a region in the file and the number of its entries.
struct RegionEntry: BitwiseCopyable {
  /// The offset from the start of the file.
  var offset: UInt64 = 0
  /// The checksum of the region's values (``RegionChecksum``).
  var checksum: UInt64 = 0
  /// The first word whose contexts are here.
  var firstWord: UInt32 = 0
  /// The number of words whose contexts are here.
  var wordCount: UInt32 = 0
  /// The number of contexts, without those of tails.
  var nodeCount: UInt32 = 0
  /// The number of n-grams, without those of tails.
  var ngramCount: UInt32 = 0
  /// The number of 4-byte values of the tails.
  var tailWordCount: UInt32 = 0
  var padding: UInt32 = 0

  /// The first 4-byte value of the n-grams.
  var ngramStart: Int { Region.nodeStride * (Int(nodeCount) + 1) }

  /// The first 4-byte value of the tails.
  var tailStart: Int { ngramStart + 2 * Int(ngramCount) }

  /// The region's size in bytes.
  var byteCount: Int { 4 * (tailStart + Int(tailWordCount)) }

  static var empty: RegionEntry {
    RegionEntry(firstWord: 0, wordCount: 0, nodeCount: 0, ngramCount: 0, tailWordCount: 0)
  }
}
