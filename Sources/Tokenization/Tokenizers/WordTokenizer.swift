/// Makes each word and each mark between words a token, by Unicode's default word boundaries.
///
/// A token is a segment of UAX #29 without the white space at its ends; a segment of white space
/// alone is none. So words, numbers, single punctuation marks and whole emoji sequences are tokens.
/// Contractions, decimals and inner full stops stay whole, as the standard has them:
///
///     "\"Don't stop,\" e.g. 3.14" -> "\"", "Don't", "stop", ",", "\"", "e.g", ".", "3.14"
///
/// Scripts that write no space between words are not analysed, for that needs a dictionary: Han
/// ideographs, Hiragana, Thai, Lao and Khmer letters come one scalar (with its combining marks) a
/// token, Katakana and Hangul in runs.
///
/// **The unknown word.** `<unk>` is one token where it stands between white space (or the ends of the
/// text), so that text with unknown words taken out, as the Penn Treebank, counts as it is meant. The
/// standard alone would make three tokens of it. `<s>` and `</s>` are text, as in HTML: three tokens
/// and four.
///
/// Reference: Unicode Standard Annex #29, section 4.1, in the version of ``unicodeVersion``.
public struct WordTokenizer: Tokenizer {
  /// The version of Unicode whose properties and rules are used.
  public static let unicodeVersion = WordBreakTable.unicodeVersion

  private static let unknown = Array("<unk>".utf8)

  private let segmenter = WordSegmenter()
  private let classes = ByteClasses()

  /// Makes the tokenizer, which has no options.
  public init() {}

  /// Appends the range of each word and mark of `text`.
  ///
  /// Runs of ASCII need one look-up a byte and no table of Unicode. A segment that touches other
  /// scalars is left to ``WordSegmenter``.
  public func tokenize(_ text: Span<UInt8>, into ranges: inout [Range<Int>]) {
    ranges.appendTokens(ofByteCount: text.count) { chunk, output in
      appendTokens(of: text, in: chunk, classes: classes.bits.span, to: &output)
    }
  }

  /// Appends the tokens of `text` that begin in `chunk`, which begins at a boundary.
  ///
  /// - Returns: The end of the last of them, or of the white space after it.
  private func appendTokens(
    of text: Span<UInt8>,
    in chunk: Range<Int>,
    classes: Span<UInt8>,
    to output: inout OutputSpan<Range<Int>>
  ) -> Int {
    let count = text.count
    var position = chunk.lowerBound
    while position < chunk.upperBound {
      var start = position
      let byte = text[start]
      let byteClass = classes[Int(byte)]
      if byteClass & ByteClasses.word != 0 {
        position = wordEnd(in: text, from: start, classes: classes)
      } else if byteClass & ByteClasses.space != 0 {
        // Scalars that WB4 adds to white space are cut alike without it, so it can just be left.
        position += 1
        continue
      } else if byteClass & ByteClasses.beyond == 0 {
        position += 1
        if position < count && text[position] >= 0x80 {
          position = segmentEnd(in: text, at: position, after: .other)
        } else if byte == UInt8(ascii: "<") {
          position = unknownEnd(in: text, from: start) ?? position
        }
      } else {
        let (property, next) = segmenter.properties.property(in: text, at: start)
        position = next
        if property.isWhiteSpace {
          guard property.wordBreak == .extendNumberLetter else { continue }
          start = next
        }
        position = segmentEnd(in: text, at: next, after: property.wordBreak)
        while start < position && isNarrowSpace(text, at: start) { start += 3 }
        if start == position { continue }
      }
      output.append(start..<position)
    }
    return position
  }

  /// The end of the segment that begins at `start` with an ASCII letter, digit or low line.
  ///
  /// In ASCII WB5 to WB13b come to this: letters, digits and low lines join each other, and one
  /// mark between two letters or two digits joins them if it is of the right kind.
  @inline(__always)
  private func wordEnd(
    in text: Span<UInt8>,
    from start: Int,
    classes: Span<UInt8>
  ) -> Int {
    let count = text.count
    var position = start + 1
    while position < count {
      if position + 8 <= count {
        let length = ByteWord(text, at: position).wordPrefixLength
        position += length
        if length == 8 { continue }
      }
      let byteClass = classes[Int(text[position])]
      if byteClass & ByteClasses.word != 0 {
        position += 1
        continue
      }
      if byteClass & (ByteClasses.beyond | ByteClasses.bridge) == 0 { return position }
      let last = classes[Int(text[position - 1])]
      if byteClass & ByteClasses.beyond == 0 {
        guard position + 1 < count else { return position }
        let far = classes[Int(text[position + 1])]
        if far & ByteClasses.beyond == 0 {
          guard last & far & (byteClass >> ByteClasses.bridgeShift) != 0 else { return position }
          position += 2
          continue
        }
      }
      return segmentEnd(in: text, at: position, after: ByteClasses.wordBreak(of: last))
    }
    return position
  }

  /// The end of a segment without the white space there, which can only be U+202F.
  ///
  /// The standard makes that space (French sets it before `!`) a part of words like the low line.
  private func segmentEnd(
    in text: Span<UInt8>,
    at position: Int,
    after first: WordBreakClass
  ) -> Int {
    var end = segmenter.segmentEnd(in: text, at: position, after: first)
    while end >= position + 3 && isNarrowSpace(text, at: end - 3) { end -= 3 }
    return end
  }

  /// True if U+202F is at `position` of `text`.
  @inline(__always)
  private func isNarrowSpace(_ text: Span<UInt8>, at position: Int) -> Bool {
    text[position] == 0xE2 && position + 2 < text.count && text[position + 1] == 0x80
      && text[position + 2] == 0xAF
  }

  /// The end of the `<unk>` at `start`, where `text` has a `<`; nil if there is none.
  private func unknownEnd(in text: Span<UInt8>, from start: Int) -> Int? {
    let end = start + Self.unknown.count
    guard end <= text.count,
      Self.unknown.indices.allSatisfy({ text[start + $0] == Self.unknown[$0] })
    else { return nil }
    return isSpace(in: text, before: start) && isSpace(in: text, after: end) ? end : nil
  }

  /// True if white space, or the start of `text`, precedes `position`.
  private func isSpace(in text: Span<UInt8>, before position: Int) -> Bool {
    guard position > 0 else { return true }
    var start = position - 1
    while start > 0 && text[start] & 0xC0 == 0x80 { start -= 1 }
    return segmenter.properties.property(in: text, at: start).0.isWhiteSpace
  }

  /// True if white space, or the end of `text`, is at `position`.
  private func isSpace(in text: Span<UInt8>, after position: Int) -> Bool {
    guard position < text.count else { return true }
    return segmenter.properties.property(in: text, at: position).0.isWhiteSpace
  }
}

/// The class of each byte for ``WordTokenizer``, as a set of bits.
private struct ByteClasses: Sendable {
  static let letter: UInt8 = 1
  static let digit: UInt8 = 2
  static let lowLine: UInt8 = 4
  static let word: UInt8 = letter | digit | lowLine
  /// A mark that joins two letters (`MidLetter`, `MidNumLet`, `Single_Quote`).
  static let letterBridge: UInt8 = letter << bridgeShift
  /// A mark that joins two digits (`MidNum`, `MidNumLet`, `Single_Quote`).
  static let digitBridge: UInt8 = digit << bridgeShift
  static let bridge: UInt8 = letterBridge | digitBridge
  static let bridgeShift: UInt8 = 4
  static let space: UInt8 = 64
  /// A byte of a scalar that is not ASCII.
  static let beyond: UInt8 = 128

  /// The bits of each byte.
  let bits = (UInt8.min...UInt8.max).map(bits(of:))

  private static func bits(of byte: UInt8) -> UInt8 {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z": letter
    case "0"..."9": digit
    case "_": lowLine
    case ":": letterBridge
    case ",", ";": digitBridge
    case ".", "'": letterBridge | digitBridge
    case "\t"..."\r", " ": space
    case "\u{80}"...: beyond
    default: 0
    }
  }

  /// The class that the standard gives to a byte of the class `word`.
  static func wordBreak(of bits: UInt8) -> WordBreakClass {
    switch bits {
    case letter: .letter
    case digit: .numeric
    default: .extendNumberLetter
    }
  }
}
