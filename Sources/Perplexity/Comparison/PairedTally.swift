import Tokenization

/// A line that one model predicts much better than another.
public struct LineDifference: Sendable, Equatable {
  /// The number of the text, from 0.
  public var text: Int
  /// The line's number, from 1.
  public var line: Int
  /// The bits of the line less those of the baseline: below zero where the model is better.
  public var bits: Double
  /// The beginning of the line.
  public var excerpt: String
}

/// How often a model is better than another, over the same text.
public struct Wins: Sendable, Equatable {
  /// How many were compared.
  public var count = 0
  /// Where the model needs fewer bits.
  public var won = 0
  /// Where both need the same.
  public var tied = 0

  /// The share of those won; NaN where none was compared.
  public var share: Double { Double(won) / Double(count) }

  mutating func add(_ bits: Double, against other: Double) {
    count += 1
    // The baseline's bits were kept in single precision.
    if Float(bits) < Float(other) { won += 1 } else if Float(bits) == Float(other) { tied += 1 }
  }
}

/// Holds a model's tokens and lines against a baseline's as they come.
///
/// Tokens are compared over the shortest spans that end with a token of both models: single tokens
/// where both cut the text alike, words where one model has words and the other bytes.
struct PairedTally {
  /// The most lines named of either kind.
  static let namedLineCount = 5

  /// Over spans.
  private(set) var spans = Wins()
  /// Over lines.
  private(set) var lines = Wins()
  /// The lines with the largest gains, the largest first.
  private(set) var gains: [LineDifference] = []
  /// The lines with the largest losses, the largest first.
  private(set) var losses: [LineDifference] = []
  /// A hash of where tokens end.
  private(set) var endsHash = TokenEndsHash()

  private let baseline: TokenTrack
  private var next = 0
  private var line = 0
  private var base = 0
  private var text = 0
  private var baselineEnd = 0
  private var end = 0
  private var baselineBits = 0.0
  private var bits = 0.0
  private var hasTokens = false

  init(against baseline: TokenTrack) { self.baseline = baseline }

  /// Adds a part of the text.
  mutating func add(_ part: ScoredText) {
    part.forEachPlace { place in add(end: max(end, base + place.end), bits: place.bits) }
    for (index, sums) in part.lines.enumerated() where line < baseline.lineBits.count {
      let bits = sums.sum.chargedBits
      lines.add(bits, against: baseline.lineBits[line])
      name(part, index, bits: bits - baseline.lineBits[line])
      line += 1
    }
  }

  /// Ends a text of so many bytes; the next one begins.
  mutating func endText(byteCount: Int) {
    base += byteCount
    text += 1
  }

  /// Ends the comparison.
  mutating func finish() { closeSpan() }

  private mutating func add(end: Int, bits: Double) {
    if hasTokens && baselineEnd == self.end && end > self.end { closeSpan() }
    self.end = end
    self.bits += bits
    hasTokens = true
    endsHash.append(end)
    while baselineEnd < end && next < baseline.lengths.count { takeBaseline() }
  }

  private mutating func takeBaseline() {
    baselineEnd += Int(baseline.lengths[next])
    baselineBits += Double(baseline.bits[next])
    next += 1
  }

  private mutating func closeSpan() {
    while next < baseline.lengths.count && baseline.lengths[next] == 0 { takeBaseline() }
    if hasTokens { spans.add(bits, against: baselineBits) }
    bits = 0
    baselineBits = 0
    hasTokens = false
  }

  private mutating func name(_ part: ScoredText, _ index: Int, bits: Double) {
    guard bits.magnitude > 0 else { return }
    let isGain = bits < 0
    let named = isGain ? gains : losses
    if named.count == Self.namedLineCount, let last = named.last,
      last.bits.magnitude >= bits.magnitude
    {
      return
    }
    let difference = LineDifference(
      text: text,
      line: part.encoded.firstLine + index,
      bits: bits,
      excerpt: part.excerpt(ofLine: index)
    )
    let place = named.firstIndex { $0.bits.magnitude < bits.magnitude } ?? named.count
    if isGain {
      gains.insert(difference, at: place)
      gains = Array(gains.prefix(Self.namedLineCount))
    } else {
      losses.insert(difference, at: place)
      losses = Array(losses.prefix(Self.namedLineCount))
    }
  }
}

extension ScoredText {
  /// The beginning of a line, without its end.
  func excerpt(ofLine index: Int, byteCount: Int = 160) -> String {
    let start = encoded.lines[index].textOffset
    let end =
      index + 1 < encoded.lines.count ? encoded.lines[index + 1].textOffset : encoded.text.count
    var cut = min(end, start + byteCount)
    // Not within a scalar.
    while cut > start, cut < end, encoded.text[cut] & 0xC0 == 0x80 { cut -= 1 }
    let bytes = encoded.text[start..<cut]
    let line = bytes.prefix { $0 != 10 && $0 != 13 }
    return String(decoding: line, as: UTF8.self)
  }
}
