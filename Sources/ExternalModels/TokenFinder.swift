/// Finds the places where a token of a document can end, or begin, in a text.
struct TokenFinder {
  /// The largest number of bytes of a token without spelling: the first of a document, and others.
  private static let firstLimit = 256
  private static let limit = 16

  /// The largest number of bytes that are lost in one U+FFFD.
  private static let lostLimit = 4

  private let start: Int
  private let dropsSpaces: Bool
  /// True if U+FFFD is any bytes above ASCII.
  let isLenient: Bool
  private var masks: CharacterMasks

  /// The number of words of sets that were read, and the number after which a matcher gives up.
  ///
  /// A hundred thousand characters in a row whose bytes were all lost are below this number.
  private var workCount = 0
  private let workLimit: Int

  /// False on the way back, which takes no longer than the way there.
  var isBounded = true

  /// True if too many places were possible for too many tokens.
  var isExhausted: Bool { isBounded && workCount > workLimit }

  /// A finder for `document`, which begins at `start`.
  init(for document: ExternalDocument, start: Int, isLenient: Bool) {
    self.start = start
    workLimit = 1 << 28 + document.tokens.count << 12
    dropsSpaces = document.dropsSpaces
    self.isLenient = isLenient
    masks = CharacterMasks(from: start)
  }

  /// The number of bytes at `place` that an exact token has; nil if it does not match.
  func count(
    of spelling: ArraySlice<UInt8>,
    at place: Int,
    in text: inout TextWindow
  ) throws -> Int? {
    try length(of: spelling, at: place, in: &text) ?? spacelessCount(of: spelling, at: place, &text)
  }

  /// The ends of a token that begins at one of `places`.
  mutating func ends(
    of option: DocumentMatcher.Option,
    _ token: Int,
    from places: PlaceSet,
    in text: inout TextWindow
  ) throws -> PlaceSet {
    var ends = PlaceSet()
    // Places that are looked at one by one take much longer.
    workCount += option.spelling == .replaced ? 0 : 64 * places.wordCount
    switch option.spelling {
    case .exact:
      for place in places.all {
        if let count = try count(of: option.bytes, at: place, in: &text) {
          ends.insert(place + count)
        }
      }
    case .counted:
      for place in places.all where try isCounted(option, at: place, in: &text) {
        ends.insert(place + option.byteCount)
      }
    case .unknown:
      let limit = token == 0 ? Self.firstLimit : Self.limit
      let furthest = (places.last ?? 0) + limit
      let isInside = try text.reaches(furthest - 1)
      ends = places.spread(by: limit)
      if !isInside { ends.removeAll(above: text.bytes.count) }
    case .replaced:
      ends = try self.ends(ofReplaced: option.bytes, from: places, in: &text)
    }
    return ends
  }

  /// The greatest of `places` from which the token ends at `end`; nil if there is none.
  mutating func start(
    of option: DocumentMatcher.Option,
    _ token: Int,
    from places: PlaceSet,
    to end: Int,
    in text: inout TextWindow
  ) throws -> Int? {
    let least = option.spelling == .unknown || option.bytes.isEmpty ? 0 : 1
    for count in least...max(least, mostBytes(of: option, token)) {
      let place = end - count
      guard let first = places.first, place >= first else { return nil }
      guard places.contains(place) else { continue }
      if try ends(of: option, token, from: PlaceSet(place), in: &text).contains(end) {
        return place
      }
    }
    return nil
  }

  private func mostBytes(of option: DocumentMatcher.Option, _ token: Int) -> Int {
    switch option.spelling {
    case .exact: option.bytes.count + option.bytes.count { $0 == 10 } + 1
    case .counted: option.byteCount
    case .unknown: token == 0 ? Self.firstLimit : Self.limit
    // A U+FFFD is three bytes itself.
    case .replaced: 2 * option.bytes.count
    }
  }

  /// The ends of a token with U+FFFD.
  ///
  /// Lost bytes before whole characters end one, and those at the token's end may begin one.
  private mutating func ends(
    ofReplaced spelling: ArraySlice<UInt8>,
    from places: PlaceSet,
    in text: inout TextWindow
  ) throws -> PlaceSet {
    var ends = places
    var rest = spelling
    while !rest.isEmpty && !ends.isEmpty && !isExhausted {
      workCount += isLenient ? 8 * ends.wordCount : ends.wordCount
      if rest.starts(with: [0xef, 0xbf, 0xbd]) {
        rest = rest.dropFirst(3)
        ends = try endsOfLostBytes(from: ends, isLast: rest.isEmpty, in: &text)
      } else {
        var count = 1
        while count < rest.count, !rest.dropFirst(count).starts(with: [0xef, 0xbf, 0xbd]) {
          count += 1
        }
        var next = PlaceSet()
        for place in ends.all {
          if let count = try length(of: rest.prefix(count), at: place, in: &text) {
            next.insert(place + count)
          }
        }
        ends = next
        rest = rest.dropFirst(count)
      }
    }
    return ends
  }

  /// The ends of the bytes that one U+FFFD stands for.
  private mutating func endsOfLostBytes(
    from places: PlaceSet,
    isLast: Bool,
    in text: inout TextWindow
  ) throws -> PlaceSet {
    guard let last = places.last else { return places }
    try masks.extend(to: last + Self.lostLimit, in: &text)
    let start = masks.start
    var ends = PlaceSet()
    if isLenient {
      var rest = places
      for _ in 0..<Self.lostLimit {
        var next = PlaceSet()
        next.insert(rest, in: masks.others, from: start, advancedBy: 1)
        ends.formUnion(next)
        rest = next
      }
      return ends
    }
    ends.insert(places, in: masks.continuations, from: start, advancedBy: 1)
    ends.insert(places, in: masks.replacements, from: start, advancedBy: 3)
    guard isLast else { return ends }
    for (index, mask) in masks.beginnings.enumerated() {
      ends.insert(places, in: mask, from: start, advancedBy: index + 1)
    }
    return ends
  }

  /// The number of bytes at `place` that match `spelling`; nil if they do not match.
  ///
  /// A line end of the text may have a carriage return that the program did not see.
  private func length(
    of spelling: ArraySlice<UInt8>,
    at place: Int,
    in text: inout TextWindow
  ) throws -> Int? {
    var index = place
    for byte in spelling {
      guard try text.reaches(index) else { return nil }
      if text.bytes[index] == 13, byte == 10, let end = try text.lineEnd(at: index) {
        index = end
        continue
      }
      guard text.bytes[index] == byte else { return nil }
      index += 1
    }
    return index - place
  }

  /// The number of bytes of a token that lacks its leading space, or has an extra one.
  ///
  /// Some tokenizers add a space to the start of every text.
  private func spacelessCount(
    of spelling: ArraySlice<UInt8>,
    at place: Int,
    _ text: inout TextWindow
  ) throws -> Int? {
    if dropsSpaces, try text.reaches(place), text.bytes[place] == 32,
      let count = try length(of: spelling, at: place + 1, in: &text)
    {
      return count + 1
    }
    guard place == start, spelling.first == 32 else { return nil }
    return try length(of: spelling.dropFirst(), at: place, in: &text)
  }

  /// True if the text has the counted bytes of a token, and they decode to its spelling.
  private func isCounted(
    _ option: DocumentMatcher.Option,
    at place: Int,
    in text: inout TextWindow
  ) throws -> Bool {
    let end = place + option.byteCount
    guard try option.byteCount == 0 || text.reaches(end - 1) else { return false }
    return option.bytes.isEmpty
      || String(decoding: text.bytes[place..<end], as: UTF8.self)
        .utf8.elementsEqual(option.bytes)
  }
}
