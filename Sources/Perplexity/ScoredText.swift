public import LanguageModels
public import Tokenization

/// A part of a text with the score of each of its tokens.
public struct ScoredText: Sendable {
  /// The tokens and where they stand.
  public var encoded: EncodedText

  /// The score of each token; that of `<s>` is that of a certain event.
  public var scores: [TokenScore]

  /// The tokens before the part, as far as the model looks back.
  public var history: [TokenID]
}

extension ScoredText {
  /// What the part's tokens add up to; which of them is the first of probability zero is not told.
  public var evaluation: Evaluation {
    var evaluation = sums(of: encoded.tokens.indices)
    evaluation.measure.sequences = encoded.sequenceCount
    evaluation.measure.characters = encoded.characterCount
    evaluation.measure.bytes = encoded.byteCount
    evaluation.measure.blankLines = encoded.blankLineCount
    return evaluation
  }

  /// What the tokens of each line add up to, with the line's number; needs the lines to be kept.
  public var lineEvaluations: [(number: Int, evaluation: Evaluation)] {
    encoded.lines.indices.map { index in
      let line = encoded.lines[index]
      let isLast = index + 1 == encoded.lines.count
      let end = isLast ? encoded.tokens.count : encoded.lines[index + 1].firstToken
      var evaluation = sums(of: line.firstToken..<end)
      evaluation.measure.bytes = line.byteCount
      evaluation.measure.characters = line.characterCount
      return (encoded.firstLine + index, evaluation)
    }
  }

  /// What the tokens at `range` add up to; of the measure, tokens and the sequences that end there.
  private func sums(of range: Range<Int>) -> Evaluation {
    var evaluation = Evaluation()
    var known = 0.0
    var unknown = 0.0
    for index in range where encoded.tokens[index] != .beginSentence {
      let token = encoded.tokens[index]
      let score = scores[index]
      evaluation.measure.tokens += 1
      evaluation.tokensByMatchedLength[min(16, Int(score.matchedLength))] += 1
      if token == .endSentence { evaluation.measure.sequences += 1 }
      if token.isOutOfVocabulary {
        evaluation.measure.outOfVocabulary += 1
        unknown += score.logProbability.bits
      } else {
        known += score.logProbability.bits
      }
      if score.logProbability.bits == -.infinity { evaluation.zeroProbabilityTokens += 1 }
    }
    evaluation.knownTotal = LogProbability(bits: known)
    evaluation.unknownTotal = LogProbability(bits: unknown)
    return evaluation
  }
}
