/// Encodings other than UTF-8, told by the bytes of a text.
public enum TextEncoding {
  /// The name of the encoding that the first bytes of a text show, as `iconv` calls it; nil if they
  /// may be UTF-8.
  ///
  /// Text of Latin letters in UTF-16 without a mark has a zero in every second byte.
  package static func wide(_ start: some Collection<UInt8>) -> String? {
    let start = Array(start.prefix(64))
    if start.starts(with: [0xff, 0xfe, 0, 0]) || start.starts(with: [0, 0, 0xfe, 0xff]) {
      return "UTF-32"
    }
    if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]) { return "UTF-16" }
    guard start.count >= 4 else { return nil }
    let zeros = start.indices.filter { start[$0] == 0 }
    let odd = zeros.count { $0 % 2 == 1 }
    if zeros.count * 3 >= start.count {
      if zeros.count * 3 > start.count * 2 {
        // Of four bytes the first or the last has the letter; other rows of zeros are no text.
        if zeros.allSatisfy({ $0 % 4 != 0 }) { return "UTF-32LE" }
        return zeros.allSatisfy { $0 % 4 != 3 } ? "UTF-32BE" : nil
      }
      if odd == zeros.count { return "UTF-16LE" }
      if odd == 0 { return "UTF-16BE" }
    }
    return nil
  }

  /// Returns whether `bytes` have too many control characters to be text.
  ///
  /// Letters of Cyrillic, Greek and other scripts in UTF-16 are valid UTF-8, with a control character
  /// each.
  package static func isBinary(_ bytes: [UInt8]) -> Bool { controlCount(bytes) * 4 > bytes.count }

  private static func controlCount(_ bytes: [UInt8]) -> Int {
    bytes.count { $0 < 9 || (14..<32).contains($0) }
  }

  /// A judgement of bytes that are not UTF-8.
  public enum Guess: Hashable, Sendable {
    /// No text: many bytes are control characters.
    case binary
    /// Latin-1, or Windows-1252.
    case latin
    /// Another encoding.
    case other
    /// UTF-8 with faults.
    case faultyUTF8
  }

  /// The judgement of `bytes`, which are not UTF-8.
  ///
  /// In Latin-1 one or two letters that are not ASCII stand among ASCII ones.
  package static func guess(_ bytes: [UInt8]) -> Guess {
    if controlCount(bytes) * 20 > bytes.count { return .binary }
    var sound = 0
    var faulty = 0
    var latin = 0
    var index = 0
    while index < bytes.count {
      guard bytes[index] >= 0x80 else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count && bytes[index] >= 0x80 { index += 1 }
      let run = bytes[start..<index]
      if String(validating: run, as: UTF8.self) != nil {
        sound += 1
        continue
      }
      faulty += 1
      let isLatin = run.count <= 2 && run.allSatisfy { (0xa0..<0xff).contains($0) || isQuote($0) }
      if isLatin { latin += 1 }
    }
    if faulty <= 2 {
      return sound == 0 && latin == faulty ? .latin : .faultyUTF8
    }
    guard faulty * 10 > sound else { return .faultyUTF8 }
    return latin * 4 > faulty * 3 ? .latin : .other
  }

  /// A quotation mark or a dash of Windows-1252.
  private static func isQuote(_ byte: UInt8) -> Bool { (0x91...0x97).contains(byte) }
}

extension TextEncoding.Guess {
  /// The remedy for a file.
  package var remedy: String {
    switch self {
    case .binary: "it seems to be no text, or UTF-16 (iconv -f UTF-16LE -t UTF-8); give a text"
    case .latin:
      "it seems to be Latin-1 or Windows-1252: convert it with iconv -f WINDOWS-1252 -t UTF-8 first"
    case .other: "convert it from its own encoding with iconv -t UTF-8 first"
    case .faultyUTF8: "mend the file, or use --invalid-utf8 replace"
    }
  }
}
