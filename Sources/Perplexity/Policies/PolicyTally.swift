import InformationTheory
package import LanguageModels
package import Tokenization

/// Counts a text by a ``CountingPolicy``, part by part.
///
/// A token that has no score is charged 8 bits a byte, as in ``Evaluation/bitsPerByte``, where a tool
/// divides by words or bytes; elsewhere it is not counted.
///
/// The tokens of another program are no words. Where a tool counts words, those of the text are
/// counted in their place, cut at white space, with one end for each line.
///
/// ```swift
/// var tally = PolicyTally(.srilm, sequence: model.settings.sequence, ngrams: model)
/// let evaluation = try evaluator.evaluate(source) { tally.add($0) }
/// tally.endText()
/// tally.account(of: evaluation)[.perplexity]
/// ```
package struct PolicyTally: Sendable {
  /// The way of counting.
  package let policy: CountingPolicy

  /// A number of tokens and their surprisal.
  struct Sum: Sendable {
    var tokens = 0
    var bits = 0.0

    mutating func add(_ bits: Double, tokens count: Int) {
      tokens += count
      self.bits += bits
    }
  }

  /// The treatment of a token.
  enum Treatment { case kept, skippedLine, unknownWord, zeroProbability, endMark, lineEnd }

  /// The tokens that the tool counts.
  var kept = Sum()
  /// All tokens of lines that the tool skips.
  var skippedLines = Sum()
  /// The unknown tokens that it leaves out.
  var unknownWords = Sum()
  /// The unknown tokens among ``kept``.
  var keptUnknown = Sum()
  var zeroProbabilities = Sum()
  /// The tokens of probability zero to which the tool gives one, and their surprisal by the tool.
  var raised = Sum()
  var endMarks = Sum()
  var lineEnds = Sum()
  /// The surprisal of the spellings of unknown words, if the tool charges none.
  var spellingBits = 0.0
  var sentenceCount = 0
  var lineCount = 0
  var linePerplexitySum = 0.0
  var words = WhiteSpaceWords()
  /// The tokens without a score, at 8 bits a byte.
  var unscored = Sum()
  /// The number of words of the text, if the tokens are another program's.
  var foreignWordCount = 0

  /// True if the tokens are another program's and the tool counts words.
  let countsForeignWords: Bool
  private let isByLine: Bool
  private let ngrams: NGramModel?

  /// A count of no text, for a model with this `sequence` setting.
  ///
  /// `sequence` is nil for the scores of another program; `ngrams` is the model itself, where it has
  /// n-grams.
  ///
  /// KenLM and SRILM give a probability to some tokens that have none by the model's ARPA file.
  package init(
    _ policy: CountingPolicy,
    sequence: TextSettings.Sequence?,
    ngrams: NGramModel? = nil
  ) {
    self.policy = policy
    self.ngrams = ngrams
    isByLine = sequence == .line
    countsForeignWords = sequence == nil && (policy == .kenlm || policy == .srilm)
  }

  /// Adds the next part of a text.
  package mutating func add(_ part: ScoredText) {
    for line in part.encoded.lines.indices { add(line, of: part) }
    if part.encoded.lines.isEmpty {
      // A part without lines is the end of a document, after its last line.
      var sum = Sum()
      for token in part.encoded.tokens.indices { add(token, of: part, isSkipped: false, to: &sum) }
    }
  }

  /// Ends a text.
  package mutating func endText() { words.endText() }

  private mutating func add(_ line: Int, of part: ScoredText) {
    let encoded = part.encoded
    let isLast = line + 1 == encoded.lines.count
    let text = encoded.textRange(ofLine: line)
    let tokens = encoded.tokenRange(ofLine: line)
    if policy == .lmEval {
      words.add(encoded.text.span.extracting(text))
      // Sentences exclude the line end; a last line may have none.
      if isByLine && (!isLast || encoded.lines[line].byteCount != text.count) { words.addSpace() }
    }
    let wordCount = countsForeignWords ? encoded.text[text].wordCount : 0
    let isSkipped =
      policy == .srilm
      && (part.isSkippedBySRILM(tokens, text) || countsForeignWords && wordCount == 0)
    var sum = Sum()
    for token in tokens { add(token, of: part, isSkipped: isSkipped, to: &sum) }
    if (isByLine || countsForeignWords) && !isSkipped {
      sentenceCount += 1
      foreignWordCount += wordCount
    }
    if sum.tokens > 0 {
      lineCount += 1
      linePerplexitySum += perplexity(ofBits: sum.bits / Double(sum.tokens))
    }
  }

  /// Adds the token `index` of `part` to the matching sum, and to `line` if it is kept.
  private mutating func add(
    _ index: Int,
    of part: ScoredText,
    isSkipped: Bool,
    to line: inout Sum
  ) {
    let token = part.encoded.tokens[index]
    if token == .beginSentence { return }
    guard part.scores[index].isScored else {
      if !isSkipped { unscored.add(8 * Double(part.encoded.ranges[index].count), tokens: 1) }
      return
    }
    var bits = part.scores[index].surprisalBits
    if policy == .kenlm || policy == .srilm {
      let spelling = part.scores[index].spelling.surprisalBits
      bits -= spelling
      spellingBits += spelling
    }
    let count = part.joinsBytes && ByteVocabulary.continuesScalar(token) ? 0 : 1
    if bits == .infinity {
      bits = surprisalBits(ofImpossible: token, after: part.encoded.tokens[..<index])
      if bits < .infinity { raised.add(bits, tokens: count) }
    }
    if !isByLine && token == .endSentence && policy == .srilm { sentenceCount += 1 }
    switch treatment(of: token, bits, isSkipped: isSkipped, isLineEnd: part.isLineEnd(index)) {
    case .kept:
      kept.add(bits, tokens: count)
      line.add(bits, tokens: count)
      if token.index == 0 { keptUnknown.add(bits, tokens: count) }
    case .skippedLine: skippedLines.add(bits, tokens: count)
    case .unknownWord: unknownWords.add(bits, tokens: count)
    case .zeroProbability: zeroProbabilities.add(bits, tokens: count)
    case .endMark: endMarks.add(bits, tokens: count)
    case .lineEnd: lineEnds.add(bits, tokens: count)
    }
  }

  /// The tool's surprisal of a token of probability zero.
  private func surprisalBits(
    ofImpossible token: TokenID,
    after history: ArraySlice<TokenID>
  ) -> Double {
    let program: ARPAProgram
    switch policy {
    case .kenlm: program = .kenlm
    case .srilm: program = .srilm
    case .lmEval, .huggingFaceMean: return .infinity
    }
    if let log10 = ngrams?.singlePrecisionLog10(of: token, after: history, in: program) {
      return LogProbability(log10: Double(log10)).surprisalBits
    }
    return policy == .kenlm && token.index == 0
      ? LogProbability(log10: -100).surprisalBits : .infinity
  }

  private func treatment(
    of token: TokenID,
    _ bits: Double,
    isSkipped: Bool,
    isLineEnd: Bool
  ) -> Treatment {
    switch policy {
    case .kenlm: .kept
    case .srilm:
      isSkipped
        ? .skippedLine
        : bits < .infinity ? .kept : token.index == 0 ? .unknownWord : .zeroProbability
    case .lmEval: token == .endSentence && !isByLine ? .endMark : .kept
    case .huggingFaceMean:
      token == .endSentence ? .endMark : isLineEnd && !isByLine ? .lineEnd : .kept
    }
  }
}

extension ArraySlice<UInt8> {
  /// The number of runs of bytes that are no ASCII white space.
  fileprivate var wordCount: Int {
    split { $0 == 32 || 9...13 ~= $0 || $0 == 0 }.count
  }
}

extension ScoredText {
  /// True if the token `index` is one or more line ends.
  fileprivate func isLineEnd(_ index: Int) -> Bool {
    let range = encoded.ranges[index]
    return !range.isEmpty && encoded.text[range].allSatisfy { $0 == 10 || $0 == 13 }
  }

  /// True if SRILM skips the line with these tokens and bytes.
  fileprivate func isSkippedBySRILM(_ tokens: Range<Int>, _ text: Range<Int>) -> Bool {
    encoded.text[text].starts(with: [35, 35])
      || encoded.tokens[tokens].allSatisfy { $0 == .beginSentence || $0 == .endSentence }
  }
}
