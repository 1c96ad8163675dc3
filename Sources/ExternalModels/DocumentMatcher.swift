/// Finds the position of each token of a document in a text.
///
/// Most tokens have exact bytes and match directly. If a program lost bytes, the text supplies
/// them: a token without a spelling takes the bytes before the next matching token, and a token
/// with U+FFFD takes bytes that decode to the same characters. A token that is one of several
/// candidates is the one that the text has.
///
/// While only one place is possible, tokens are compared one after the other. Where several are, the
/// matcher keeps the set of the places that each token can begin at (`PlaceSet`). When one place
/// is left, or the document ends, it goes back through these sets.
///
/// - Complexity: O(*n*) for *n* tokens, times the size of the sets, in words of 64 places.
struct DocumentMatcher {
  /// The positions of a document's tokens in the text.
  struct Placement {
    /// The end of each token, which is the start of the next one.
    var ends: [Int]
    /// True for each token that is left out, because it does not belong to the text.
    var isLeftOut: [Bool]
    /// The candidate that each token is, if it is one of several.
    var choices: [Int: Int]
  }

  /// A failure to match, with the token that failed furthest in the text.
  struct Failure: Error {
    var token: Int
    var position: Int
    /// The number of candidates that all fit the text.
    var fittingCount = 0
    /// True if too many places were possible for too many tokens.
    var isTooLong = false

    /// True if the failure is behind `other`.
    func isBehind(_ other: Failure) -> Bool {
      (token, position) > (other.token, other.position)
    }
  }

  /// One way to read a token.
  struct Option {
    var bytes: ArraySlice<UInt8>
    var spelling: ExternalDocument.Token.Spelling
    var byteCount = 0
    /// The candidate that it is, if the token is one of several.
    var candidate: Int?
  }

  private let document: ExternalDocument
  private var finder: TokenFinder
  private var placement = Placement(ends: [], isLeftOut: [], choices: [:])
  /// The number of tokens at the start that are left out.
  private var leadingCount = 0

  private init(_ document: ExternalDocument, _ start: Int, isLenient: Bool) {
    self.document = document
    finder = TokenFinder(for: document, start: start, isLenient: isLenient)
  }

  /// Matches `document` with `text` from `start` on.
  ///
  /// Some programs write one U+FFFD for several parts of characters, or several for one. Only if
  /// the document cannot be matched otherwise, a U+FFFD is any bytes above ASCII.
  static func match(
    _ document: ExternalDocument,
    at start: Int,
    in text: inout TextWindow
  ) throws -> Result<Placement, Failure> {
    var matcher = DocumentMatcher(document, start, isLenient: false)
    let result = try matcher.match(from: start, in: &text)
    guard case .failure(let failure) = result, failure.fittingCount == 0, !failure.isTooLong,
      document.hasReplacements
    else { return result }
    var lenient = DocumentMatcher(document, start, isLenient: true)
    let second = try lenient.match(from: start, in: &text)
    if case .failure(let other) = second, !other.isBehind(failure) { return result }
    return second
  }

  private mutating func match(
    from start: Int,
    in text: inout TextWindow
  ) throws -> Result<Placement, Failure> {
    var place = start
    var open: Stretch?
    for token in document.tokens.indices {
      if open == nil, document.candidates[token] == nil, document.tokens[token].spelling == .exact {
        guard let end = try end(of: token, at: place, in: &text) else {
          return .failure(Failure(token: token, position: place))
        }
        place = end
        continue
      }
      var stretch = open ?? Stretch(first: token, PlaceSet(place))
      open = nil
      let next = try places(after: token, from: stretch.last, in: &text)
      let isTooLong = finder.isExhausted
      guard !next.isEmpty, !isTooLong else {
        return .failure(
          Failure(
            token: token,
            position: stretch.last.first ?? place,
            isTooLong: isTooLong
          )
        )
      }
      if let only = next.only {
        if let failure = try close(stretch, at: only, in: &text) { return .failure(failure) }
        place = only
      } else {
        stretch.append(next)
        open = stretch
      }
    }
    if let open, let end = try lastPlace(of: open.last, from: start, in: &text) {
      if let failure = try close(open.withoutLast, at: end, in: &text) { return .failure(failure) }
    }
    return .success(placement)
  }

  /// The end of an exact token at a known place; nil if it does not match.
  private mutating func end(of token: Int, at place: Int, in text: inout TextWindow) throws -> Int?
  {
    if let count = try finder.count(of: document.spelling(of: token), at: place, in: &text) {
      append(place + count, isLeftOut: false)
      return place + count
    }
    guard mayLeaveOut(token) else { return nil }
    append(place, isLeftOut: true)
    return place
  }

  private mutating func append(_ end: Int, isLeftOut: Bool) {
    if isLeftOut && leadingCount == placement.ends.count { leadingCount += 1 }
    placement.ends.append(end)
    placement.isLeftOut.append(isLeftOut)
  }

  /// True if the token may be left out: a special token at the start or the end that does not
  /// match.
  private func mayLeaveOut(_ token: Int) -> Bool {
    if document.tokens[token].isSpecial { return true }
    let isAtEdge = token + 1 == document.tokens.count || leadingCount == token
    return isAtEdge && document.tokens[token].spelling == .exact
      && ExternalDocument.isMark(document.spelling(of: token))
  }

  /// The ways to read a token.
  private func options(of token: Int) -> [Option] {
    if let candidates = document.candidates[token] {
      return candidates.enumerated().map { index, candidate in
        Option(bytes: candidate.bytes[...], spelling: candidate.spelling, candidate: index)
      }
    }
    let known = document.tokens[token]
    let bytes = document.spelling(of: token)
    // A spelling is believed before offsets.
    let isMiscounted = finder.isLenient && known.spelling == .counted && !bytes.isEmpty
    return [
      Option(
        bytes: bytes,
        spelling: isMiscounted ? .replaced : known.spelling,
        byteCount: known.byteCount
      )
    ]
  }

  /// The ends of the token that begins at one of `places`.
  private mutating func places(
    after token: Int,
    from places: PlaceSet,
    in text: inout TextWindow
  ) throws -> PlaceSet {
    var ends = PlaceSet()
    for option in options(of: token) {
      ends.formUnion(try finder.ends(of: option, token, from: places, in: &text))
    }
    guard mayLeaveOut(token) else { return ends }
    var left = PlaceSet()
    for place in places.all where try !fits(token, at: place, in: &text) { left.insert(place) }
    ends.formUnion(left)
    return ends
  }

  private mutating func fits(_ token: Int, at place: Int, in text: inout TextWindow) throws -> Bool
  {
    for option in options(of: token)
    where try !finder.ends(of: option, token, from: PlaceSet(place), in: &text).isEmpty {
      return true
    }
    return false
  }

  /// The end of the document among `places`: that of its own text, or the first end of a line, or
  /// of a character.
  private func lastPlace(
    of places: PlaceSet,
    from start: Int,
    in text: inout TextWindow
  ) throws -> Int? {
    if let own = document.text, places.contains(start + own.count) { return start + own.count }
    var firstCharacter: Int?
    for place in places.all {
      guard try text.reaches(place), text.bytes[place] != 10, text.bytes[place] != 13 else {
        return place
      }
      if firstCharacter == nil && text.bytes[place] & 0xc0 != 0x80 { firstCharacter = place }
    }
    return firstCharacter ?? places.first
  }
}

extension DocumentMatcher {
  /// Tokens in a row with several possible places.
  private struct Stretch {
    /// The number of tokens after which a set is kept for good; the others are found again.
    static let period = 256

    let first: Int
    /// The sets before every `period`th token.
    private(set) var kept: [PlaceSet] = []
    /// The sets after the last kept one, which is their first.
    private(set) var recent: [PlaceSet]

    init(first: Int, _ places: PlaceSet) {
      self.first = first
      recent = [places]
    }

    /// The set before the next token.
    var last: PlaceSet { recent[recent.count - 1] }

    mutating func append(_ places: PlaceSet) {
      if recent.count == Self.period {
        kept.append(recent[0])
        recent = []
      }
      recent.append(places)
    }

    /// The stretch up to the token before the last set.
    var withoutLast: Stretch {
      var result = self
      result.recent.removeLast()
      return result
    }
  }

  /// Appends the tokens of `stretch`, of which the last ends at `place`.
  private mutating func close(
    _ stretch: Stretch,
    at place: Int,
    in text: inout TextWindow
  ) throws -> Failure? {
    finder.isBounded = false
    defer { finder.isBounded = true }
    var end = place
    var ends: [(end: Int, isLeftOut: Bool)] = []
    for block in (0...stretch.kept.count).reversed() {
      let first = stretch.first + block * Stretch.period
      var sets = stretch.recent
      if block < stretch.kept.count {
        sets = [stretch.kept[block]]
        for token in first..<first + Stretch.period - 1 {
          sets.append(try places(after: token, from: sets[token - first], in: &text))
        }
      }
      for (index, set) in sets.enumerated().reversed() {
        let token = first + index
        let reading = try reading(of: token, from: set, to: end, in: &text)
        if reading.fittingCount > 1 {
          return Failure(token: token, position: reading.start, fittingCount: reading.fittingCount)
        }
        placement.choices[token] = reading.candidate
        ends.append((end, reading.isLeftOut))
        end = reading.start
      }
    }
    for (end, isLeftOut) in ends.reversed() { append(end, isLeftOut: isLeftOut) }
    return nil
  }

  /// The reading of a token that ends at a known place.
  private struct Reading {
    var start: Int
    var candidate: Int?
    var isLeftOut = false
    /// The number of candidates with different log-probabilities that fit.
    var fittingCount = 0
  }

  /// The reading of `token` from one of `places` to `end`, the shortest first.
  private mutating func reading(
    of token: Int,
    from places: PlaceSet,
    to end: Int,
    in text: inout TextWindow
  ) throws -> Reading {
    var found: Reading?
    for option in options(of: token) {
      guard let start = try finder.start(of: option, token, from: places, to: end, in: &text) else {
        continue
      }
      guard let first = found, let candidate = option.candidate else {
        found = Reading(start: start, candidate: option.candidate, fittingCount: 1)
        continue
      }
      let scores = document.candidates[token] ?? []
      if scores[candidate].logProbability != first.candidate.flatMap({ scores[$0].logProbability })
      {
        found?.fittingCount += 1
      }
    }
    return found ?? Reading(start: end, isLeftOut: true)
  }
}

extension ExternalDocument {
  /// True if some token was written with U+FFFD.
  fileprivate var hasReplacements: Bool {
    tokens.contains { $0.spelling == .replaced || $0.spelling == .counted }
      || candidates.values.contains { $0.contains { $0.spelling == .replaced } }
  }
}
