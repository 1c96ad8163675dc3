import Files
import Tokenization

/// Words as ARPA files can hold them: any bytes except ASCII white space and NUL.
///
/// A word stands in a file as it stands in the text. In a file with a word that could not be read
/// back, each such byte is written `<0xHH>`, and so is the `<` of a literal `<0xHH>`; so nothing is
/// lost. That file says in a line before `\data\` that it does so. Other files are read as they
/// are, and other programs read an escape as a part of the word.
package enum ARPAEscape {
  /// The text of that line after its `#`.
  static let remark = "escapes\t<0xHH>"

  /// True if other bytes would be read than those of `word`.
  static func isNeeded(by word: Span<UInt8>) -> Bool {
    for index in 0..<word.count where isSeparator(word[index]) { return true }
    return false
  }

  /// The word with its white space, its NULs and the `<` of each literal `<0xHH>` escaped.
  package static func escape(_ word: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    for index in 0..<word.count {
      if isSeparator(word[index]) || escapedByte(word, at: index) != nil {
        result += escape(word[index])
      } else {
        result.append(word[index])
      }
    }
    return result
  }

  /// A word spelled like the marker of a sentence or of unknown words, which a reader would take
  /// for the marker: its `<` escaped.
  static func escapeMarker(_ word: Span<UInt8>) -> [UInt8] {
    escape(word[0]) + Array(word).dropFirst()
  }

  /// The bytes of an escaped word.
  static func unescape(_ word: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < word.count {
      let byte = escapedByte(word, at: index)
      result.append(byte ?? word[index])
      index += byte == nil ? 1 : 6
    }
    return result
  }

  /// The marker that `word` is in other case, such as `<unk>` for `<UNK>`; nil if it is none, or
  /// the marker itself.
  @inline(__always)
  static func marker(inOtherCase word: Span<UInt8>) -> TokenID? {
    guard (3...5).contains(word.count), word[0] == 60 else { return nil }
    for index in 1..<word.count where (65...90).contains(word[index]) {
      let lowered = String(decoding: word, as: UTF8.self).lowercased()
      return TokenID.specialSpellings.firstIndex(of: lowered).map { TokenID(UInt32($0)) }
    }
    return nil
  }

  /// The byte that an escape at `index` stands for; nil if none is there.
  private static func escapedByte(_ word: Span<UInt8>, at index: Int) -> UInt8? {
    guard word[index] == 60, index + 6 <= word.count, word[index + 1] == 48,
      word[index + 2] == 120, word[index + 5] == 62,
      let high = digit(word[index + 3]), let low = digit(word[index + 4])
    else { return nil }
    return high << 4 | low
  }

  /// True for NUL, tab, line feed, vertical tab, form feed, carriage return and blank.
  ///
  /// KenLM and SRILM split at some of them only, other readers at all.
  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == 32 || (9...13).contains(byte) || byte == 0
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
