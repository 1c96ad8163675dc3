/// Text measured and cut by the columns that it fills on a terminal.
///
/// A letter fills one column, an East Asian wide letter or an emoji two, a combining mark none.
/// Escape sequences that set colours fill none.
package enum TextLayout {
  /// On which side of a text its padding goes.
  package enum Side: Sendable {
    /// Blanks before the text, which so stands at the right.
    case before
    /// Blanks after the text, which so stands at the left.
    case after
  }

  /// The number of columns that a line of text fills.
  package static func columnCount(of text: String) -> Int {
    // Printable ASCII, which is nearly everything, needs no look at characters.
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
    var count = 0
    var scanner = EscapeScanner()
    for character in text where scanner.isVisible(character) {
      count += columnCount(of: character)
    }
    return count
  }

  /// The text with blanks up to a width; longer text stays whole.
  package static func padded(_ text: String, to width: Int, _ side: Side = .after) -> String {
    let blanks = String(repeating: " ", count: max(0, width - columnCount(of: text)))
    return side == .before ? blanks + text : text + blanks
  }

  /// The text cut to a width, with `…` as its last column where something is missing.
  ///
  /// Colours that were set stay set off at the end.
  package static func shortened(_ text: String, to width: Int) -> String {
    guard columnCount(of: text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    var isFull = false
    var scanner = EscapeScanner()
    for character in text {
      guard scanner.isVisible(character) else {
        // Sequences after the cut are kept: they are what turns the colour off.
        result.append(character)
        continue
      }
      let columns = columnCount(of: character)
      if !isFull, used + columns > width - 1 {
        result.append("…")
        isFull = true
      }
      if !isFull {
        result.append(character)
        used += columns
      }
    }
    return result
  }

  /// The text broken at blanks into lines of at most a width; a longer word has a line to itself.
  ///
  /// Line feeds of the text are kept, and so is a line that begins with a blank.
  package static func wrapped(_ text: String, width: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
      guard !line.hasPrefix(" ") else { return [String(line)] }
      var lines: [String] = []
      var current = ""
      var used = 0
      for word in line.split(separator: " ") {
        let columns = columnCount(of: String(word))
        if used > 0, used + 1 + columns > width {
          lines.append(current)
          (current, used) = (String(word), columns)
        } else {
          current += used > 0 ? " \(word)" : String(word)
          used += columns + (used > 0 ? 1 : 0)
        }
      }
      return lines + [current]
    }
  }

  private static func columnCount(of character: Character) -> Int {
    if character.isASCII { return character.isNewline || character < " " ? 0 : 1 }
    let scalars = character.unicodeScalars
    // An emoji of several scalars is one picture: a flag, a family, a heart made red by U+FE0F.
    if scalars.count > 1, let first = scalars.first, first.properties.isEmoji,
      scalars.contains(where: { $0.value == 0xFE0F || $0.value == 0x200D || isFlagLetter($0) })
        || scalars.dropFirst().contains(where: \.properties.isEmojiModifier)
    {
      return 2
    }
    return scalars.reduce(0) { $0 + columnCount(of: $1) }
  }

  private static func isFlagLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  private static func columnCount(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator:
      return 0
    default:
      // Vowels and finals of Hangul join the consonant before them.
      if (0x1160...0x11FF).contains(scalar.value) { return 0 }
      return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// The blocks of Unicode's EastAsianWidth.txt with the values W and F, neighbours joined.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
    0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
    0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
    0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
    0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
    0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF,
    0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335,
    0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3,
    0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440,
    0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567,
    0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F,
    0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D7,
    0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB,
    0x1F7F0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
    0x1FA70...0x1FAFF, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}

/// Tells the characters of escape sequences `ESC [ … letter` from those that are seen.
private struct EscapeScanner {
  private enum State { case text, escape, parameters }
  private var state = State.text

  mutating func isVisible(_ character: Character) -> Bool {
    switch state {
    case .text:
      guard character == "\u{1B}" else { return true }
      state = .escape
    case .escape:
      state = character == "[" ? .parameters : .text
    case .parameters:
      if character.isASCII, character.isLetter { state = .text }
    }
    return false
  }
}
