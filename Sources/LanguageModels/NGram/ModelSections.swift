import Files

/// The sections of a model file, found and held against the file's size.
struct ModelSections {
  /// The checksum of header and section table, and so of the checksums that those have.
  let checksum: UInt64

  private let file: Bytes
  private var ranges: [Range<Int>] = []
  private var checksums: [UInt64] = []

  /// Reads header and section table.
  init(_ file: Bytes, path: String) throws(ModelFileError) {
    self.file = file
    let sectionCount = ModelLayout.Section.allCases.count
    guard let header = file.values(of: UInt64.self, at: 0, count: 8),
      let table = file.values(
        of: UInt64.self,
        at: ModelLayout.headerByteCount,
        count: 5 * sectionCount
      )
    else { throw .notAModel(path: path, looksLike: nil) }
    let state = UInt32(truncatingIfNeeded: header[1] >> 32)
    let version = UInt32(truncatingIfNeeded: header[1])
    if header[0] == 0 || state == ModelLayout.incomplete { throw .incomplete(path: path) }
    guard header[0] == ModelLayout.magic else { throw .notAModel(path: path, looksLike: nil) }
    guard version == ModelLayout.version else { throw .version(path: path, version) }
    guard header[3] == UInt64(file.count) else {
      throw .size(path: path, expected: header[3], found: UInt64(file.count))
    }
    var words = (0..<8).map { header[$0] }
    words[4] = 0
    words += (0..<table.count).map { table[$0] }
    checksum = words.withUnsafeBytes { hash64($0) }
    guard checksum == header[4], header[2] == UInt64(sectionCount) else {
      throw .damaged(path: path, part: "header")
    }
    for section in ModelLayout.Section.allCases {
      let start = 5 * (Int(section.rawValue) - 1)
      guard table[start] == section.rawValue, table[start + 1] <= UInt64(file.count),
        table[start + 2] <= UInt64(file.count) - table[start + 1]
      else { throw .damaged(path: path, part: "section table") }
      ranges.append(Int(table[start + 1])..<Int(table[start + 1] + table[start + 2]))
      checksums.append(table[start + 3])
    }
  }

  /// Where `section` lies.
  func range(_ section: ModelLayout.Section) -> Range<Int> { ranges[Int(section.rawValue) - 1] }

  /// What the file says of the model; nil where that makes no sense.
  var description: ModelDescription? {
    file.withBytes(range(.description)) {
      String(validating: $0, as: UTF8.self).flatMap { ModelDescription(text: $0) }
    }
  }

  /// The values of a section; nil where they do not fill it.
  func values<Element: BitwiseCopyable>(_ section: ModelLayout.Section) -> Values<Element>? {
    let range = range(section)
    let stride = MemoryLayout<Element>.stride
    guard range.count % stride == 0 else { return nil }
    return file.values(of: Element.self, at: range.lowerBound, count: range.count / stride)
  }

  /// The first section, but the regions, whose bytes do not have its checksum; or the bytes between
  /// sections, where they are not zero.
  func firstDamaged() -> String? {
    for section in ModelLayout.Section.allCases where section != .regions {
      let found = file.withBytes(range(section)) { hash64($0) }
      if found != checksums[Int(section.rawValue) - 1] { return "\(section)" }
    }
    var end = ModelLayout.tableEnd
    for section in ModelLayout.Section.allCases {
      let start = range(section).lowerBound
      guard start >= end else { return "section table" }
      if file.withBytes(end..<start, { $0.contains { $0 != 0 } }) { return "padding" }
      end = range(section).upperBound
    }
    return file.withBytes(end..<file.count) { $0.contains { $0 != 0 } } ? "padding" : nil
  }
}
