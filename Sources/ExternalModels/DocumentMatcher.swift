/// Finds the position of each token of a document in a text.
///
/// Most tokens have exact bytes and match directly. If a program lost bytes, the text supplies
/// them: a token without a spelling takes the bytes before the next matching token, and a token
/// with U+FFFD takes bytes that decode to the same characters. The first match of the whole
/// document wins; shorter tokens are tried first.
struct DocumentMatcher {
  /// The positions of a document's tokens in the text.
  struct Placement {
    /// The end of each token, which is the start of the next one.
    var ends: [Int]
    /// True for each token that is left out, because it does not belong to the text.
    var isLeftOut: [Bool]
  }

  /// A failure to match, with the token that failed furthest in the text.
  struct Failure: Error {
    var token: Int
    var position: Int
  }

  /// The byte counts of a token that remain to be tried, the next one last.
  private struct Choice {
    var token: Int
    var counts: [Int]
  }

  /// The largest number of bytes of a token without spelling: the first of a document, and others.
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

  /// Matches `document` with `text` from `start` on.
  static func match(
    _ document: ExternalDocument,
    at start: Int,
    in text: inout TextWindow
  ) throws -> Result<Placement, Failure> {
    var matcher = DocumentMatcher(document, start)
    return try matcher.match(in: &text)
  }

  private var position: Int { ends.last ?? start }

  private mutating func match(in text: inout TextWindow) throws -> Result<Placement, Failure> {
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

  /// True if the token may be left out: a special token at the start or the end that does not
  /// match.
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

  /// The possible byte counts of the token at this position, the likeliest last.
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

  /// The number of bytes at `position` that match `spelling`; nil if they do not match.
  ///
  /// A line end of the text may have a carriage return that the program did not see.
  private func length(
    of spelling: ArraySlice<UInt8>,
    at position: Int,
    in text: inout TextWindow
  ) throws -> Int? {
    var index = position
    for byte in spelling {
      guard try text.reaches(index) else { return nil }
      if text.bytes[index] == 13, byte == 10, let end = try text.lineEnd(at: index) {
        index = end
        continue
      }
      guard text.bytes[index] == byte else { return nil }
      index += 1
    }
    return index - position
  }

  /// The number of bytes of a token that lacks its leading space, or has an extra one.
  ///
  /// Some tokenizers add a space to the start of every text.
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

  /// True if `count` bytes of the text, decoded on their own, give `spelling`.
  private func isSpelled(
    _ spelling: ArraySlice<UInt8>,
    _ count: Int,
    in text: borrowing TextWindow
  ) -> Bool {
    String(decoding: text.bytes[position..<position + count], as: UTF8.self)
      .utf8.elementsEqual(spelling)
  }

  /// The smallest and the largest number of bytes for `spelling`; a U+FFFD stands for one to three.
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
