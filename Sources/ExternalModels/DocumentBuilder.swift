import Records

import LanguageModels

/// A line of a file, for errors.
struct FileLine {
  let path: String
  let number: Int

  func error(_ reason: ExternalModelError.Reason) -> ExternalModelError {
    ExternalModelError(path: path, line: number, reason: reason)
  }
}

/// A document as its tokens are read, and the checks that every form needs.
struct DocumentBuilder {
  /// The logarithm that OpenAI's servers write for whatever is less likely than they care to say.
  static let sentinel = -9999.0

  /// How far above 0 a logarithm may be, as rounding makes some.
  static let rounding = 1e-6

  /// How far above 1 listed probabilities may add up: half-precision arithmetic does that.
  static let surplus = 0.01

  private(set) var document: ExternalDocument

  let place: FileLine
  private let unit: LogUnit

  init(_ place: FileLine, unit: LogUnit = .nat) {
    self.place = place
    self.unit = unit
    document = ExternalDocument(line: place.number)
  }

  /// The token that is read next, from 1.
  var tokenNumber: Int { document.tokens.count + 1 }

  /// The text that stands beside the tokens.
  mutating func setText(_ item: JSONItem?) { document.text = item?.string?.bytes }

  /// The tokens from here on were generated.
  mutating func endPrompt(after count: Int) { document.promptTokenCount = count }

  /// Says that a token's bytes may lack the space before it.
  mutating func allowMissingSpaces() { document.dropsSpaces = true }

  /// Says that the probabilities are those after filters of sampling.
  mutating func markFiltered() { document.isFiltered = true }

  /// Says that the one token is the whole text, which the file says has so many bytes.
  mutating func markSum(statedByteCount: Int?) {
    document.isSum = true
    document.statedByteCount = statedByteCount
  }

  /// Appends a token.
  ///
  /// `bytes` are taken before the `spelling`, if they are there; without both it is whatever
  /// stands before the next token.
  mutating func append(
    _ spelling: JSONString?,
    bytes: JSONItem? = nil,
    _ logProbability: LogProbability?,
    isSpecial: Bool = false
  ) throws(ExternalModelError) {
    if let bytes, bytes.kind == .array {
      guard let exact = bytes.byteArray else { throw place.error(.noSpelling(token: tokenNumber)) }
      append(exact, .exact, logProbability, isSpecial: isSpecial)
    } else if let spelling {
      let kind: ExternalDocument.Token.Spelling =
        spelling.bytes.isEmpty ? .unknown : spelling.hasReplacements ? .replaced : .exact
      append(spelling.bytes, kind, logProbability, isSpecial: isSpecial)
    } else {
      append([], .unknown, logProbability, isSpecial: isSpecial)
    }
  }

  /// Appends a token of these bytes.
  mutating func append(
    _ bytes: [UInt8],
    _ spelling: ExternalDocument.Token.Spelling,
    _ logProbability: LogProbability?,
    byteCount: Int = 0,
    isSpecial: Bool = false
  ) {
    document.spelling += bytes
    document.tokens.append(
      .init(
        end: document.spelling.count,
        spelling: spelling,
        byteCount: byteCount,
        logProbability: logProbability,
        isSpecial: isSpecial
      )
    )
  }

  /// The log-probability of the next token; nil where it is null or absent.
  mutating func logProbability(
    _ item: JSONItem?
  ) throws(ExternalModelError) -> LogProbability? {
    guard let item, !item.isNull else { return nil }
    guard let value = item.number else {
      throw place.error(.notNumber(token: tokenNumber, found: item.summary))
    }
    if value.isNaN { throw place.error(.notANumber(token: tokenNumber)) }
    if value > Self.rounding { throw place.error(.positive(token: tokenNumber, value: value)) }
    if value == Self.sentinel && unit == .nat { document.sentinelCount += 1 }
    return unit.logProbability(min(0, value))
  }

  /// The logarithm of a probability.
  func logProbability(ofProbability item: JSONItem?) throws(ExternalModelError) -> LogProbability? {
    guard let item, !item.isNull else { return nil }
    guard let value = item.number else {
      throw place.error(.notNumber(token: tokenNumber, found: item.summary))
    }
    guard value >= 0, value <= 1 + Self.rounding else {
      throw place.error(.notNumber(token: tokenNumber, found: "\(item.summary), no probability"))
    }
    return LogProbability(of: min(1, value))
  }

  /// Checks the log-probabilities of what else might have stood in the next token's place.
  ///
  /// Only one of them can be true, so that their probabilities cannot add up to more than 1: where
  /// they do, the unit is not the one it was said to be.
  func checkAlternatives(_ values: some Sequence<JSONItem?>) throws(ExternalModelError) {
    var sum = 0.0
    for item in values {
      guard let value = item?.number, !value.isNaN else { continue }
      if value > Self.rounding { throw place.error(.positive(token: tokenNumber, value: value)) }
      sum += unit.logProbability(value).probability
    }
    guard sum <= 1 + Self.surplus else {
      let rounded = (sum * 1000).rounded() / 1000
      throw place.error(.wrongUnit(token: tokenNumber, sum: rounded, unit: unit))
    }
  }
}

extension JSONItem {
  /// The bytes that an array lists as numbers.
  var byteArray: [UInt8]? {
    guard kind == .array else { return nil }
    var bytes: [UInt8] = []
    for item in elements {
      guard let byte = item.integer.flatMap({ UInt8(exactly: $0) }) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// The value in a few characters, for errors.
  var summary: String {
    switch kind {
    case .array: "an array"
    case .object: "an object"
    default: source.count <= 40 ? String(decoding: source, as: UTF8.self) : "a long \(kind)"
    }
  }
}
