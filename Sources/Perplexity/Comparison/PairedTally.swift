package import Tokenization

/// A line that one model predicts much better than another.
package struct LineDifference: Sendable, Equatable {
  /// The number of the text, from 0.
  package var text: Int
  /// The line's number, from 1.
  package var line: TextPlace
  /// The bits of the line minus the baseline's; negative if the model is better.
  package var bits: Double
  /// The beginning of the line.
  package var excerpt: String
}

/// A span of text that one model predicts much better than another.
package struct SpanDifference: Sendable, Equatable {
  /// The number of the text, from 0.
  package var text: Int
  /// The number of the line that contains its end, from 1.
  package var line: TextPlace
  /// The bits of the span minus the baseline's; negative if the model is better.
  package var bits: Double
  /// The bytes of the span as text, without surrounding white space; empty for the end of a line.
  package var span: String
}

/// The number of times that one model is better than another on the same text.
package struct Wins: Sendable, Equatable {
  /// The number of comparisons.
  package var count = 0
  /// The number of comparisons in which the model needs fewer bits.
  package var won = 0
  /// The number of comparisons in which both need the same bits.
  package var tied = 0

  /// The fraction of comparisons won; NaN without comparisons.
  package var share: Double { Double(won) / Double(count) }

  mutating func add(_ bits: Double, against other: Double) {
    count += 1
    // The baseline's bits are stored in single precision.
    if Float(bits) < Float(other) { won += 1 } else if Float(bits) == Float(other) { tied += 1 }
  }
}

/// Compares a model's tokens and lines with a baseline's, part by part.
///
/// Tokens are compared over the shortest spans that end with a token of both models: single tokens
/// if both cut the text alike, words if one model has words and the other bytes.
struct PairedTally {
  /// The largest number of lines, and of spans, listed on each side.
  static let namedCount = 5

  /// The comparison by spans.
  private(set) var spans = Wins()
  /// The comparison by lines.
  private(set) var lines = Wins()
  /// The lines with the largest gains, and those with the largest losses.
  private(set) var lineExtremes = Extremes<LineDifference>()
  /// The spans with the largest gains, and those with the largest losses.
  private(set) var spanExtremes = Extremes<SpanDifference>()
  /// A hash of the offsets at which tokens end.
  private(set) var endsHash = TokenEndsHash()

  private let baseline: TokenTrack
  private var next = 0
  private var line = 0
  private var base = 0
  private var text = 0
  private var endInFile = 0
  private var baselineEnd = 0
  private var end = 0
  private var baselineBits = 0.0
  private var bits = 0.0
  private var hasTokens = false
  // The range of the open span in its part; the start is nil if it lies in an earlier part.
  private var spanStart: Int?
  private var spanEnd = 0
  private var spanLine = 0

  init(against baseline: TokenTrack) { self.baseline = baseline }

  /// Adds a part of the text.
  mutating func add(_ part: ScoredText) {
    spanStart = hasTokens ? nil : 0
    part.forEachExtent { token in
      let end = max(end, base + token.end)
      if hasTokens && baselineEnd == self.end && end > self.end { closeSpan(in: part) }
      take(token, end: end)
    }
    if hasTokens && baselineEnd == end { closeSpan(in: part) }
    endInFile = max(endInFile, part.endInFile)
    for (index, sums) in part.lines.enumerated() where line < baseline.lineBits.count {
      let bits = sums.sum.chargedBits
      lines.add(bits, against: baseline.lineBits[line])
      lineExtremes.add(bits - baseline.lineBits[line]) { difference in
        LineDifference(
          text: text,
          line: part.encoded.place(ofLine: index),
          bits: difference,
          excerpt: part.excerpt(ofLine: index)
        )
      }
      line += 1
    }
  }

  /// Ends a text of `byteCount` bytes; the next one begins.
  mutating func endText(byteCount: Int) {
    // Offsets include a byte-order mark, but only byte models count it among the text's bytes.
    base += max(byteCount, endInFile)
    endInFile = 0
    text += 1
  }

  /// Ends the comparison.
  mutating func finish() { closeSpan(in: nil) }

  private mutating func take(_ token: TokenExtent, end: Int) {
    self.end = end
    bits += token.bits
    hasTokens = true
    spanEnd = token.textEnd
    spanLine = token.line
    endsHash.append(end)
    while baselineEnd < end && next < baseline.lengths.count { takeBaseline() }
  }

  private mutating func takeBaseline() {
    baselineEnd += Int(baseline.lengths[next])
    baselineBits += Double(baseline.bits[next])
    next += 1
  }

  private mutating func closeSpan(in part: ScoredText?) {
    while next < baseline.lengths.count && baseline.lengths[next] == 0 { takeBaseline() }
    if hasTokens { spans.add(bits, against: baselineBits) }
    if let part, let start = spanStart {
      let range = start..<max(start, spanEnd)
      spanExtremes.add(bits - baselineBits) { difference in
        SpanDifference(
          text: text,
          line: part.encoded.place(ofLine: spanLine),
          bits: difference,
          span: part.trimmed(range)
        )
      }
    }
    spanStart = spanEnd
    bits = 0
    baselineBits = 0
    hasTokens = false
  }
}

/// The largest gains of a model against another, and the largest losses.
struct Extremes<Element: Sendable>: Sendable {
  private var largestGains = CostliestFew<Element>(PairedTally.namedCount)
  private var largestLosses = CostliestFew<Element>(PairedTally.namedCount)

  /// The largest gains, the largest first.
  var gains: [Element] { largestGains.elements.map(\.element) }
  /// The largest losses, the largest first.
  var losses: [Element] { largestLosses.elements.map(\.element) }

  /// Keeps `element` if its difference is among the largest of its sign.
  mutating func add(_ difference: Double, element: (Double) -> Element) {
    if difference < 0, -difference > largestGains.threshold {
      largestGains.insert(element(difference), bits: -difference)
    }
    if difference > 0, difference > largestLosses.threshold {
      largestLosses.insert(element(difference), bits: difference)
    }
  }
}

extension ScoredText {
  /// The text of a range, at most 60 bytes of it, without surrounding white space.
  func trimmed(_ range: Range<Int>) -> String {
    let isBlank = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
    let bytes = encoded.text[range.clamped(to: 0..<encoded.text.count)].drop(while: isBlank)
    let end = bytes.prefix(60).lastIndex { !isBlank($0) }
    return end.map { String(decoding: bytes[...$0], as: UTF8.self) } ?? ""
  }

  /// The beginning of a line, without the line end.
  func excerpt(ofLine index: Int, byteCount: Int = 160) -> String {
    let line = encoded.textRange(ofLine: index)
    var cut = min(line.upperBound, line.lowerBound + byteCount)
    // The cut must not split a scalar.
    while cut > line.lowerBound, cut < line.upperBound, encoded.text[cut] & 0xC0 == 0x80 {
      cut -= 1
    }
    let bytes = encoded.text[line.lowerBound..<cut]
    return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
  }
}
