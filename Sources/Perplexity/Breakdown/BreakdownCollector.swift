import Files
import LanguageModels
import Tokenization

/// Collects a text, part by part, and makes a ``Breakdown``.
///
///     var collector = BreakdownCollector(limit: 10)
///     collector.beginText("held-out.txt")
///     try evaluator.evaluate(source) { collector.add($0) }
///     let breakdown = collector.breakdown()
///
/// Memory grows with the types of the text, not with its length; with its n-grams too, if a
/// training text will be counted.
package struct BreakdownCollector: ~Copyable {
  /// The most bytes shown before and after a token.
  private static let contextByteCount = 60

  /// The largest number of types, tokens and lines to list.
  let limit: Int
  private(set) var total = Cost()
  private(set) var types = TypeCosts()
  private(set) var ngrams: NGramCosts?
  private var lines: LineCosts
  private var byOrder = Buffer<Cost>(repeating: Cost(), count: NGramOrder.maximum + 1)
  /// The cost by whole bits of surprisal.
  private var bySurprisal = Buffer<Cost>(repeating: Cost(), count: Breakdown.surprisalBandCount)
  private var costliest: CostliestFew<Breakdown.CostlyToken>
  private var text = ""

  /// A collector without text, which will list the `limit` costliest types, tokens and lines.
  ///
  /// With an `order`, it remembers n-grams of up to `order` tokens, which
  /// ``breakdown(counting:progress:)`` counts in a training text; see
  /// `TrainingSource.order(for:)`.
  package init(limit: Int, order: Int? = nil) {
    self.limit = max(0, limit)
    lines = LineCosts(self.limit)
    costliest = CostliestFew(self.limit)
    ngrams = order.map { NGramCosts(order: $0) }
  }

  /// Begins the text named `name`.
  package mutating func beginText(_ name: String) {
    lines.beginText(name)
    text = name
  }

  /// Adds the next part of the text.
  ///
  /// - Complexity: O(tokens), plus a table look-up for each n-gram if n-grams are remembered.
  package mutating func add(_ part: ScoredText) {
    add(part, part.encoded.text.span)
  }

  private mutating func add(_ part: ScoredText, _ text: Span<UInt8>) {
    let encoded = part.encoded
    let tokens = encoded.tokens.span
    let ranges = encoded.ranges.span
    let scores = part.scores.span
    let whole = 0..<text.count
    var line = -1
    var lineRange = 0..<0
    for scored in part.tokens {
      let index = scored.indices.lowerBound
      let token = tokens[index]
      while line < scored.line ?? -1 {
        lines.open(
          encoded.place(ofLine: line + 1),
          of: self.text,
          closing: line < 0
            ? nil : Excerpt.beginning(of: text, lineRange, limit: LineCosts.excerptByteCount)
        )
        line += 1
        lineRange = encoded.textRangeWithoutLineEnd(ofLine: line)
      }
      ngrams?.advance(to: token)
      let score = scores[index]
      // A `<s>` or a token without a score has no bits to sum.
      if token == .beginSentence || !score.isScored { continue }
      var bits = score.surprisalBits
      for next in scored.indices.dropFirst() { bits += scores[next].surprisalBits }
      let last = ranges[scored.indices.upperBound - 1].clamped(to: whole)
      let range = ranges[index].clamped(to: whole).lowerBound..<last.upperBound
      let type = types.type(of: token, text, range)
      total.add(bits)
      types.add(bits, to: type)
      lines.add(bits)
      let order = min(NGramOrder.maximum, Int(score.matchedLength))
      byOrder[order] = byOrder[order] + Cost(tokens: 1, bits: bits)
      let band = Int(min(max(0, bits), Double(Breakdown.surprisalBandCount - 1)))
      bySurprisal[band] = bySurprisal[band] + Cost(tokens: 1, bits: bits)
      ngrams?.add(bits)
      if bits > costliest.threshold {
        remember(token, bits, range, in: lineRange, text)
      }
    }
    if line >= 0 {
      lines.keep(Excerpt.beginning(of: text, lineRange, limit: LineCosts.excerptByteCount))
    }
  }

  private mutating func remember(
    _ token: TokenID,
    _ bits: Double,
    _ range: Range<Int>,
    in line: Range<Int>,
    _ text: Span<UInt8>
  ) {
    let before = min(line.lowerBound, range.lowerBound)..<range.lowerBound
    let after = range.upperBound..<max(line.upperBound, range.upperBound)
    costliest.insert(
      Breakdown.CostlyToken(
        text: lines.text,
        line: lines.number,
        spelling: token == .endSentence
          ? TokenID.specialSpellings[token.index]
          : String(decoding: text.extracting(range), as: UTF8.self),
        bits: bits,
        before: Excerpt.end(of: text, before, limit: Self.contextByteCount),
        after: Excerpt.beginning(of: text, after, limit: Self.contextByteCount / 2)
      ),
      bits: bits
    )
  }

  /// Moves the n-grams out of the collector.
  mutating func takeNGrams() -> NGramCosts? { ngrams.take() }

  /// The breakdown of everything collected.
  package mutating func breakdown() -> Breakdown {
    lines.open(0, of: "", closing: nil)
    let classes = types.classes()
    return Breakdown(
      total: total,
      tables: tables(classes),
      typeCount: (0..<types.count).count { types.cost($0).tokens > 0 },
      costliestTypes: types.costliest(limit, classes: classes),
      costliestTokens: costliest.elements.map(\.element),
      costliestLines: lines.costliestLines
    )
  }

  private func tables(_ classes: [WordClass]) -> [Breakdown.Table] {
    var tables: [Breakdown.Table] = []
    // A scorer without orders gives every token the order 0.
    if NGramOrder.all.contains(where: { byOrder[$0].tokens > 0 }) {
      tables.append(
        Breakdown.Table(.orderUsed, (0...NGramOrder.maximum).map { ("\($0)", byOrder[$0]) })
      )
    }
    let last = Breakdown.surprisalBandCount - 1
    tables.append(
      Breakdown.Table(
        .surprisal,
        (0...last).map { ($0 < last ? "\($0)-\($0 + 1)" : "\(last)+", bySurprisal[$0]) }
      )
    )
    var byClass: [WordClass: Cost] = [:]
    for type in classes.indices { byClass[classes[type], default: Cost()] += types.cost(type) }
    tables.append(
      Breakdown.Table(
        .wordClass,
        WordClass.allCases.map { ($0.rawValue, byClass[$0] ?? Cost()) }
      )
    )
    tables.append(lines.lengthTable)
    tables.append(lines.positionTable)
    return tables
  }
}

extension EncodedText {
  /// The range of a line in ``EncodedText/text``, without its line end.
  fileprivate func textRangeWithoutLineEnd(ofLine line: Int) -> Range<Int> {
    let whole = textRange(ofLine: line)
    let end = text[whole].lastIndex { $0 != 10 && $0 != 13 }.map { $0 + 1 } ?? whole.lowerBound
    return whole.lowerBound..<end
  }
}
