package import LanguageModels
package import Tokenization

/// A part of a text with the score of each token.
package struct ScoredText: Sendable {
  /// The tokens, their ranges and lines.
  package var encoded: EncodedText

  /// The score of each token; the score of `<s>` is ``TokenScore/certain``.
  package var scores: [TokenScore]

  /// True if each token is a scalar, although `encoded` has its bytes one by one.
  package var joinsBytes = false

  /// A part of a text with these tokens and scores.
  package init(encoded: EncodedText, scores: [TokenScore], joinsBytes: Bool = false) {
    self.encoded = encoded
    self.scores = scores
    self.joinsBytes = joinsBytes
  }
}

/// A token of a part of a text, with one or more token numbers: the bytes of a scalar.
package struct ScoredToken: Sendable {
  /// The indices of its token numbers in `EncodedText.tokens`.
  package var indices: Range<Int>
  /// The index of its line in `EncodedText.lines`; nil before the first line.
  package var line: Int?
  /// True for the last token of its line.
  package var isLastOfLine: Bool
}

extension ScoredText {
  /// The tokens, including each `<s>`; with ``joinsBytes`` the bytes of a scalar are one token.
  ///
  /// ```swift
  /// for token in part.tokens {
  ///   let bits = token.indices.reduce(0) { $0 + part.scores[$1].surprisalBits }
  /// }
  /// ```
  package var tokens: Tokens { Tokens(encoded, joinsBytes: joinsBytes) }

  /// The sequence of the tokens of a part.
  package struct Tokens: Sequence, IteratorProtocol {
    private let encoded: EncodedText
    private let joinsBytes: Bool
    private var index = 0
    private var line = -1
    /// The index of the first token of the next line.
    private var lineEnd: Int

    init(_ encoded: EncodedText, joinsBytes: Bool) {
      self.encoded = encoded
      self.joinsBytes = joinsBytes
      lineEnd = encoded.lines.first?.firstToken ?? encoded.tokens.count
    }

    /// The next token; nil after the last.
    package mutating func next() -> ScoredToken? {
      guard index < encoded.tokens.count else { return nil }
      while index >= lineEnd {
        line += 1
        lineEnd = encoded.tokenRange(ofLine: line).upperBound
      }
      let start = index
      repeat {
        index += 1
      } while joinsBytes && index < lineEnd
        && ByteVocabulary.continuesScalar(encoded.tokens[index])
      return ScoredToken(
        indices: start..<index,
        line: line < 0 ? nil : line,
        isLastOfLine: index == lineEnd
      )
    }
  }
}

extension ScoredText {
  /// The place and the evaluation of each line.
  package var lineEvaluations: [(place: TextPlace, evaluation: Evaluation)] {
    encoded.lines.indices.map { index in
      var evaluation = evaluation(ofTokens: encoded.tokenRange(ofLine: index))
      evaluation.addSize(of: encoded.lines[index])
      return (encoded.place(ofLine: index), evaluation)
    }
  }
}

extension ScoredText {
  /// The evaluation of each record.
  package var recordEvaluations: [Evaluation] {
    encoded.records.indices.map { index in
      let tokens = encoded.tokenRange(ofRecord: index)
      var evaluation = evaluation(ofTokens: tokens)
      for line in encoded.lines[encoded.lineRange(ofRecord: index)] { evaluation.addSize(of: line) }
      return evaluation
    }
  }

  fileprivate func evaluation(ofTokens range: Range<Int>) -> Evaluation {
    var evaluation = Evaluation()
    evaluation.add(
      encoded.tokens.span,
      range,
      scores: scores.span.extracting(range),
      joinsBytes: joinsBytes
    )
    evaluation.measure.sequences = encoded.tokens[range].count { $0 == .endSentence }
    return evaluation
  }
}

extension Evaluation {
  fileprivate mutating func addSize(of line: EncodedText.Line) {
    measure.bytes += line.byteCount
    measure.characters += line.characterCount
    measure.graphemes += line.graphemeCount
  }
}

extension ScoredText {
  /// The sums over the tokens of each line.
  var lines: [TextUnits.Line] {
    var lines = TextUnits.Line.all(
      of: encoded.lines,
      encoded.tokens.span,
      scores: scores.span,
      joinsBytes: joinsBytes
    )
    for index in lines.indices {
      for token in encoded.tokenRange(ofLine: index) where !scores[token].isScored {
        lines[index].sum.unscoredBytes += encoded.ranges[token].count
      }
    }
    return lines
  }
}

extension TextUnits.Line {
  /// The sums of each of `lines`; each token from the first line on belongs to one line.
  static func all(
    of lines: [EncodedText.Line],
    _ tokens: Span<TokenID>,
    scores: Span<TokenScore>,
    joinsBytes: Bool
  ) -> [TextUnits.Line] {
    lines.indices.map { index in
      let range = lines.tokenRange(of: index, tokenCount: tokens.count)
      var sum = BlockSum(range, tokens, scores: scores, joinsBytes: joinsBytes)
      sum.bytes = lines[index].byteCount
      return TextUnits.Line(sum: sum, isBlank: lines[index].isBlank)
    }
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
  /// Adds the tokens of `range` in order; `scores[0]` belongs to the first of them.
  ///
  /// With `joinsBytes`, a token is a scalar with all its bytes.
  ///
  /// - Returns: The offset in `range` of the first token of probability zero.
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
