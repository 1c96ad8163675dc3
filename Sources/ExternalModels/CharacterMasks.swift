/// The places of a text where bytes of a cut character may begin, a bit for each.
///
/// A decoder writes the beginning of a character that is not whole as one U+FFFD, and each of the
/// bytes behind the beginning as another.
struct CharacterMasks {
  /// The place of the first bit, a multiple of 64.
  let start: Int
  /// Bytes that begin no character.
  private(set) var continuations: [UInt64] = []
  /// Characters whose first one, two or three bytes are not the whole.
  private(set) var beginnings: [[UInt64]] = [[], [], []]
  /// Characters U+FFFD that are in the text itself.
  private(set) var replacements: [UInt64] = []
  /// Bytes above ASCII.
  private(set) var others: [UInt64] = []

  /// Masks from `place` on.
  init(from place: Int) { start = place & ~63 }

  /// Extends the masks to include `place`.
  mutating func extend(to place: Int, in text: inout TextWindow) throws {
    while start + 64 * others.count <= place {
      let first = start + 64 * others.count
      _ = try text.reaches(first + 66)
      continuations.append(0)
      replacements.append(0)
      others.append(0)
      for index in beginnings.indices { beginnings[index].append(0) }
      for place in first..<min(first + 64, max(first, text.bytes.count)) {
        mark(place, in: text.bytes, block: others.count - 1)
      }
    }
  }

  private mutating func mark(_ place: Int, in bytes: [UInt8], block: Int) {
    let byte = bytes[place]
    guard byte >= 0x80 else { return }
    let bit: UInt64 = 1 << UInt64(place & 63)
    others[block] |= bit
    let count = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    let isWhole =
      count > 1 && place + count <= bytes.count
      && bytes[place + 1..<place + count].allSatisfy { $0 & 0xc0 == 0x80 }
    guard isWhole else { return continuations[block] |= bit }
    for index in 0..<count - 1 { beginnings[index][block] |= bit }
    if count == 3 && byte == 0xef && bytes[place + 1] == 0xbf && bytes[place + 2] == 0xbd {
      replacements[block] |= bit
    }
  }
}
