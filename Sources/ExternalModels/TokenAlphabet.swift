import Records

/// An alphabet in which a tokenizer stores its tokens, or a client has misread them.
enum TokenAlphabet: CaseIterable {
  /// GPT-2's: a letter for each byte, as `Ġ` for a space and `å¤©` for `天`.
  case byteLevel
  /// SentencePiece's: `▁` for a space and `<0xE5>` for a byte.
  case sentencePiece
  /// Latin-1: each byte of UTF-8 read as a character, as `å¤©` for `天`. Clients do so with answers
  /// that name no encoding.
  case latin1

  /// The bytes of a token in this alphabet; nil if it has a character that the alphabet lacks.
  func bytes(of spelling: some Collection<UInt8>) -> [UInt8]? {
    switch self {
    case .byteLevel:
      if spelling.allSatisfy({ 33...126 ~= $0 }) { return Array(spelling) }
      var bytes: [UInt8] = []
      for scalar in String(decoding: spelling, as: UTF8.self).unicodeScalars {
        guard let byte = Self.letters[scalar.value] else { return nil }
        bytes.append(byte)
      }
      return bytes
    case .sentencePiece:
      if let byte = Self.byte(of: spelling) { return [byte] }
      return Self.replacingSpaces(in: Array(spelling))
    case .latin1:
      var bytes: [UInt8] = []
      for scalar in String(decoding: spelling, as: UTF8.self).unicodeScalars {
        guard let byte = UInt8(exactly: scalar.value) else { return nil }
        bytes.append(byte)
      }
      return bytes
    }
  }

  /// The byte of a token such as `<0xE5>`; nil for any other.
  static func byte(of spelling: some Collection<UInt8>) -> UInt8? {
    guard spelling.count == 6, spelling.starts(with: "<0x".utf8) else { return nil }
    let text = String(decoding: spelling, as: UTF8.self)
    return text.last == ">" ? UInt8(text.dropFirst(3).dropLast(), radix: 16) : nil
  }

  private static let spaceSign = Array("\u{2581}".utf8)

  private static func replacingSpaces(in bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(spaceSign[0]) else { return bytes }
    return bytes.replacing(spaceSign, with: [32])
  }

  /// GPT-2's letters: printable bytes are their own letters, others get U+0100 and up, in order.
  private static let letters: [UInt32: UInt8] = {
    var letters: [UInt32: UInt8] = [:]
    var next: UInt32 = 0x100
    for byte in UInt8.min...UInt8.max {
      if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 {
        letters[UInt32(byte)] = byte
      } else {
        letters[next] = byte
        next += 1
      }
    }
    return letters
  }()
}

extension ExternalDocument {
  /// The document with its tokens turned back from `alphabet`; nil if they are not in it, or if it
  /// changes none.
  func decoded(from alphabet: TokenAlphabet) -> ExternalDocument? {
    var result = self
    result.spelling = []
    var isChanged = false
    for index in tokens.indices {
      let written = spelling(of: index)
      if tokens[index].spelling != .unknown, tokens[index].spelling != .counted {
        guard let bytes = Self.decoded(written, from: alphabet) else { return nil }
        isChanged = isChanged || !bytes.elementsEqual(written)
        if !bytes.elementsEqual(written) {
          let isLost = JSONString.containsReplacement(bytes)
          result.tokens[index].spelling = isLost ? .replaced : .exact
        }
        result.spelling += bytes
      } else {
        result.spelling += written
      }
      result.tokens[index].end = result.spelling.count
    }
    for (index, list) in candidates {
      for number in list.indices {
        guard let bytes = Self.decoded(list[number].bytes, from: alphabet) else { return nil }
        isChanged = isChanged || bytes != list[number].bytes
        result.candidates[index]?[number].bytes = bytes
      }
    }
    result.isDecoded = true
    return isChanged ? result : nil
  }

  /// The bytes of a token; those of a mark such as `<｜end｜>` are its own.
  private static func decoded(
    _ spelling: some Collection<UInt8>,
    from alphabet: TokenAlphabet
  ) -> [UInt8]? {
    alphabet.bytes(of: spelling) ?? (isMark(spelling) ? Array(spelling) : nil)
  }

  /// True for tokens like `<s>` and `[CLS]`, which may stand for no bytes of a text.
  static func isMark(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count > 2, bytes.count <= 64, let first = bytes.first else { return bytes.isEmpty }
    let last = bytes[bytes.index(bytes.startIndex, offsetBy: bytes.count - 1)]
    let isBracketed = first == 0x3c && last == 0x3e || first == 0x5b && last == 0x5d
    return isBracketed && !bytes.contains { $0 <= 32 } && TokenAlphabet.byte(of: bytes) == nil
  }
}
