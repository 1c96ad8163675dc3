import Files

/// Words as ARPA files can hold them: without white space, control characters or bytes that are not
/// UTF-8.
///
/// Each such byte is written `<0xHH>`, and so is the `<` of a literal `<0x`, and that of the word
/// `<UNK>`, which others take for `<unk>`; so nothing is lost. A file says in a line before
/// `\data\` that it does so; other files are read as they are.
package enum ARPAEscape {
  /// The text of that line after its `#`.
  static let remark = "escapes\t<0xHH>"

  /// The word with its bytes escaped.
  package static func escape(_ word: Span<UInt8>) -> [UInt8] {
    guard let text = String(validating: word, as: UTF8.self) else {
      return Array(word).flatMap { $0 < 0x80 && !isSpecial(UInt32($0)) ? [$0] : escape($0) }
    }
    let bytes = Array(word)
    if bytes.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 60 }) { return bytes }
    if text == "<UNK>" { return escape(60) + Array("UNK>".utf8) }
    var result: [UInt8] = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      let isLiteral = rest.starts(with: "<0x".unicodeScalars)
      for byte in String(scalar).utf8 {
        if isLiteral || isSpecial(scalar.value) {
          result += escape(byte)
        } else {
          result.append(byte)
        }
      }
      rest = rest.dropFirst()
    }
    return result
  }

  /// The bytes of an escaped word.
  static func unescape(_ word: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < word.count {
      if index + 6 <= word.count, word[index] == 60, word[index + 1] == 48, word[index + 2] == 120,
        word[index + 5] == 62, let high = digit(word[index + 3]), let low = digit(word[index + 4])
      {
        result.append(high << 4 | low)
        index += 6
      } else {
        result.append(word[index])
        index += 1
      }
    }
    return result
  }

  private static func isSpecial(_ scalar: UInt32) -> Bool {
    scalar <= 32 || (127...160).contains(scalar)
      || (Unicode.Scalar(scalar)?.properties.isWhitespace ?? false)
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], 62]
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
