/// Cuts text at the default word boundaries of Unicode.
///
/// All rules of UAX #29, section 4.1.1, without tailoring. White space and punctuation make
/// segments too; ``WordTokenizer`` leaves out the white space. A boundary depends only on the
/// segment before it and on what follows, so a segment is cut without a look at what is before.
///
/// Reference: Unicode Standard Annex #29, *Unicode Text Segmentation*, "Default Word Boundary
/// Specification".
struct WordSegmenter: Sendable {
  let properties = WordBreakProperties.standard

  /// All boundaries of `text`, from its start to its end (WB1, WB2), white space included.
  func boundaries(of text: Span<UInt8>) -> [Int] {
    var boundaries: [Int] = []
    var position = 0
    while position < text.count {
      boundaries.append(position)
      position = segmentEnd(in: text, from: position)
    }
    if !text.isEmpty { boundaries.append(position) }
    return boundaries
  }

  /// The end of the segment that begins at `start`, a boundary before the end of `text`.
  func segmentEnd(in text: Span<UInt8>, from start: Int) -> Int {
    let (property, end) = properties.property(in: text, at: start)
    switch property.wordBreak {
    case .carriageReturn:  // WB3, WB3a
      return end < text.count && text[end] == 0x0A ? end + 1 : end
    case .lineFeed, .newline:  // WB3a
      return end
    default:
      return segmentEnd(in: text, at: end, after: property.wordBreak)
    }
  }

  /// The end of the segment whose scalars before `position` are already classified.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - position: The start of the scalar after `first`, or the end of `text`.
  ///   - first: The class of a scalar of the segment before `position`, not a line end. It must be
  ///     alone in the segment, or the last of some letters, digits and underscores.
  /// - Returns: The end, at `position` or after it.
  func segmentEnd(in text: Span<UInt8>, at position: Int, after first: WordBreakClass) -> Int {
    var left = first  // the last scalar that WB4 does not skip
    var adjacent = first  // the last scalar
    var end = position
    while end < text.count {
      let (property, next) = properties.property(in: text, at: end)
      let right = property.wordBreak
      if right.isSkipped {  // WB4
        adjacent = right
        end = next
        continue
      }
      if property.isPictographic && adjacent == .zeroWidthJoiner {  // WB3c
        left = right
      } else if right == .wordSegmentSpace && adjacent == .wordSegmentSpace {  // WB3d
        left = right
      } else if left.joins(right) {
        // WB15, WB16: indicators join in pairs, and a third begins a segment.
        left = right == .regionalIndicator ? .other : right
      } else if left.isBridged(to: right),  // WB6, WB7, WB7b, WB7c, WB11, WB12
        let far = unskipped(in: text, from: next), left.isBridged(over: right, to: far.class)
      {
        left = far.class
        adjacent = far.class
        end = far.end
        continue
      } else if left == .hebrewLetter && right == .singleQuote {  // WB7a
        left = right
      } else {
        return end  // WB3b, WB999
      }
      adjacent = right
      end = next
    }
    return end
  }

  /// The class and the end of the first scalar from `position` on that WB4 does not skip.
  private func unskipped(
    in text: Span<UInt8>,
    from position: Int
  ) -> (class: WordBreakClass, end: Int)? {
    var position = position
    while position < text.count {
      let (property, end) = properties.property(in: text, at: position)
      if !property.wordBreak.isSkipped { return (property.wordBreak, end) }
      position = end
    }
    return nil
  }
}

extension WordBreakClass {
  /// True if WB4 skips the class, as part of the preceding scalar.
  var isSkipped: Bool { self == .extend || self == .format || self == .zeroWidthJoiner }

  /// `AHLetter` of the standard.
  var isLetter: Bool { self == .letter || self == .hebrewLetter }

  /// True if there is never a boundary between this class and `right`.
  func joins(_ right: WordBreakClass) -> Bool {
    switch self {
    case .letter, .hebrewLetter, .numeric:  // WB5, WB8, WB9, WB10, WB13a
      right.isLetter || right == .numeric || right == .extendNumberLetter
    case .katakana:  // WB13, WB13a
      right == .katakana || right == .extendNumberLetter
    case .extendNumberLetter:  // WB13a, WB13b
      right.isLetter || right == .numeric || right == .katakana || right == .extendNumberLetter
    case .regionalIndicator:  // WB15, WB16
      right == .regionalIndicator
    default:
      false
    }
  }

  /// True if `mark` may join this class to a class after the mark.
  func isBridged(to mark: WordBreakClass) -> Bool {
    switch mark {
    case .midLetter: isLetter
    case .midNumber: self == .numeric
    case .midNumberLetter, .singleQuote: isLetter || self == .numeric
    case .doubleQuote: self == .hebrewLetter
    default: false
    }
  }

  /// True if `mark`, which passed ``isBridged(to:)``, joins this class to `far` after it.
  func isBridged(over mark: WordBreakClass, to far: WordBreakClass) -> Bool {
    switch self {
    case .numeric: far == .numeric  // WB11, WB12
    case .hebrewLetter where mark == .doubleQuote: far == .hebrewLetter  // WB7b, WB7c
    default: far.isLetter  // WB6, WB7
    }
  }
}
