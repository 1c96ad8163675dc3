/// A value of the property `Word_Break` of UAX #29.
enum WordBreakClass: UInt8, CaseIterable {
  case other
  case carriageReturn
  case lineFeed
  case newline
  case extend
  case zeroWidthJoiner
  case regionalIndicator
  case format
  case katakana
  case hebrewLetter
  case letter
  case singleQuote
  case doubleQuote
  case midNumberLetter
  case midLetter
  case midNumber
  case numeric
  case extendNumberLetter
  case wordSegmentSpace
}

/// The properties of a scalar that the rules of UAX #29 use.
struct WordBreakProperty: Equatable {
  var rawValue: UInt8

  /// The value of `Word_Break`.
  var wordBreak: WordBreakClass { WordBreakClass(rawValue: rawValue & 0x1F) ?? .other }

  /// True if the scalar has the property `Extended_Pictographic`.
  var isPictographic: Bool { rawValue & 0x20 != 0 }

  /// True if the scalar has the property `White_Space`.
  var isWhiteSpace: Bool { rawValue & 0x40 != 0 }
}

/// The ``WordBreakProperty`` of every scalar, in two array look-ups.
///
/// The scalars are cut into blocks of 128, and the blocks where all is `other` are stored once:
/// 65 kB in place of a megabyte.
struct WordBreakProperties: Sendable {
  /// The properties of ``WordBreakTable``.
  static let standard = WordBreakProperties()

  /// The start of each block of scalars in `properties`, divided by 128.
  private let blocks: [UInt16]
  private let properties: [UInt8]

  private init() {
    var blocks = [UInt16](repeating: 0, count: 0x110000 >> 7)
    var properties = [UInt8](repeating: 0, count: 128)
    for (text, bits) in WordBreakTable.classes {
      for range in WordBreakTable.ranges(in: text) {
        for scalar in range {
          let block = scalar >> 7
          if blocks[block] == 0 {
            blocks[block] = UInt16(properties.count >> 7)
            properties += repeatElement(0, count: 128)
          }
          properties[Int(blocks[block]) << 7 | scalar & 0x7F] |= bits
        }
      }
    }
    self.blocks = blocks
    self.properties = properties
  }

  /// The property of the scalar with number `scalar`, at most 0x1FFFFF.
  @inline(__always)
  subscript(scalar: UInt32) -> WordBreakProperty {
    let block = Int(scalar >> 7)
    guard block < blocks.count else { return WordBreakProperty(rawValue: 0) }
    return WordBreakProperty(rawValue: properties[Int(blocks[block]) << 7 | Int(scalar & 0x7F)])
  }

  /// The property of the scalar of `text` at `position`, and the end of the scalar.
  ///
  /// Bytes that are not a scalar have the class `other`.
  @inline(__always)
  func property(in text: Span<UInt8>, at position: Int) -> (WordBreakProperty, end: Int) {
    let end = scalarEnd(in: text, at: position)
    let lead = UInt32(text[position])
    switch end - position {
    case 1 where lead < 0x80:
      return (self[lead], end)
    case 2 where lead < 0xE0:
      return (self[(lead & 0x1F) << 6 | text.trail(position + 1)], end)
    case 3 where lead < 0xF0:
      let high = (lead & 0x0F) << 12 | text.trail(position + 1) << 6
      return (self[high | text.trail(position + 2)], end)
    case 4:
      let high = (lead & 0x07) << 18 | text.trail(position + 1) << 12
      return (self[high | text.trail(position + 2) << 6 | text.trail(position + 3)], end)
    default:
      return (WordBreakProperty(rawValue: 0), end)
    }
  }
}

extension Span<UInt8> {
  /// The six bits that the trailing byte at `position` adds to a scalar.
  @inline(__always)
  fileprivate func trail(_ position: Int) -> UInt32 { UInt32(self[position] & 0x3F) }
}

extension WordBreakTable {
  /// Each string with the bits that its scalars have in ``WordBreakProperty``.
  static var classes: [(text: String, bits: UInt8)] {
    [
      (carriageReturn, WordBreakClass.carriageReturn.rawValue),
      (lineFeed, WordBreakClass.lineFeed.rawValue),
      (newline, WordBreakClass.newline.rawValue),
      (extend, WordBreakClass.extend.rawValue),
      (zeroWidthJoiner, WordBreakClass.zeroWidthJoiner.rawValue),
      (regionalIndicator, WordBreakClass.regionalIndicator.rawValue),
      (format, WordBreakClass.format.rawValue),
      (katakana, WordBreakClass.katakana.rawValue),
      (hebrewLetter, WordBreakClass.hebrewLetter.rawValue),
      (letter, WordBreakClass.letter.rawValue),
      (singleQuote, WordBreakClass.singleQuote.rawValue),
      (doubleQuote, WordBreakClass.doubleQuote.rawValue),
      (midNumberLetter, WordBreakClass.midNumberLetter.rawValue),
      (midLetter, WordBreakClass.midLetter.rawValue),
      (midNumber, WordBreakClass.midNumber.rawValue),
      (numeric, WordBreakClass.numeric.rawValue),
      (extendNumberLetter, WordBreakClass.extendNumberLetter.rawValue),
      (wordSegmentSpace, WordBreakClass.wordSegmentSpace.rawValue),
      (extendedPictographic, 0x20),
      (whiteSpace, 0x40),
    ]
  }

  /// The ranges that `text`, one of the strings of the table, lists.
  static func ranges(in text: String) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    var first: Int?
    var number = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-"):
        first = number
        number = 0
      case UInt8(ascii: " "):
        ranges.append((first ?? number)...number)
        first = nil
        number = 0
      default:
        number = number << 4 | Int(byte <= 0x39 ? byte - 0x30 : byte - 0x41 + 10)
      }
    }
    ranges.append((first ?? number)...number)
    return ranges
  }
}
