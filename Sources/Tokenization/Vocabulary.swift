package import Files

/// A two-way table between tokens and their numbers.
///
/// ```swift
/// var builder = VocabularyBuilder()
/// for word in ["the", "cat"] { builder.insert(word) }
/// let vocabulary = builder.vocabulary()
/// print(vocabulary["cat"].index)  // 4
/// print(vocabulary[TokenID(4)])  // cat
/// print(vocabulary["dog"].isOutOfVocabulary)  // true
/// print(vocabulary.count)  // 5
/// ```
///
/// A vocabulary has the same form in a model file as in memory, so opening it reads nothing. Every
/// number from the file is checked before use: a damaged file gives wrong answers at worst, and
/// `--verify` detects it.
public struct Vocabulary: Sendable {
  /// The number of tokens, `<unk>`, `<s>` and `</s>` included.
  public let count: Int

  private let image: Bytes
  private let range: Range<Int>
  private let offsets: Values<UInt64>
  private let slots: Values<UInt64>
  private let bytes: Values<UInt8>

  /// Reads the image that begins at byte `offset` of `image` and has `byteCount` bytes; nil where the
  /// parts do not lie inside it.
  package init?(image: Bytes, offset: Int = 0, byteCount: Int? = nil) {
    let end = offset + (byteCount ?? image.count - offset)
    guard let header = image.values(of: UInt64.self, at: offset, count: 4), end <= image.count,
      let count = Int(exactly: header[0]), let arenaCount = Int(exactly: header[1]),
      let slotCount = Int(exactly: header[2]), count >= 3, count <= VocabularyBuilder.capacity,
      slotCount > count, slotCount <= 1 << 33, slotCount & (slotCount - 1) == 0
    else { return nil }
    let offsetsStart = offset + VocabularyTable.headerByteCount
    let slotsStart = offsetsStart + (count + 1) * 8
    let bytesStart = slotsStart + slotCount * 8
    guard let offsets = image.values(of: UInt64.self, at: offsetsStart, count: count + 1),
      let slots = image.values(of: UInt64.self, at: slotsStart, count: slotCount),
      let bytes = image.values(of: UInt8.self, at: bytesStart, count: arenaCount),
      bytesStart + arenaCount <= end
    else { return nil }
    self.image = image
    range = offset..<end
    self.count = count
    self.offsets = offsets
    self.slots = slots
    self.bytes = bytes
  }

  /// The number of `token`, or ``TokenID/outOfVocabulary``.
  public subscript(token: String) -> TokenID {
    token.withBytes { number(of: $0) }
  }

  /// The spelling of a token for display, with U+FFFD for bytes that are not UTF-8.
  public subscript(id: TokenID) -> String {
    withBytes(of: id) { String(decoding: $0, as: UTF8.self) }
  }

  /// Lends the bytes of a token; none for a number that the vocabulary lacks.
  public func withBytes<Result, Failure: Error>(
    of id: TokenID,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.withBytes(byteRange(id.index), body)
  }

  /// Lends the image, to be written into a model file.
  package func withImage<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try image.withBytes(range, body)
  }

  /// A hash of the tokens and their numbers: equal for equal vocabularies.
  public var fingerprint: UInt64 {
    let ends = offsets.withBytes(0..<offsets.count) { hash64($0) }
    return bytes.withBytes(0..<bytes.count) { hash64($0, seed: ends) }
  }

  /// A hash of the tokens, whatever their numbers: equal for vocabularies of the same tokens.
  ///
  /// - Complexity: O(size of the vocabulary).
  public var tokensFingerprint: UInt64 {
    (0..<count).reduce(0) { sum, id in
      sum &+ withBytes(of: TokenID(UInt32(id))) { hash64($0, seed: 1) }
    }
  }

  private func byteRange(_ id: Int) -> Range<Int> {
    guard id >= 0, id < count else { return 0..<0 }
    let start = offsets[id]
    let end = offsets[id + 1]
    guard start <= end, end <= UInt64(bytes.count) else { return 0..<0 }
    return Int(start)..<Int(end)
  }
}

extension Vocabulary: TokenNumbering {
  /// The number of `token`, or ``TokenID/outOfVocabulary``.
  ///
  /// - Complexity: O(length) and about one access to the table.
  public func number(of token: Span<UInt8>) -> TokenID {
    var lookUp = LookUp(hash: hash64(token))
    _ = find(&lookUp)
    return number(of: token, from: lookUp)
  }

  /// Appends the numbers of the tokens at `ranges` of `text`, or ``TokenID/outOfVocabulary``.
  ///
  /// A group of tokens is looked up in three steps: slots of the table, offsets of the spellings,
  /// spellings. Each step prefetches the memory of the next.
  public func number(
    _ ranges: Span<Range<Int>>,
    of text: Span<UInt8>,
    into numbers: inout OutputSpan<TokenID>
  ) {
    var lookUps = InlineArray<64, LookUp>(repeating: LookUp(hash: 0))
    var start = 0
    while start < ranges.count {
      let end = min(start + lookUps.count, ranges.count)
      for index in start..<end {
        let lookUp = LookUp(hash: hash64(text.extracting(ranges[index])))
        lookUps[index - start] = lookUp
        slots.prefetch(lookUp.slot(slots.count))
      }
      for index in 0..<end - start where find(&lookUps[index]) {
        offsets.prefetch(lookUps[index].id)
      }
      for index in 0..<end - start where lookUps[index].id >= 0 {
        bytes.prefetch(byteRange(lookUps[index].id).lowerBound)
      }
      for index in start..<end {
        let token = text.extracting(ranges[index])
        numbers.append(number(of: token, from: lookUps[index - start]))
      }
      start = end
    }
  }

  /// The state of the search for a token.
  private struct LookUp: BitwiseCopyable {
    let hash: UInt64
    /// The number of slots visited.
    var step = 0
    /// The number of a token whose hash has the same tag; -1: none.
    var id = -1

    init(hash: UInt64) { self.hash = hash }

    /// The slot to look at next, in a table of `slotCount`.
    @inline(__always)
    func slot(_ slotCount: Int) -> Int {
      (Int(truncatingIfNeeded: hash) &+ step) & (slotCount - 1)
    }
  }

  /// Advances to the next token of the table whose hash has the same tag; false if there is none.
  @inline(__always)
  private func find(_ lookUp: inout LookUp) -> Bool {
    while lookUp.step < slots.count {
      let entry = slots[lookUp.slot(slots.count)]
      lookUp.step += 1
      if entry == 0 { break }
      if (entry ^ lookUp.hash) & VocabularyTable.tagMask == 0 {
        lookUp.id = Int(entry & VocabularyTable.numberMask) - 1
        if lookUp.id >= 0, lookUp.id < count { return true }
      }
    }
    lookUp.id = -1
    return false
  }

  /// The number of `token`, from the search state `lookUp`.
  @inline(__always)
  private func number(of token: Span<UInt8>, from lookUp: LookUp) -> TokenID {
    var lookUp = lookUp
    while lookUp.id >= 0 {
      let range = byteRange(lookUp.id)
      if range.count == token.count, bytes.withBytes(range, { $0.isEqual(to: token) }) {
        return TokenID(UInt32(lookUp.id))
      }
      _ = find(&lookUp)
    }
    return .outOfVocabulary
  }
}
