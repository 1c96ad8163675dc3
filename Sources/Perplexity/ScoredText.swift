public import LanguageModels
public import Tokenization

/// A part of a text with the score of each of its tokens.
public struct ScoredText: Sendable {
  /// The tokens and where they stand.
  public var encoded: EncodedText

  /// The score of each token; that of `<s>` is that of a certain event.
  public var scores: [TokenScore]

  /// Whether a token is a scalar whose bytes stand one by one in ``encoded``.
  public var joinsBytes = false

  /// A part of a text whose tokens have these scores.
  public init(encoded: EncodedText, scores: [TokenScore], joinsBytes: Bool = false) {
    self.encoded = encoded
    self.scores = scores
    self.joinsBytes = joinsBytes
  }
}

extension ScoredText {
  /// What the tokens of each line add up to, with the line's number.
  public var lineEvaluations: [(number: Int, evaluation: Evaluation)] {
    encoded.lines.indices.map { index in
      let line = encoded.lines[index]
      let isLast = index + 1 == encoded.lines.count
      let end = isLast ? encoded.tokens.count : encoded.lines[index + 1].firstToken
      let range = line.firstToken..<end
      var evaluation = Evaluation()
      evaluation.add(
        encoded.tokens.span,
        range,
        scores: scores.span.extracting(range),
        joinsBytes: joinsBytes
      )
      evaluation.measure.sequences = encoded.tokens[range].count { $0 == .endSentence }
      evaluation.measure.bytes = line.byteCount
      evaluation.measure.characters = line.characterCount
      evaluation.measure.graphemes = line.graphemeCount
      return (encoded.firstLine + index, evaluation)
    }
  }
}

extension ScoredText {
  /// What the tokens of each line add up to.
  var lines: [TextUnits.Line] {
    var lines = TextUnits.Line.all(
      of: encoded.lineExtents,
      encoded.tokens.span,
      scores: scores.span,
      joinsBytes: joinsBytes
    )
    for index in lines.indices {
      let isLast = index + 1 == lines.count
      let first = encoded.lineExtents[index].firstToken
      let end = isLast ? encoded.tokens.count : encoded.lineExtents[index + 1].firstToken
      for token in first..<end where !scores[token].isScored {
        lines[index].sum.unscoredBytes += encoded.ranges[token].count
      }
    }
    return lines
  }
}

extension TextUnits.Line {
  /// What the tokens of each of `extents` add up to; all of `tokens` after its first belong to one.
  static func all(
    of extents: [EncodedText.LineExtent],
    _ tokens: Span<TokenID>,
    scores: Span<TokenScore>,
    joinsBytes: Bool
  ) -> [TextUnits.Line] {
    var lines: [TextUnits.Line] = []
    lines.reserveCapacity(extents.count)
    for (index, extent) in extents.enumerated() {
      let end = index + 1 < extents.count ? extents[index + 1].firstToken : tokens.count
      var sum = BlockSum(extent.firstToken..<end, tokens, scores: scores, joinsBytes: joinsBytes)
      sum.bytes = extent.byteCount
      lines.append(TextUnits.Line(sum: sum, isBlank: extent.isBlank))
    }
    return lines
  }
}

extension BlockSum {
  /// The sum of the tokens of `range`.
  init(_ range: Range<Int>, _ tokens: Span<TokenID>, scores: Span<TokenScore>, joinsBytes: Bool) {
    self.init()
    for index in range where tokens[index] != .beginSentence && scores[index].isScored {
      if !(joinsBytes && ByteVocabulary.continuesScalar(tokens[index])) { self.tokens += 1 }
      if tokens[index].isOutOfVocabulary {
        outOfVocabulary += 1
        unknownBits -= scores[index].logProbability.bits
      } else {
        knownBits -= scores[index].logProbability.bits
      }
    }
  }
}

extension Evaluation {
  /// Adds the tokens of `range`, one after the other; `scores[0]` is that of the first.
  ///
  /// If it `joinsBytes`, a token is a scalar with all its bytes.
  /// - Returns: the place in `range` of the first token of probability zero.
  @discardableResult
  mutating func add(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    scores: Span<TokenScore>,
    joinsBytes: Bool
  ) -> Int? {
    var known = knownTotal.bits
    var unknown = unknownTotal.bits
    var spelling = spellingTotal.bits
    var firstZero: Int?
    var counts = InlineArray<17, Int>(repeating: 0)
    for index in range where tokens[index] != .beginSentence {
      let score = scores[index - range.lowerBound]
      if !score.isScored {
        measure.unscoredTokens += 1
        continue
      }
      if !(joinsBytes && ByteVocabulary.continuesScalar(tokens[index])) {
        counts[min(NGramOrder.maximum, Int(score.matchedLength))] += 1
        measure.tokens += 1
      }
      if tokens[index].isOutOfVocabulary {
        measure.outOfVocabulary += 1
        unknown += score.logProbability.bits
        spelling += score.spelling.bits
      } else {
        known += score.logProbability.bits
      }
      if score.logProbability.bits == -.infinity {
        zeroProbabilityTokens += 1
        if firstZero == nil { firstZero = index - range.lowerBound }
      }
      if score.logProbability.bits > Self.roundingBits { tokensAboveOne += 1 }
    }
    knownTotal = LogProbability(bits: known)
    unknownTotal = LogProbability(bits: unknown)
    spellingTotal = LogProbability(bits: spelling)
    for length in counts.indices { tokensByMatchedLength[length] += counts[length] }
    return firstZero
  }
}
