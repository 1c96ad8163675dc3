import Files

/// The bytes of a string in a JSON text.
///
/// Programs that cut text into tokens cut code points too, and write what has no spelling in one of
/// three ways, all of which are known here: as U+FFFD, which loses the bytes; as a surrogate
/// without its half, which loses them too; and as one of the surrogates U+DC80 to U+DCFF, which
/// Python's `surrogateescape` makes of the bytes 80 to FF and which are read as those bytes.
package struct JSONString: Equatable {
  /// The bytes, in UTF-8 where they are whole.
  package var bytes: [UInt8]

  /// True if the bytes have a U+FFFD, which may replace others.
  package var hasReplacements: Bool

  /// The string of these bytes.
  package init(bytes: [UInt8]) {
    self.bytes = bytes
    hasReplacements = Self.containsReplacement(bytes)
  }

  /// Decodes what stands between the quotation marks of a well-formed string.
  package init(escaped source: ArraySlice<UInt8>) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var index = source.startIndex
    while index < source.endIndex {
      let rest = source.span.extracting((index - source.startIndex)...)
      let length = rest.firstIndex(of: 0x5c) ?? rest.count
      bytes.append(copying: rest.extracting(..<length))
      index += length + 1
      guard index < source.endIndex else { break }
      let escape = source[index]
      index += 1
      switch escape {
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "b"): bytes.append(8)
      case UInt8(ascii: "f"): bytes.append(12)
      case UInt8(ascii: "u"):
        var unit = Self.codeUnit(source, at: &index)
        if (0xd800..<0xdc00).contains(unit), source[index...].starts(with: [0x5c, 0x75]) {
          var next = index + 2
          let low = Self.codeUnit(source, at: &next)
          if (0xdc00..<0xe000).contains(low) {
            unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
            index = next
          }
        }
        if (0xdc80...0xdcff).contains(unit) {
          bytes.append(UInt8(unit - 0xdc00))
        } else {
          bytes += (Unicode.Scalar(unit) ?? "\u{FFFD}").utf8
        }
      default: bytes.append(escape)
      }
    }
    self.init(bytes: bytes)
  }

  private static func codeUnit(_ source: ArraySlice<UInt8>, at index: inout Int) -> UInt32 {
    var unit: UInt32 = 0
    let end = min(source.endIndex, index + 4)
    while index < end {
      unit = unit << 4 | UInt32(Character(Unicode.Scalar(source[index])).hexDigitValue ?? 0)
      index += 1
    }
    return unit
  }

  package static func containsReplacement(_ bytes: [UInt8]) -> Bool {
    var index = 0
    while let found = bytes.span.firstIndex(of: 0xef, from: index) {
      index = found + 1
      if found + 2 < bytes.count && bytes[found + 1] == 0xbf && bytes[found + 2] == 0xbd {
        return true
      }
    }
    return false
  }
}

extension Unicode.Scalar {
  /// The scalar in UTF-8.
  fileprivate var utf8: [UInt8] { Array(UTF8.encode(self) ?? UTF8.encodedReplacementCharacter) }
}
