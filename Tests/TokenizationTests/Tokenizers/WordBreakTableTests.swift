import Foundation
import Testing

@testable import Tokenization

/// The table against the Unicode Character Database it was made from.
///
/// The database is looked for in the folder of the environment variable `PERPLEX_UCD`, else where
/// Debian's package `unicode-data` puts it. Set the variable to the folder of another version, and
/// the failures print the strings of a new table.
@Suite struct WordBreakTableTests {
  private static let folder =
    ProcessInfo.processInfo.environment["PERPLEX_UCD"] ?? "/usr/share/unicode"

  private static let isDatabasePresent: Bool = {
    if ProcessInfo.processInfo.environment["PERPLEX_UCD"] != nil { return true }
    let file = try? String(
      contentsOfFile: folder + "/auxiliary/WordBreakProperty.txt",
      encoding: .utf8
    )
    return file?.hasPrefix("# WordBreakProperty-\(WordBreakTable.unicodeVersion).txt") ?? false
  }()

  @Test(
    .enabled(
      if: isDatabasePresent,
      "no Unicode Character Database of the table's version in /usr/share/unicode; set PERPLEX_UCD"
    )
  )
  func `the table is that of the Unicode Character Database`() throws {
    let breaks = try values(in: "auxiliary/WordBreakProperty.txt")
    let emoji = try values(in: "emoji/emoji-data.txt")
    let properties = try values(in: "PropList.txt")
    let expected: [(String, Set<UInt32>?, String)] = [
      ("CR", breaks["CR"], WordBreakTable.carriageReturn),
      ("LF", breaks["LF"], WordBreakTable.lineFeed),
      ("Newline", breaks["Newline"], WordBreakTable.newline),
      ("Extend", breaks["Extend"], WordBreakTable.extend),
      ("ZWJ", breaks["ZWJ"], WordBreakTable.zeroWidthJoiner),
      ("Regional_Indicator", breaks["Regional_Indicator"], WordBreakTable.regionalIndicator),
      ("Format", breaks["Format"], WordBreakTable.format),
      ("Katakana", breaks["Katakana"], WordBreakTable.katakana),
      ("Hebrew_Letter", breaks["Hebrew_Letter"], WordBreakTable.hebrewLetter),
      ("ALetter", breaks["ALetter"], WordBreakTable.letter),
      ("Single_Quote", breaks["Single_Quote"], WordBreakTable.singleQuote),
      ("Double_Quote", breaks["Double_Quote"], WordBreakTable.doubleQuote),
      ("MidNumLet", breaks["MidNumLet"], WordBreakTable.midNumberLetter),
      ("MidLetter", breaks["MidLetter"], WordBreakTable.midLetter),
      ("MidNum", breaks["MidNum"], WordBreakTable.midNumber),
      ("Numeric", breaks["Numeric"], WordBreakTable.numeric),
      ("ExtendNumLet", breaks["ExtendNumLet"], WordBreakTable.extendNumberLetter),
      ("WSegSpace", breaks["WSegSpace"], WordBreakTable.wordSegmentSpace),
      (
        "Extended_Pictographic", emoji["Extended_Pictographic"],
        WordBreakTable.extendedPictographic
      ),
      ("White_Space", properties["White_Space"], WordBreakTable.whiteSpace),
    ]
    #expect(breaks.count == 18, "a value of Word_Break is new, or gone")
    for (name, scalars, text) in expected {
      #expect(tableText(of: try #require(scalars)) == text, "\(name)")
    }
  }

  @Test func `a look-up finds what the strings list`() {
    let properties = WordBreakProperties.standard
    var bits: [UInt32: UInt8] = [:]
    for (text, value) in WordBreakTable.classes {
      for range in WordBreakTable.ranges(in: text) {
        for scalar in range { bits[UInt32(scalar), default: 0] |= value }
      }
    }
    #expect((0...0x1FFFFF).allSatisfy { properties[$0].rawValue == bits[$0, default: 0] })
    #expect(properties[0x41].wordBreak == .letter)
    #expect(properties[0x2139] == WordBreakProperty(rawValue: 0x20 | 10))  // a letter, an emoji
    #expect(properties[0x3000].isWhiteSpace)
    #expect(properties[0x4E00].wordBreak == .other)
  }

  /// The scalars of each value that the file `name` of the database gives.
  private func values(in name: String) throws -> [String: Set<UInt32>] {
    let file = try String(contentsOfFile: Self.folder + "/" + name, encoding: .utf8)
    var values: [String: Set<UInt32>] = [:]
    for line in file.split(separator: "\n") {
      let fields = line.prefix { $0 != "#" }.split(separator: ";")
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard fields.count == 2 else { continue }
      let ends = try fields[0].components(separatedBy: "..").map {
        try #require(UInt32($0, radix: 16))
      }
      values[fields[1], default: []].formUnion(ends[0]...ends[ends.count - 1])
    }
    return values
  }

  /// `scalars` as the table writes them.
  private func tableText(of scalars: Set<UInt32>) -> String {
    var ranges: [ClosedRange<UInt32>] = []
    for scalar in scalars.sorted() {
      if let last = ranges.last, last.upperBound + 1 == scalar {
        ranges[ranges.count - 1] = last.lowerBound...scalar
      } else {
        ranges.append(scalar...scalar)
      }
    }
    return ranges.map { range in
      let first = String(range.lowerBound, radix: 16, uppercase: true)
      let last = String(range.upperBound, radix: 16, uppercase: true)
      return first == last ? first : first + "-" + last
    }.joined(separator: " ")
  }
}
