import LanguageModels
import Perplexity
import Tokenization

/// Matches the documents of a file with a text, in order, and cuts it into parts of whole lines.
struct TextPlacer: ~Copyable {
  /// The number of bytes after which a part ends, at the next line end that is a token's end.
  static let partByteCount = 1 << 18

  /// The number of every ordinary token, since the vocabulary is unknown.
  static let token = TokenID(UInt32(TokenID.specialSpellings.count))

  /// The number of line ends before a document, and again behind them, where it may begin.
  private static let startLimit = 8

  private(set) var notes = PlacementNotes()
  private(set) var firstZero: ZeroProbability?
  private let path: String
  private let name: String
  private var text: TextWindow
  private var position = 0
  private var ranges: [Range<Int>] = []
  private var scores: [TokenScore] = []
  private var sequenceCount = 0
  /// The number of tokens already searched for the end of a part.
  private var searchedCount = 0
  /// The fault of the first answer among several that the text does not have.
  private var leftOut: ExternalModelError?
  /// The number of tokens at the end of the latest document that were generated.
  private var generatedCount = 0

  /// A placer of the documents of the file at `path` on `source`.
  init(_ path: String, on source: TextSource, invalidUTF8: TextReader.InvalidUTF8) throws {
    self.path = path
    name = source.name
    text = try TextWindow(source, invalidUTF8: invalidUTF8)
  }

  /// A hash of the text, complete after its end.
  var fingerprint: UInt64 { text.fingerprint }

  /// Matches the next document.
  mutating func add(_ document: ExternalDocument) throws {
    if document.tokens.isEmpty { return }
    let starts = try starts(of: document)
    guard let (variant, failure) = try place(document, at: starts) else { return }
    if try removeGenerated() { return try add(document) }
    if let count = try promptTokenCount(of: variant, failure) {
      var prompt = variant
      prompt.removeTokens(from: count)
      if try place(prompt, at: starts) == nil {
        notes.generatedCount += document.tokens.count - count
        return
      }
    }
    // If the text has the others, it is one of several answers.
    if document.isAlternative { notes.otherAnswers += 1 }
    if document.isAlternative && leftOut != nil { return }
    let error = try error(variant, failure, at: starts)
    guard document.isAlternative else { throw error }
    leftOut = error
  }

  private mutating func error(
    _ document: ExternalDocument,
    _ failure: DocumentMatcher.Failure,
    at starts: [Int]
  ) throws -> ExternalModelError {
    let location = FileLine(path: path, number: document.line)
    guard try text.reaches(starts.max() ?? position) else {
      return location.error(.textIsShorter(text: name))
    }
    guard failure.fittingCount == 0 else {
      return location.error(.ambiguous(token: failure.token + 1, count: failure.fittingCount))
    }
    return location.error(.mismatch(try mismatch(document, failure)))
  }

  /// The places behind line ends where a document may begin, the likeliest first.
  ///
  /// A document that begins with line ends takes as many of the text's.
  private mutating func starts(of document: ExternalDocument) throws -> [Int] {
    let count = try text.lineEndCount(from: position)
    let ownCount = document.spelling.prefix { $0 == 10 || $0 == 13 }.count { $0 == 10 }
    let own = max(0, count - ownCount)
    let first = 0..<min(Self.startLimit, count + 1)
    let last = max(first.upperBound, count + 1 - Self.startLimit)..<count + 1
    let isBetween = !first.contains(own) && !last.contains(own)
    var starts: [Int] = []
    for behind in Array(first) + (isBetween ? [own] : []) + Array(last) {
      starts.append(try text.place(behind: behind, from: position))
    }
    // A token without spelling would include line ends.
    if document.tokens[0].spelling == .unknown { starts.reverse() }
    return starts
  }

  /// Matches `document` from the first possible start on, as written or in a tokenizer's alphabet.
  ///
  /// - Returns: nil, or the reading that matched the most tokens and its failure.
  private mutating func place(
    _ document: ExternalDocument,
    at starts: [Int]
  ) throws -> (ExternalDocument, DocumentMatcher.Failure)? {
    var best: (document: ExternalDocument, failure: DocumentMatcher.Failure)?
    for alphabet in [nil] + TokenAlphabet.allCases {
      var reading = document
      if let alphabet {
        guard !document.isDecoded, let decoded = document.decoded(from: alphabet) else { continue }
        reading = decoded
      }
      for start in starts {
        switch try DocumentMatcher.match(reading, at: start, in: &text) {
        case .success(let placement):
          try append(reading, placement, start)
          return nil
        case .failure(let failure):
          if let best, !failure.isBehind(best.failure) {
            // What the alphabet spells is shown, where it gets no further.
            let isShown = reading.isDecoded && !best.document.isDecoded && document.looksEncoded
            guard isShown, !best.failure.isBehind(failure) else { continue }
          }
          best = (reading, failure)
        }
      }
    }
    return best
  }

  /// The number of tokens before those that were generated behind the text; nil if there are none.
  private mutating func promptTokenCount(
    of document: ExternalDocument,
    _ failure: DocumentMatcher.Failure
  ) throws -> Int? {
    let lineEndCount = try text.lineEndCount(from: failure.position)
    let end = try text.place(behind: lineEndCount, from: failure.position)
    let isAtEnd = try !text.reaches(end)
    if let count = document.promptTokenCount, count > 0, failure.token >= count {
      return isAtEnd ? failure.token : count
    }
    guard document.mayEndGenerated, failure.token > 0 else { return nil }
    let isLast = failure.token + 1 == document.tokens.count && end > failure.position
    return isAtEnd || isLast ? failure.token : nil
  }

  /// Removes the generated tokens of the latest document, which the text had by chance.
  ///
  /// - Returns: false if there are none.
  private mutating func removeGenerated() throws -> Bool {
    let count = generatedCount
    generatedCount = 0
    guard count > 0, count < ranges.count else { return false }
    position = ranges[ranges.count - count].lowerBound
    ranges.removeLast(count)
    scores.removeLast(count)
    searchedCount = min(searchedCount, ranges.count)
    notes.generatedCount += count
    return true
  }

  /// Ends the text; remaining line ends get no score.
  ///
  /// Other remaining text is an error, unless the text `mayEndEarly`.
  mutating func finish(mayEndEarly: Bool) throws {
    try skipLineEnds(to: .max)
    guard try text.reaches(position) else { return }
    guard mayEndEarly else {
      if let leftOut { throw leftOut }
      throw FileLine(path: path, number: 0).error(
        .textIsLonger(text: name, byteOffset: text.byteOffset + position)
      )
    }
    while try text.reaches(text.bytes.count) {}
    notes.bytesBehind += text.bytes.count - position
    append(text.bytes.count, .unscored)
  }

  /// The next complete part; nil if it may continue, unless it `isLast`.
  mutating func takePart(isLast: Bool) -> ScoredText? {
    var cut: Int?
    if position >= Self.partByteCount {
      cut = ranges[searchedCount...].firstIndex { range in
        range.upperBound >= Self.partByteCount && text.endsLine(at: range.upperBound)
      }
      searchedCount = ranges.count
    }
    guard isLast && !ranges.isEmpty || cut != nil else { return nil }
    searchedCount = 0
    let count = cut.map { $0 + 1 } ?? ranges.count
    let end = ranges[count - 1].upperBound
    var encoded = EncodedText(
      text.bytes[..<end],
      Array(ranges[..<count]),
      token: Self.token,
      byteOffset: text.byteOffset,
      firstLine: text.line,
      records: text.takeRecords(before: end)
    )
    encoded.sequenceCount = sequenceCount
    sequenceCount = 0
    let part = ScoredText(encoded: encoded, scores: Array(scores[..<count]))
    text.remove(first: end)
    position -= end
    scores.removeSubrange(..<count)
    ranges.removeSubrange(..<count)
    for index in ranges.indices {
      ranges[index] = ranges[index].lowerBound - end..<ranges[index].upperBound - end
    }
    return part
  }

  private mutating func append(
    _ document: ExternalDocument,
    _ placement: DocumentMatcher.Placement,
    _ start: Int
  ) throws {
    try skipLineEnds(to: start)
    sequenceCount += 1
    if document.isDecoded { notes.decodedCount += 1 }
    generatedCount = max(0, document.tokens.count - (document.promptTokenCount ?? .max))
    var hasTokens = false
    for (index, end) in placement.ends.enumerated() {
      let token = document.token(index, choosing: placement.choices[index])
      if placement.isLeftOut[index] {
        if hasTokens {
          notes.skippedAtEnd += 1
          notes.bitsAtEnd -= token.logProbability?.bits ?? 0
        } else {
          notes.skippedAtStart += 1
        }
        generatedCount = max(0, generatedCount - 1)
        continue
      }
      hasTokens = true
      note(document, index, position..<end)
      let score = token.logProbability.map { TokenScore(logProbability: $0, matchedLength: 0) }
      if score?.logProbability.bits == -.infinity && firstZero == nil {
        firstZero = zeroProbability(position..<end)
      }
      append(end, score ?? .unscored)
    }
  }

  private mutating func append(_ end: Int, _ score: TokenScore) {
    ranges.append(position..<end)
    scores.append(score)
    position = end
  }

  private mutating func skipLineEnds(to limit: Int) throws {
    while position < limit, let end = try text.lineEnd(at: position) {
      notes.lineEndBytes += end - position
      append(end, .unscored)
    }
  }

  /// Counts a token whose bytes differ from the written ones.
  private mutating func note(_ document: ExternalDocument, _ index: Int, _ range: Range<Int>) {
    let spelling = document.spelling(of: index)
    let isWritten = text.bytes[range].elementsEqual(spelling)
    switch document.tokens[index].spelling {
    case .exact:
      let isSpaceless = !isWritten && (spelling.first == 32) != (text.bytes[range].first == 32)
      if isSpaceless { notes.spacelessCount += 1 }
    case .counted: break
    case .replaced, .unknown: if !isWritten { notes.resolvedCount += 1 }
    }
  }

  private func zeroProbability(_ range: Range<Int>) -> ZeroProbability {
    ZeroProbability(
      token: String(decoding: text.bytes[range], as: UTF8.self),
      context: ranges.suffix(8).map { String(decoding: text.bytes[$0], as: UTF8.self) },
      line: text.place(of: range.lowerBound)
    )
  }

  private mutating func mismatch(
    _ document: ExternalDocument,
    _ failure: DocumentMatcher.Failure
  ) throws -> ExternalModelError.Mismatch {
    let spelling = document.mainSpelling(of: failure.token)
    _ = try text.reaches(failure.position + max(64, 4 * spelling.count))
    let rest = text.bytes[min(failure.position, text.bytes.count)...]
    let expected = rest.isEmpty ? nil : Self.shown(rest.prefix(max(12, min(40, spelling.count))))
    return ExternalModelError.Mismatch(
      token: failure.token + 1,
      found: Self.shown(spelling),
      text: name,
      byteOffset: text.byteOffset + failure.position,
      expected: expected,
      cause: try cause(of: failure, document, spelling, on: rest)
    )
  }

  private mutating func cause(
    of failure: DocumentMatcher.Failure,
    _ document: ExternalDocument,
    _ spelling: ArraySlice<UInt8>,
    on rest: ArraySlice<UInt8>
  ) throws -> ExternalModelError.Mismatch.Cause {
    if try failure.isTooLong || fitsOwnText(document, failure) { return .lostBytes }
    let cause = document.cause(of: failure.token, spelling, on: rest)
    guard cause == .changed || cause == .answer else { return cause }
    return try placeFurtherOn(of: document).map { .elsewhere(byteOffset: $0) } ?? cause
  }

  /// The number of bytes in which a document is looked for that is not at its place.
  private static let searchLimit = 1 << 20

  /// The byte of the text where the whole document stands further on; nil if it does not.
  private mutating func placeFurtherOn(of document: ExternalDocument) throws -> Int? {
    let isExact = document.tokens.allSatisfy { $0.spelling == .exact && !$0.isSpecial }
    let spelling = document.spelling
    guard isExact, spelling.count >= 8 else { return nil }
    _ = try text.reaches(position + Self.searchLimit)
    let start = spelling.prefix(64)
    let end = min(text.bytes.count - spelling.count, position + Self.searchLimit)
    guard position <= end else { return nil }
    let place = (position...end).first { text.bytes[$0...].starts(with: start) }
    guard let place, text.bytes[place...].starts(with: spelling) else { return nil }
    return text.byteOffset + place
  }

  /// True if the document's own text matches the text, so that its tokens are wrong.
  private mutating func fitsOwnText(
    _ document: ExternalDocument,
    _ failure: DocumentMatcher.Failure
  ) throws -> Bool {
    guard let own = document.text, !own.isEmpty, failure.token > 0 || failure.position > position
    else { return false }
    for start in position...failure.position {
      guard try text.reaches(start + own.count - 1) else { return false }
      if text.bytes[start..<start + own.count].elementsEqual(own) { return true }
      guard text.bytes[start] == 10 || text.bytes[start] == 13 else { return false }
    }
    return false
  }

  /// The bytes as text on one line.
  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    let some = String(decoding: bytes.prefix(40), as: UTF8.self)
    return some.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
