import Files

/// A growing vocabulary, which gives each new token the next number.
///
/// Numbers follow first occurrence, after the three special tokens. Tokens are compared byte by
/// byte; the only memory of a token is its bytes in one arena.
public struct VocabularyBuilder: ~Copyable, Sendable {
  /// The largest number of tokens in a vocabulary.
  public static let capacity = 1 << 31

  private var table = TokenTable()

  /// The number of tokens so far, the special ones included.
  public var count: Int { table.count }

  /// True if new tokens are rejected and become ``TokenID/outOfVocabulary``.
  public var isClosed = false

  /// A vocabulary of the three special tokens.
  public init() {
    for spelling in TokenID.specialSpellings { insert(spelling) }
  }

  /// The number of `token`, assigned if it is new.
  @discardableResult
  public mutating func insert(_ token: String) -> TokenID {
    token.withBytes { number(of: $0) }
  }

  /// Lends the bytes of the token of number `id`.
  package func withBytes<Result, Failure: Error>(
    of id: Int,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try table.withBytes(table.byteRange(id), body)
  }

  /// Removes all tokens except the special ones, but keeps the memory.
  package mutating func removeAll() { table.truncate(to: TokenID.specialSpellings.count) }

  /// Inserts the tokens of `other` from number `first` on, in order, and appends their new numbers.
  ///
  /// - Complexity: O(bytes of the tokens) and about one access to the table per token.
  package mutating func insert(
    _ other: borrowing VocabularyBuilder,
    from first: Int,
    into numbers: inout OutputSpan<TokenID>
  ) {
    let whole = 0..<other.table.byteRange(other.count - 1).upperBound
    var ranges: [Range<Int>] = []
    other.table.withBytes(whole) { text in
      var start = first
      while start < other.count {
        let end = min(start + TokenTable.groupCount, other.count)
        ranges.removeAll(keepingCapacity: true)
        for id in start..<end { ranges.append(other.table.byteRange(id)) }
        table.number(ranges.span, of: text, isClosed: isClosed, into: &numbers)
        start = end
      }
    }
  }

  /// The current tokens as a fixed vocabulary.
  public func vocabulary() -> Vocabulary {
    var image: [UInt8] = []
    image.reserveCapacity(imageByteCount)
    writeImage { image.append(copying: $0) }
    guard let vocabulary = Vocabulary(image: Bytes(copying: image.span)) else {
      preconditionFailure("a vocabulary's own image is valid")
    }
    return vocabulary
  }

  /// A vocabulary of a subset of the tokens.
  ///
  /// `numbers` gets the new number of each old token; a removed token becomes unknown. Special
  /// tokens stay.
  public func keeping(
    _ isKept: (Int) -> Bool,
    numbers: inout [UInt32]
  ) -> VocabularyBuilder {
    var kept = VocabularyBuilder()
    numbers = [UInt32](repeating: TokenID.unknown.rawValue, count: count)
    for id in 0..<count where id < TokenID.specialSpellings.count || isKept(id) {
      table.withBytes(table.byteRange(id)) { numbers[id] = kept.number(of: $0).rawValue }
    }
    return kept
  }

  /// Writes the vocabulary's file form, piece by piece; ``VocabularyTable`` describes its layout.
  func writeImage(_ write: (Span<UInt8>) -> Void) {
    let byteCount = table.byteRange(count - 1).upperBound
    let slots = fileSlots()
    let header: [UInt64] = [UInt64(count), UInt64(byteCount), UInt64(slots.count), 0]
    header.withBytes(write)
    table.withOffsets(write)
    slots.withBytes(0..<slots.count, write)
    table.withBytes(0..<byteCount, write)
    let padding = [UInt8](repeating: 0, count: -byteCount & 7)
    write(padding.span)
  }

  private var imageByteCount: Int {
    let byteCount = table.byteRange(count - 1).upperBound
    return VocabularyTable.headerByteCount + 8 * (count + 1 + fileSlotCount) + byteCount + 7
  }

  private var fileSlotCount: Int {
    var slotCount = 1 << 12
    while count * 3 > slotCount * 2 { slotCount *= 2 }
    return slotCount
  }

  /// Checks that every token is found by its bytes; for tests.
  package func checkInvariants() { table.checkInvariants() }

  /// The hash table of the file, at most two thirds full.
  private func fileSlots() -> Buffer<UInt64> {
    let slotCount = fileSlotCount
    var slots = Buffer<UInt64>(repeating: 0, count: slotCount)
    for id in 0..<count {
      let hash = table.withBytes(table.byteRange(id)) { hash64($0) }
      var slot = Int(truncatingIfNeeded: hash) & (slotCount - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = hash & VocabularyTable.tagMask | UInt64(id + 1)
    }
    return slots
  }
}

extension VocabularyBuilder: TokenNumbering {
  /// The number of `token`, assigned if it is new and the vocabulary is open.
  public mutating func number(of token: Span<UInt8>) -> TokenID {
    let id = table.number(token, isClosed: isClosed)
    return id == TokenTable.none ? .outOfVocabulary : TokenID(id)
  }

  /// Appends the numbers of the tokens at `ranges` of `text`.
  ///
  /// New tokens get numbers if the vocabulary is open.
  public mutating func number(
    _ ranges: Span<Range<Int>>,
    of text: Span<UInt8>,
    into numbers: inout OutputSpan<TokenID>
  ) {
    table.number(ranges, of: text, isClosed: isClosed, into: &numbers)
  }
}

/// The file form of a vocabulary.
///
///     image = count, byteCount, slotCount, 0   (UInt64 each)
///             offsets: UInt64[count + 1]       where each token's bytes begin and end
///             slots: UInt64[slotCount]         0, or hash tag and number + 1
///             bytes: UInt8[byteCount], zeros up to a multiple of 8
enum VocabularyTable {
  static let headerByteCount = 32
  static var tagMask: UInt64 { 0xffff_ffff_0000_0000 }
  static var numberMask: UInt64 { 0x0000_0000_ffff_ffff }
}
