import Files

/// A vocabulary that grows: gives each new token the next number.
///
/// Numbers are in the order of first occurrence, after the three special tokens. Tokens are
/// compared byte for byte; nothing is allocated for a token but its bytes in one arena.
public struct VocabularyBuilder: ~Copyable {
  /// The most tokens a vocabulary can have.
  public static let capacity = 1 << 31

  private var slots: Buffer<UInt64>
  private var mask: Int
  private var offsets: Buffer<UInt64>
  private var arena: Buffer<UInt8>

  /// The number of tokens so far, the special ones included.
  public private(set) var count = 0

  /// Whether new tokens are refused, so that they become ``TokenID/outOfVocabulary``.
  public var isClosed = false

  /// A vocabulary of the three special tokens.
  public init() {
    slots = Buffer(repeating: 0, count: 1 << 12)
    mask = (1 << 12) - 1
    offsets = Buffer(repeating: 0, count: 1 << 11)
    arena = Buffer(count: 1 << 16)
    for spelling in TokenID.specialSpellings { insert(spelling) }
  }

  /// Gives `token` a number, or finds the one it has.
  @discardableResult
  public mutating func insert(_ token: String) -> TokenID {
    var copy = token
    return copy.withUTF8 { number(UnsafeRawBufferPointer($0)) }
  }

  /// Finds the number of a token given as bytes, or gives it the next one.
  ///
  /// - Complexity: O(length) and about one access to the table.
  mutating func number(_ token: UnsafeRawBufferPointer) -> TokenID {
    let hash = hash64(token)
    let tag = hash & VocabularyTable.tagMask
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { break }
      if entry & VocabularyTable.tagMask == tag {
        let id = Int(entry & VocabularyTable.numberMask) - 1
        if bytesEqual(token, id) { return TokenID(UInt32(id)) }
      }
      slot = (slot + 1) & mask
    }
    if isClosed || count == Self.capacity { return .outOfVocabulary }
    let id = count
    append(token)
    slots[slot] = tag | UInt64(id + 1)
    if count * 3 > slots.count * 2 { growTable() }
    return TokenID(UInt32(id))
  }

  /// The tokens so far as a vocabulary that no longer changes.
  public func vocabulary() -> Vocabulary {
    var image: [UInt8] = []
    writeImage { image.append(contentsOf: $0) }
    let bytes = image.withUnsafeBytes { Bytes(copying: $0) }
    guard let vocabulary = try? Vocabulary(image: bytes) else {
      preconditionFailure("a vocabulary's own image is valid")
    }
    return vocabulary
  }

  /// A vocabulary of the tokens that are to be kept.
  ///
  /// `numbers` gets the new number of each old one; a token not kept becomes unknown. Special tokens
  /// stay.
  public func keeping(
    _ isKept: (Int) -> Bool,
    numbers: inout [UInt32]
  ) -> VocabularyBuilder {
    var kept = VocabularyBuilder()
    numbers = [UInt32](repeating: TokenID.unknown.rawValue, count: count)
    for id in 0..<count where id < TokenID.specialSpellings.count || isKept(id) {
      arena.withBytes(byteRange(id)) { numbers[id] = kept.number($0).rawValue }
    }
    return kept
  }

  /// Gives the vocabulary's file form, piece by piece; ``VocabularyTable`` says how it is laid out.
  func writeImage(_ write: (UnsafeRawBufferPointer) -> Void) {
    let byteCount = Int(offsets[count])
    let header: [UInt64] = [UInt64(count), UInt64(byteCount), UInt64(slots.count), 0]
    header.withUnsafeBytes { write($0) }
    offsets.withBytes(0..<(count + 1), write)
    slots.withBytes(0..<slots.count, write)
    arena.withBytes(0..<byteCount, write)
    let padding = [UInt8](repeating: 0, count: -byteCount & 7)
    padding.withUnsafeBytes { write($0) }
  }

  private func byteRange(_ id: Int) -> Range<Int> { Int(offsets[id])..<Int(offsets[id + 1]) }

  private func bytesEqual(_ token: UnsafeRawBufferPointer, _ id: Int) -> Bool {
    let range = byteRange(id)
    guard range.count == token.count else { return false }
    return arena.withBytes(range) { equalBytes($0, token) }
  }

  private mutating func append(_ token: UnsafeRawBufferPointer) {
    let start = Int(offsets[count])
    arena.grow(to: start + token.count)
    for index in 0..<token.count { arena[start + index] = token[index] }
    count += 1
    offsets.grow(to: count + 1)
    offsets[count] = UInt64(start + token.count)
  }

  private mutating func growTable() {
    slots = Buffer(repeating: 0, count: slots.count * 2)
    mask = slots.count - 1
    for id in 0..<count {
      let hash = arena.withBytes(byteRange(id)) { hash64($0) }
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = hash & VocabularyTable.tagMask | UInt64(id + 1)
    }
  }
}

/// What the builder's table and the file's have in common.
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

/// Whether two byte strings of the same length are equal.
func equalBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  var index = 0
  while index + 8 <= left.count {
    if left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      != right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    {
      return false
    }
    index += 8
  }
  while index < left.count {
    if left[index] != right[index] { return false }
    index += 1
  }
  return true
}
