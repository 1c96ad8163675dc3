import Files

/// The sections of a model file, found and held against the file's size.
struct ModelSections {
  /// The kind of model in the file.
  let kind: ModelLayout.Kind

  /// The checksum of header and section table, and so of all checksums in it: no other model has
  /// it.
  let fingerprint: UInt64

  private let file: Bytes
  /// The sections that the file has, in their order.
  private let sections: [ModelLayout.Section]
  private var ranges: [Range<Int>] = []
  private var checksums: [UInt64] = []

  /// Reads header and section table.
  init(_ file: Bytes, path: String) throws(ModelFileError) {
    self.file = file
    guard let header = file.values(of: UInt64.self, at: 0, count: 8) else {
      throw .notAModel(path: path, looksLike: nil)
    }
    let state = UInt32(truncatingIfNeeded: header[1] >> 32)
    let version = UInt32(truncatingIfNeeded: header[1])
    if header[0] == 0 || state == ModelLayout.incomplete { throw .incomplete(path: path) }
    guard header[0] == ModelLayout.magic else { throw .notAModel(path: path, looksLike: nil) }
    guard (ModelLayout.oldestVersion...ModelLayout.version).contains(version) else {
      throw .version(path: path, version)
    }
    guard header[3] == UInt64(file.count) else {
      throw .size(path: path, expected: header[3], found: UInt64(file.count))
    }
    guard let kind = ModelLayout.Kind(rawValue: header[5]),
      header[2] <= UInt64(kind.sections.count),
      let table = file.values(
        of: UInt64.self,
        at: ModelLayout.headerByteCount,
        count: 5 * Int(header[2])
      )
    else { throw .damaged(path: path, part: "header") }
    self.kind = kind
    fingerprint = header[4]
    var words = (0..<8).map { header[$0] }
    words[4] = 0
    words += (0..<table.count).map { table[$0] }
    let checksum = words.withBytes { hash64($0) }
    guard checksum == header[4] else { throw .damaged(path: path, part: "header") }
    let present = Set((0..<table.count / 5).map { table[5 * $0] })
    sections = kind.sections.filter { !$0.isOptional || present.contains($0.rawValue) }
    guard table.count == 5 * sections.count else {
      throw .damaged(path: path, part: "section table")
    }
    for (index, section) in sections.enumerated() {
      let start = 5 * index
      guard table[start] == section.rawValue, table[start + 1] <= UInt64(file.count),
        table[start + 2] <= UInt64(file.count) - table[start + 1]
      else { throw .damaged(path: path, part: "section table") }
      ranges.append(Int(table[start + 1])..<Int(table[start + 1] + table[start + 2]))
      checksums.append(table[start + 3])
    }
  }

  /// Returns true if the file has `section`.
  func has(_ section: ModelLayout.Section) -> Bool { sections.contains(section) }

  /// The byte range of `section`.
  func range(_ section: ModelLayout.Section) -> Range<Int> {
    sections.firstIndex(of: section).map { ranges[$0] } ?? 0..<0
  }

  /// The lines of the description; nil if they are no text.
  var description: String? {
    file.withBytes(range(.description)) { String(validating: $0, as: UTF8.self) }
  }

  /// The values of a section; nil if they do not fill it.
  func values<Element: BitwiseCopyable>(_ section: ModelLayout.Section) -> Values<Element>? {
    let range = range(section)
    let stride = MemoryLayout<Element>.stride
    guard range.count % stride == 0 else { return nil }
    return file.values(of: Element.self, at: range.lowerBound, count: range.count / stride)
  }

  /// The spans of the training text; nil if the file has none.
  func trainingSpans(path: String) throws(ModelFileError) -> TrainingSpans? {
    guard has(.spans) else { return nil }
    guard let spans = TrainingSpans(values(.spans)) else {
      throw .damaged(path: path, part: "spans")
    }
    return spans
  }

  /// The first section, but the regions, whose bytes do not have its checksum; or the bytes between
  /// sections, where they are not zero.
  func firstDamaged() -> String? {
    for (section, checksum) in zip(sections, checksums) where section != .regions {
      let found = file.withBytes(range(section)) { bytes in
        guard section == .memory else { return hash64(bytes) }
        var hash = StreamingHash()
        hash.append(bytes)
        return hash.value
      }
      if found != checksum { return "\(section)" }
    }
    var end = ModelLayout.tableEnd(sectionCount: sections.count)
    for section in sections {
      let start = range(section).lowerBound
      guard start >= end else { return "section table" }
      if !file.withBytes(end..<start, { $0.isZero }) { return "padding" }
      end = range(section).upperBound
    }
    return file.withBytes(end..<file.count) { $0.isZero } ? nil : "padding"
  }
}
