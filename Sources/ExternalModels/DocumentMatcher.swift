/// Finds where each token of a document stands in a text.
///
/// Most tokens are their bytes, and there is nothing to find. Where a program has lost bytes, the
/// text has them: a token without a spelling takes those before the next one that matches, and one
/// with U+FFFD as many as are written so when they are decoded by themselves. The first way in which
/// the whole document fits is taken, shorter tokens first.
struct DocumentMatcher {
  /// A way in which a document stands in the text.
  struct Placement {
    /// The end of each token; it begins where the last one ends.
    var ends: [Int]
    /// Whether a token is left out because it is no part of the text.
    var isLeftOut: [Bool]
  }

  /// Why there is none: of the tokens that fit nowhere the one furthest in the text.
  struct Failure: Error {
    var token: Int
    var position: Int
  }

  /// Byte counts of a token that were not tried yet, the next one last.
  private struct Choice {
    var token: Int
    var counts: [Int]
  }

  /// How many bytes a token of unknown spelling may have, as the first of a document and elsewhere.
  private static let firstLimit = 256
  private static let limit = 16

  private let document: ExternalDocument
  private let start: Int
  private var ends: [Int] = []
  private var isLeftOut: [Bool] = []

  private init(_ document: ExternalDocument, _ start: Int) {
    self.document = document
    self.start = start
  }

  /// Places `document` at `start` of `text`.
  static func place(
    _ document: ExternalDocument,
    at start: Int,
    in text: inout TextWindow
  ) throws -> Result<Placement, Failure> {
    var matcher = DocumentMatcher(document, start)
    return try matcher.place(in: &text)
  }

  private var position: Int { ends.last ?? start }

  private mutating func place(in text: inout TextWindow) throws -> Result<Placement, Failure> {
    var choices: [Choice] = []
    var furthest = Failure(token: 0, position: start)
    var attempts = 1024 + 16 * document.tokens.count
    while ends.count < document.tokens.count {
      let token = ends.count
      var counts = try counts(of: token, in: &text)
      if let count = counts.popLast() {
        if !counts.isEmpty { choices.append(Choice(token: token, counts: counts)) }
        append(count, isLeftOut: false)
      } else if mayLeaveOut(token) {
        append(0, isLeftOut: true)
      } else {
        if position >= furthest.position { furthest = Failure(token: token, position: position) }
        attempts -= 1
        guard attempts > 0, let last = choices.indices.last else { return .failure(furthest) }
        ends.removeSubrange(choices[last].token...)
        isLeftOut.removeSubrange(choices[last].token...)
        if let count = choices[last].counts.popLast() { append(count, isLeftOut: false) }
        if choices[last].counts.isEmpty { choices.removeLast() }
      }
    }
    return .success(Placement(ends: ends, isLeftOut: isLeftOut))
  }

  private mutating func append(_ count: Int, isLeftOut: Bool) {
    ends.append(position + count)
    self.isLeftOut.append(isLeftOut)
  }

  /// Whether the token, which does not spell the text, is no part of it: a special one at the start
  /// or the end.
  private func mayLeaveOut(_ token: Int) -> Bool {
    if document.tokens[token].isSpecial { return true }
    let isAtEdge = token + 1 == document.tokens.count || isLeftOut.allSatisfy { $0 }
    guard isAtEdge, document.tokens[token].spelling == .exact else { return false }
    let bytes = document.spelling(of: token)
    guard bytes.count > 2, bytes.count <= 64, let first = bytes.first, let last = bytes.last else {
      return bytes.isEmpty
    }
    let isBracketed = first == 0x3c && last == 0x3e || first == 0x5b && last == 0x5d
    return isBracketed && !bytes.contains { $0 <= 32 }
  }

  /// The numbers of bytes that the token may have here, the likeliest last.
  private func counts(of token: Int, in text: inout TextWindow) throws -> [Int] {
    let spelling = document.spelling(of: token)
    switch document.tokens[token].spelling {
    case .exact:
      if let count = try length(of: spelling, at: position, in: &text) { return [count] }
      return try spacelessCount(of: spelling, in: &text).map { [$0] } ?? []
    case .counted:
      let count = document.tokens[token].byteCount
      guard try text.reaches(position + max(0, count - 1)) || count == 0 else { return [] }
      let isSpelled = spelling.isEmpty || isSpelled(spelling, count, in: text)
      return isSpelled ? [count] : []
    case .replaced:
      if let count = try length(of: spelling, at: position, in: &text) { return [count] }
      let (least, most) = Self.byteCounts(of: spelling)
      var counts: [Int] = []
      for count in least...most where try text.reaches(position + count - 1) {
        if isSpelled(spelling, count, in: text) { counts.append(count) }
      }
      return counts.reversed()
    case .unknown:
      let limit = token == 0 ? Self.firstLimit : Self.limit
      var count = 0
      while count < limit, try text.reaches(position + count) { count += 1 }
      return (0...count).reversed()
    }
  }

  /// The number of bytes at `position` that `spelling` stands for, where a line end of the text may
  /// have a carriage return that the program did not see; nil where it is not there.
  private func length(
    of spelling: ArraySlice<UInt8>,
    at position: Int,
    in text: inout TextWindow
  ) throws -> Int? {
    var place = position
    for byte in spelling {
      guard try text.reaches(place) else { return nil }
      if text.bytes[place] == 13, byte == 10, let end = try text.lineEnd(at: place) {
        place = end
        continue
      }
      guard text.bytes[place] == byte else { return nil }
      place += 1
    }
    return place - position
  }

  /// The number of bytes of a token that lacks the space before it, or that has one which the text has
  /// not because the tokenizer puts it at the start of all texts.
  private func spacelessCount(
    of spelling: ArraySlice<UInt8>,
    in text: inout TextWindow
  ) throws -> Int? {
    if document.dropsSpaces, try text.reaches(position), text.bytes[position] == 32,
      let count = try length(of: spelling, at: position + 1, in: &text)
    {
      return count + 1
    }
    guard position == start, spelling.first == 32 else { return nil }
    return try length(of: spelling.dropFirst(), at: position, in: &text)
  }

  /// Whether so many bytes of the text, decoded by themselves, are written as `spelling`.
  private func isSpelled(
    _ spelling: ArraySlice<UInt8>,
    _ count: Int,
    in text: borrowing TextWindow
  ) -> Bool {
    String(decoding: text.bytes[position..<position + count], as: UTF8.self)
      .utf8.elementsEqual(spelling)
  }

  /// How many bytes may be written as `spelling`: each U+FFFD stands for one to three.
  private static func byteCounts(of spelling: ArraySlice<UInt8>) -> (Int, Int) {
    var replacements = 0
    var index = spelling.startIndex
    while index + 2 < spelling.endIndex {
      if spelling[index...index + 2].elementsEqual([0xef, 0xbf, 0xbd]) {
        replacements += 1
        index += 3
      } else {
        index += 1
      }
    }
    let others = spelling.count - 3 * replacements
    return (max(1, others + replacements), max(1, others + 3 * replacements))
  }
}
