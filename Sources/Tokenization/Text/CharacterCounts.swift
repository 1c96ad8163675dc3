import Files

/// The numbers of Unicode scalars and of graphemes in a text.
///
///     CharacterCounts(of: Array("e\u{301}🇩🇪\r\n".utf8).span)  // 6 scalars, 3 graphemes
///
/// Graphemes are extended grapheme clusters (UAX #29, section 3), as in Swift's `Character`. In
/// bytes that are not UTF-8, each maximal prefix of a sequence counts as one U+FFFD, which is one
/// scalar and one grapheme (The Unicode Standard, section 3.9).
///
/// A line feed always ends a grapheme (rule GB4), so the counts of lines add up to that of their
/// text, and a text can be cut at any line end.
package struct CharacterCounts: Equatable {
  /// The number of Unicode scalars.
  package private(set) var scalars = 0

  /// The number of extended grapheme clusters.
  package private(set) var graphemes = 0

  /// The counts of `text`.
  ///
  /// There is always a boundary between two scalars that never join, except in CR LF. So ASCII is
  /// counted by bytes and other text by scalars; the standard library counts only around scalars
  /// that may join.
  ///
  /// - Complexity: O(*n*), *n* the number of bytes.
  package init(of text: Span<UInt8>) {
    var position = 0
    var last = 0  // where the scalar before `position` begins
    while position < text.count {
      let length = text.asciiCount(from: position)
      scalars += length
      graphemes += length
      position += length
      if length > 0 { last = position - 1 }
      while position < text.count && text[position] >= 0x80 {
        let scalar = DecodedScalar(text, at: position)
        guard scalar.standsAlone else {
          position = addClusters(of: text, from: last, joinedAt: position)
          last = position
          break
        }
        scalars += 1
        graphemes += 1
        last = position
        position = scalar.end
      }
    }
    graphemes -= Self.lineEndCount(of: text)
  }

  /// Counts the clusters from a scalar at `joint` that may join with the previous scalar.
  ///
  /// The previous scalar begins at `start` and is already counted.
  ///
  /// - Returns: The first boundary between two scalars that never join, or the text's end.
  private mutating func addClusters(
    of text: Span<UInt8>,
    from start: Int,
    joinedAt joint: Int
  ) -> Int {
    var end = joint
    var lastStandsAlone = false
    while end < text.count {
      let scalar = DecodedScalar(text, at: end)
      if lastStandsAlone && scalar.standsAlone { break }
      lastStandsAlone = scalar.standsAlone
      scalars += 1
      end = scalar.end
    }
    graphemes += Self.clusterCount(of: text.extracting(start..<end)) - (start < joint ? 1 : 0)
    return end
  }

  private static func clusterCount(of text: Span<UInt8>) -> Int {
    guard let utf8 = try? UTF8Span(validating: text) else {
      return String(decoding: text, as: UTF8.self).count
    }
    var clusters = utf8.makeCharacterIterator()
    return clusters.skipForward(by: text.count)
  }

  /// The number of CR LF, each of which is one grapheme.
  private static func lineEndCount(of text: Span<UInt8>) -> Int {
    guard text.count(of: 0x0D) > 0 else { return 0 }
    var count = 0
    for position in 1..<max(1, text.count) {
      count += text[position] == 0x0A && text[position - 1] == 0x0D ? 1 : 0
    }
    return count
  }
}

/// A scalar in bytes that may not be UTF-8.
private struct DecodedScalar {
  /// The position after it.
  private(set) var end: Int

  /// The scalar; U+FFFD for an incomplete sequence.
  private(set) var value: UInt32

  /// Decodes the scalar at `position` of `text`.
  @inline(__always)
  init(_ text: Span<UInt8>, at position: Int) {
    let lead = text[position]
    end = position + 1
    value = UInt32(lead)
    if lead < 0x80 { return }
    guard (0xC2...0xF4).contains(lead) else {
      value = 0xFFFD
      return
    }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    value &= 0x7F >> UInt32(length)
    // The second byte reveals overlong forms, surrogates and values above U+10FFFF.
    var low: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
    var high: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
    while end < position + length {
      guard end < text.count, text[end] >= low, text[end] <= high else {
        value = 0xFFFD
        return
      }
      value = value << 6 | UInt32(text[end] & 0x3F)
      (low, high) = (0x80, 0xBF)
      end += 1
    }
  }

  /// True if the scalar never joins with another such scalar; it may be false for others.
  ///
  /// The ranges cover the classes Other, Control, LV and LVT of the common scripts: no marks,
  /// joiners, single jamo or regional indicators.
  @inline(__always)
  var standsAlone: Bool {
    switch value {
    case 0...0x2FF, 0x370...0x482, 0x48A...0x590: true  // Latin, Greek, Cyrillic, Armenian
    case 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x3400...0x4DBF: true  // Han, Hangul
    case 0x3000...0x3029, 0x3030...0x3098, 0x309B...0x33FF: true  // kana, punctuation of Han
    case 0x5D0...0x5EA, 0x620...0x64A, 0x671...0x6D3: true  // Hebrew, Arabic
    case 0x10A0...0x10FF, 0x1200...0x135A, 0x13A0...0x167F: true  // Georgian, Ethiopic, Cherokee
    case 0x1E00...0x200B, 0x200E...0x20CF: true  // more Latin and Greek, punctuation
    case 0x2100...0x2CEE, 0xFF01...0xFF9D, 0xFFFD: true  // symbols, wide forms
    case 0x1F300...0x1F3FA, 0x1F400...0x1F64F, 0x2_0000...0x2_FFFF: true  // emoji, rare Han
    default: false
    }
  }
}
