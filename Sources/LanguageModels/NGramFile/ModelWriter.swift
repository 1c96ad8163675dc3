import Files
import Synchronization
import Tokenization

/// Writes a model file: the global parts first, then the parts of regions in any order, from any
/// thread.
///
/// The file is marked incomplete until `finish()`.
final class ModelWriter: Sendable {
  private let file: OutputFile
  private let entries: Mutex<[RegionEntry]>
  private let sections: [ModelLayout.Section]
  private let starts: [Int]
  private let sizes: [Int]
  private let checksums: [UInt64]
  private let fileByteCount: Int

  /// Begins the file: everything but the regions, whose sizes `entries` gives.
  ///
  /// `speller` is the file of a model of spellings, `spans` the values of ``TrainingSpans``.
  init(
    _ file: OutputFile,
    description: ModelDescription,
    vocabulary: Vocabulary,
    unigrams: [UnigramEntry],
    tailWeights: TailWeights? = nil,
    speller: Bytes? = nil,
    spans: [UInt64]? = nil,
    entries: [RegionEntry]
  ) throws(FileError) {
    self.file = file
    var vocabularyImage: [UInt8] = []
    vocabulary.withImage { vocabularyImage.append(copying: $0) }
    let text = Array(description.text.utf8)
    let sections = ModelLayout.Kind.ngrams.sections.filter {
      ($0 != .speller || speller != nil) && ($0 != .spans || spans != nil)
    }
    self.sections = sections
    var offset = ModelLayout.aligned(ModelLayout.tableEnd(sectionCount: sections.count))
    var starts: [Int] = []
    var sizes = [
      text.count, vocabularyImage.count, unigrams.count * MemoryLayout<UnigramEntry>.stride,
      (tailWeights?.weights.count ?? 0) * MemoryLayout<Double>.stride,
    ]
    if let speller { sizes.append(speller.count) }
    if let spans { sizes.append(spans.count * MemoryLayout<UInt64>.stride) }
    sizes.append(entries.count * MemoryLayout<RegionEntry>.stride)
    for size in sizes {
      starts.append(offset)
      offset = ModelLayout.aligned(offset + size)
    }
    starts.append(offset)
    var placed = entries
    let regionsStart = offset
    for index in placed.indices {
      placed[index].offset = UInt64(offset)
      offset += placed[index].byteCount
    }
    sizes.append(offset - regionsStart)
    self.starts = starts
    self.sizes = sizes
    self.fileByteCount = offset
    self.entries = Mutex(placed)

    var checksums: [UInt64] = []
    // The last byte gives the file its length; what is not written reads as zero.
    try Self.write([UInt8(0)], file, at: offset - 1)
    checksums.append(try Self.write(text, file, at: starts[0]))
    checksums.append(try Self.write(vocabularyImage, file, at: starts[1]))
    checksums.append(try Self.write(unigrams, file, at: starts[2]))
    checksums.append(try Self.write(tailWeights?.weights ?? [], file, at: starts[3]))
    if let speller {
      checksums.append(try Self.write(0..<speller.count, of: speller, file, at: starts[4]))
    }
    if let spans { checksums.append(try Self.write(spans, file, at: starts[starts.count - 3])) }
    self.checksums = checksums
  }

  /// The region with the number `index`, as large as it will be.
  func entry(_ index: Int) -> RegionEntry { entries.withLock { $0[index] } }

  /// Writes a part of the region `index`.
  ///
  /// Threads may write different parts at the same time.
  func write(_ image: borrowing BlockImage, _ index: Int) throws(FileError) {
    let offset = Int(entry(index).offset)
    for run in image.runs {
      try image.withBytes(of: run) { (bytes) throws(FileError) in
        try file.write(bytes, at: offset + 4 * run.target)
      }
    }
    let checksum = image.checksum
    entries.withLock { $0[index].checksum &+= checksum }
  }

  /// Writes the region table and the header, and marks the file complete.
  func finish() throws(FileError) {
    let entries = entries.withLock { $0 }
    var checksums = checksums
    checksums.append(try Self.write(entries, file, at: starts[starts.count - 2]))
    checksums.append(0)
    try Self.writeHeader(
      file,
      .ngrams,
      sections,
      zip(starts, sizes).map { ($0, $1) },
      checksums,
      fileByteCount
    )
    try file.commit()
  }

  /// Writes header and section table: the `sections` of a file of `kind`, each with its start and
  /// size and its checksum.
  static func writeHeader(
    _ file: OutputFile,
    _ kind: ModelLayout.Kind,
    _ sections: [ModelLayout.Section],
    _ ranges: [(start: Int, size: Int)],
    _ checksums: [UInt64],
    _ fileByteCount: Int
  ) throws(FileError) {
    var table: [UInt64] = []
    for (index, section) in sections.enumerated() {
      table += [
        section.rawValue, UInt64(ranges[index].start), UInt64(ranges[index].size),
        checksums[index], 0,
      ]
    }
    var header: [UInt64] = [
      ModelLayout.magic,
      UInt64(ModelLayout.version) | UInt64(ModelLayout.complete) << 32,
      UInt64(sections.count), UInt64(fileByteCount), 0, kind.rawValue, 0, 0,
    ]
    header[4] = (header + table).withBytes { hash64($0) }
    try write(header + table, file, at: 0)
  }

  private static func write(
    _ range: Range<Int>,
    of bytes: Bytes,
    _ file: OutputFile,
    at offset: Int
  ) throws(FileError) -> UInt64 {
    try bytes.withBytes(range) { (bytes) throws(FileError) in
      try file.write(bytes, at: offset)
      return hash64(bytes)
    }
  }

  @discardableResult
  static func write<Element: BitwiseCopyable>(
    _ elements: [Element],
    _ file: OutputFile,
    at offset: Int
  ) throws(FileError) -> UInt64 {
    try elements.withBytes { (bytes) throws(FileError) in
      try file.write(bytes, at: offset)
      return hash64(bytes)
    }
  }
}
