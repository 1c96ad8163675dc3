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

/// Builds a document token by token, with the checks that every form needs.
struct DocumentBuilder {
  /// The logarithm that OpenAI's servers write for very unlikely tokens.
  static let sentinel = -9999.0

  /// The largest logarithm above 0 that rounding can explain.
  static let rounding = 1e-6

  /// The largest excess over 1 of a sum of probabilities that half-precision arithmetic can
  /// explain.
  static let surplus = 0.01

  private(set) var document: ExternalDocument

  let location: FileLine
  private let unit: LogUnit
  /// True if the numbers are surprisals, −log p.
  private let isSurprisal: Bool

  init(_ location: FileLine, unit: LogUnit = .nat, isSurprisal: Bool = false) {
    self.location = location
    self.unit = unit
    self.isSurprisal = isSurprisal
    document = ExternalDocument(line: location.number)
  }

  /// The number of the next token, from 1.
  var tokenNumber: Int { document.tokens.count + 1 }

  /// Stores the text that the file gives beside the tokens.
  mutating func setText(_ item: JSONItem?) { document.text = item?.string?.bytes }

  /// Marks the tokens after the first `count` as generated.
  mutating func endPrompt(after count: Int) { document.promptTokenCount = count }

  /// Records that the document may end with generated tokens, whose number is unknown.
  mutating func allowGeneratedEnd() { document.mayEndGenerated = true }

  /// Records that all tokens are generated.
  mutating func markAnswer() { document.isAnswer = true }

  /// Records that the document is a part of `stream`.
  mutating func markPart(of stream: ExternalDocument.Stream) { document.stream = stream }

  /// Records that a token's bytes may lack the space before it.
  mutating func allowMissingSpaces() { document.dropsSpaces = true }

  /// Records that the probabilities include the filters of sampling.
  mutating func markFiltered() { document.isFiltered = true }

  /// Records that the single token is the whole text, with the byte count that the file states.
  mutating func markSum(statedByteCount: Int?) {
    document.isSum = true
    document.statedByteCount = statedByteCount
  }

  /// Appends a token.
  ///
  /// `bytes` has priority over `spelling`. Without both, the token is the text up to the next
  /// token.
  mutating func append(
    _ spelling: JSONString?,
    bytes: JSONItem? = nil,
    _ logProbability: LogProbability?,
    isSpecial: Bool = false
  ) throws(ExternalModelError) {
    let written = try written(spelling, bytes)
    append(written.bytes, written.spelling, logProbability, isSpecial: isSpecial)
  }

  /// Appends a token that is one of `candidates`.
  mutating func append(oneOf candidates: [ExternalDocument.Candidate]) {
    document.candidates[document.tokens.count] = candidates
    append([], .unknown, nil)
  }

  /// The bytes of a token, as far as `bytes` and `spelling` tell them.
  ///
  /// Bytes that spell U+FFFD were lost before they were listed.
  func written(
    _ spelling: JSONString?,
    _ bytes: JSONItem?
  ) throws(ExternalModelError) -> (bytes: [UInt8], spelling: ExternalDocument.Token.Spelling) {
    if let bytes, bytes.kind == .array,
      spelling == nil || bytes.elements.contains(where: { _ in true })
    {
      guard let exact = bytes.byteArray else {
        throw location.error(.noSpelling(token: tokenNumber))
      }
      return (exact, JSONString.containsReplacement(exact) ? .replaced : .exact)
    }
    guard let spelling, !spelling.bytes.isEmpty else { return ([], .unknown) }
    return (spelling.bytes, spelling.hasReplacements ? .replaced : .exact)
  }

  /// Appends a token with these bytes.
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

  /// The log-probability of the next token; nil if it is null or absent.
  mutating func logProbability(
    _ item: JSONItem?
  ) throws(ExternalModelError) -> LogProbability? {
    guard let item, !item.isNull else { return nil }
    guard let value = item.number else {
      throw location.error(.notNumber(token: tokenNumber, found: item.summary))
    }
    if value.isNaN { throw location.error(.notANumber(token: tokenNumber)) }
    if isSurprisal && value < -Self.rounding {
      throw location.error(.negativeSurprisal(token: tokenNumber, value: value))
    }
    let logarithm = isSurprisal ? 0 - value : value
    note(logarithm)
    if logarithm == Self.sentinel && unit == .nat { document.sentinelCount += 1 }
    return unit.logProbability(min(0, logarithm))
  }

  /// Records the sign of a number, for the error about numbers above 0.
  private mutating func note(_ value: Double) {
    document.signs.largest = max(document.signs.largest, value)
    if value < 0 { document.signs.hasNegative = true }
    if value > Self.rounding && document.signs.firstPositive == nil {
      document.signs.firstPositive = (tokenNumber, value)
    }
  }

  /// The logarithm of a probability.
  func logProbability(ofProbability item: JSONItem?) throws(ExternalModelError) -> LogProbability? {
    guard let item, !item.isNull else { return nil }
    guard let value = item.number else {
      throw location.error(.notNumber(token: tokenNumber, found: item.summary))
    }
    guard value >= 0, value <= 1 + Self.rounding else {
      throw location.error(.notNumber(token: tokenNumber, found: "\(item.summary), no probability"))
    }
    return LogProbability(of: min(1, value))
  }

  /// Checks the log-probabilities of the alternatives to the next token.
  ///
  /// The alternatives exclude one another, so their probabilities add up to at most 1. A larger sum
  /// means that the stated unit is wrong.
  mutating func checkAlternatives(
    _ values: some Sequence<JSONItem?>
  ) throws(ExternalModelError) {
    var sum = 0.0
    for item in values {
      guard let number = item?.number, !number.isNaN else { continue }
      let value = isSurprisal ? 0 - number : number
      if value > Self.rounding {
        note(value)
      } else {
        sum += unit.logProbability(value).probability
      }
    }
    guard sum <= 1 + Self.surplus else {
      let rounded = (sum * 1000).rounded() / 1000
      throw location.error(.wrongUnit(token: tokenNumber, sum: rounded, unit: unit))
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
