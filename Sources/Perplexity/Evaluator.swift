public import Files
public import LanguageModels
public import Tokenization

/// Runs a model over texts: block by block, the blocks in parallel, the sums in the text's order, so
/// that the result has the same bits on any number of threads and memory does not grow with the text.
public struct Evaluator: Sendable {
  private let model: any LanguageModel
  private let markers: TextEncoder.Markers
  private let invalidUTF8: TextReader.InvalidUTF8
  private let threads: Int

  /// An evaluator of `model`.
  public init(
    _ model: any LanguageModel,
    markers: TextEncoder.Markers = .refuse,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse,
    threads: Int = Parallel.processorCount
  ) {
    self.model = model
    self.markers = markers
    self.invalidUTF8 = invalidUTF8
    self.threads = max(1, threads)
  }

  /// Evaluates the model on `source`.
  ///
  /// `visit` sees every part of the text in order, with ranges, where it is given; `progress` is told
  /// the bytes done.
  ///
  /// - Throws: `FileError`, `TextError`, among them for a text without tokens, and what `visit` does.
  public func evaluate(
    _ source: TextSource,
    visit: ((ScoredText) throws -> Void)? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws -> Evaluation {
    let encoder = TextEncoder(model.settings, markers: markers, keepsRanges: visit != nil)
    var reader = try TextReader(
      source,
      isRaw: model.settings.readsRawBytes,
      invalidUTF8: invalidUTF8
    )
    var evaluation = Evaluation()
    var history: [TokenID] = []
    var isAtEnd = false
    while !isAtEnd {
      var blocks: [TextBlock] = []
      while blocks.count < threads, !isAtEnd {
        if let block = try reader.next() { blocks.append(block) } else { isAtEnd = true }
      }
      if blocks.isEmpty { break }
      let wave = blocks
      let parts = try Parallel.run(wave.count) { index in
        var numbering = model.vocabulary
        return try encoder.encode(wave[index], of: source.name, numbering: &numbering)
      }
      let histories = carry(&history, parts)
      let results = try Parallel.run(parts.count) { index in
        score(parts[index], after: histories[index])
      }
      for (block, (scored, part)) in zip(wave, results) {
        evaluation = evaluation + part
        if part.zeroProbabilityTokens > 0, evaluation.firstZeroProbability == nil {
          evaluation.firstZeroProbability = try firstZero(scored, of: block, source.name)
        }
        try visit?(scored)
      }
      progress(evaluation.measure.bytes)
    }
    guard evaluation.measure.tokens > evaluation.measure.sequences else {
      throw TextError.empty(paths: [source.name])
    }
    return evaluation
  }

  /// What stands before each part, as far back as the model looks; `history` goes on to the next
  /// wave.
  private func carry(_ history: inout [TokenID], _ parts: [EncodedText]) -> [[TokenID]] {
    guard model.settings.sequence == .document else {
      return [[TokenID]](repeating: [], count: parts.count)
    }
    let length = model.historyLength ?? .max
    return parts.map { part in
      let before = history
      history = Array((history + part.tokens.suffix(length)).suffix(length))
      return before
    }
  }

  private func score(
    _ encoded: EncodedText,
    after history: [TokenID]
  ) -> (ScoredText, Evaluation) {
    let tokens = history + encoded.tokens
    var scores = [TokenScore](
      repeating: TokenScore(logProbability: .one, matchedLength: 0),
      count: encoded.tokens.count
    )
    var span = scores.mutableSpan
    model.score(tokens.span, history.count..<tokens.count, into: &span)
    let scored = ScoredText(encoded: encoded, scores: scores, history: history)
    return (scored, scored.evaluation)
  }

  /// The first token of probability zero in `scored`, which was `block`.
  private func firstZero(
    _ scored: ScoredText,
    of block: TextBlock,
    _ path: String
  ) throws -> ZeroProbability? {
    let zero = scored.scores.firstIndex { $0.logProbability.bits == -.infinity }
    guard let index = zero else { return nil }
    let before = scored.history + scored.encoded.tokens[..<index]
    let start = before.lastIndex(of: .beginSentence) ?? 0
    let context = before[start...].suffix(model.historyLength ?? 8)
    let token = scored.encoded.tokens[index]
    // Encoded again, with lines: tokens do not tell them where the vocabulary lacks the line end.
    var numbering = model.vocabulary
    let lines = try TextEncoder(model.settings, markers: markers, keepsRanges: true)
      .encode(block, of: path, numbering: &numbering).lines
    let line = lines.prefix { $0.firstToken <= index }.count
    return ZeroProbability(
      token: token.isOutOfVocabulary
        ? "<unk> (a token that the vocabulary lacks)" : model.vocabulary[token],
      context: context.map { $0.isOutOfVocabulary ? "<unk>" : model.vocabulary[$0] },
      line: block.firstLine + max(0, line - 1)
    )
  }
}
