package import Files

/// A two-way table between tokens and their numbers.
///
/// It lives in a model file as it is in memory, so opening it reads nothing. Every number read from
/// it is checked before use: a damaged file gives wrong answers at worst, and `--verify` finds it.
public struct Vocabulary: Sendable {
  /// A vocabulary whose parts do not fit together.
  public struct Malformed: Error {}

  /// The number of tokens, `<unk>`, `<s>` and `</s>` included.
  public let count: Int

  private let image: Bytes
  private let range: Range<Int>
  private let offsets: Values<UInt64>
  private let slots: Values<UInt64>
  private let bytes: Values<UInt8>

  /// Reads the image that begins at byte `offset` of `image` and has `byteCount` bytes.
  ///
  /// - Throws: ``Malformed`` when the parts do not lie inside the image.
  package init(image: Bytes, offset: Int = 0, byteCount: Int? = nil) throws(Malformed) {
    let end = offset + (byteCount ?? image.count - offset)
    guard let header = image.values(of: UInt64.self, at: offset, count: 4), end <= image.count,
      let count = Int(exactly: header[0]), let arenaCount = Int(exactly: header[1]),
      let slotCount = Int(exactly: header[2]), count >= 3, count <= VocabularyBuilder.capacity,
      slotCount > count, slotCount <= 1 << 33, slotCount & (slotCount - 1) == 0
    else { throw Malformed() }
    let offsetsStart = offset + VocabularyTable.headerByteCount
    let slotsStart = offsetsStart + (count + 1) * 8
    let bytesStart = slotsStart + slotCount * 8
    guard let offsets = image.values(of: UInt64.self, at: offsetsStart, count: count + 1),
      let slots = image.values(of: UInt64.self, at: slotsStart, count: slotCount),
      let bytes = image.values(of: UInt8.self, at: bytesStart, count: arenaCount),
      bytesStart + arenaCount <= end
    else { throw Malformed() }
    self.image = image
    range = offset..<end
    self.count = count
    self.offsets = offsets
    self.slots = slots
    self.bytes = bytes
  }

  /// The number of `token`, or ``TokenID/outOfVocabulary``.
  public subscript(token: String) -> TokenID {
    var copy = token
    return copy.withUTF8 { number(UnsafeRawBufferPointer($0)) }
  }

  /// The spelling of a token for people: bytes that are no UTF-8 are shown as U+FFFD.
  public subscript(id: TokenID) -> String {
    withBytes(of: id) { String(decoding: $0, as: UTF8.self) }
  }

  /// Lends the bytes of a token; none for a number that the vocabulary lacks.
  public func withBytes<Result>(
    of id: TokenID,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try bytes.withBytes(byteRange(id.index), body)
  }

  /// Lends the image, to be written into a model file.
  package func withImage<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try image.withBytes(range, body)
  }

  /// A hash of the tokens and their numbers: equal for equal vocabularies.
  public var fingerprint: UInt64 {
    let ends = offsets.withBytes(0..<offsets.count) { hash64($0) }
    return bytes.withBytes(0..<bytes.count) { hash64($0, seed: ends) }
  }

  /// Finds the number of a token given as bytes.
  ///
  /// - Complexity: O(length) and about one access to the table.
  package func number(_ token: UnsafeRawBufferPointer) -> TokenID {
    let hash = hash64(token)
    let tag = hash & VocabularyTable.tagMask
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    for _ in 0..<slots.count {
      let entry = slots[slot]
      if entry == 0 { return .outOfVocabulary }
      if entry & VocabularyTable.tagMask == tag {
        let id = Int(entry & VocabularyTable.numberMask) - 1
        let range = byteRange(id)
        if id >= 0, id < count, range.count == token.count,
          bytes.withBytes(range, { equalBytes($0, token) })
        {
          return TokenID(UInt32(id))
        }
      }
      slot = (slot + 1) & mask
    }
    return .outOfVocabulary
  }

  private func byteRange(_ id: Int) -> Range<Int> {
    guard id >= 0, id < count else { return 0..<0 }
    let start = offsets[id]
    let end = offsets[id + 1]
    guard start <= end, end <= UInt64(bytes.count) else { return 0..<0 }
    return Int(start)..<Int(end)
  }
}
