package import Files
package import Tokenization

/// A back-off n-gram model in memory, most often a mapped file.
///
///     p(w | h) = α(w | h)              where the n-gram h w is listed
///              = γ(h) · p(w | h′)      otherwise; γ(h) = 1 where the context h is not known
///
/// (Katz 1987; the form of ARPA files, in which interpolated models are written too.)
/// ``ContextPath`` finds α and γ, and ``BackOffRule`` combines them; two of the methods combine
/// them otherwise, as ``ModelDescription/combination`` says.
package struct NGramModel: FileModel {
  /// The model's method, settings and origin.
  package let description: ModelDescription

  /// The tokens it predicts, and their numbers.
  package let vocabulary: Vocabulary

  /// The size of the file, and of the memory it is mapped to.
  package var byteCount: Int { file.count }

  /// A checksum of the header, which has those of all sections: equal files have equal
  /// fingerprints.
  package let fingerprint: UInt64

  /// The speller of words that the vocabulary lacks; nil if the model was trained without.
  package let speller: SpellingModel?

  /// Spans of the training text; nil if they were not kept.
  package let trainingSpans: TrainingSpans?

  let file: Bytes
  let unigrams: Values<UnigramEntry>
  let regions: RegionTable
  let tailWeights: TailWeights
  let rule: BackOffRule

  /// Reads the model from `file`; `path` names it in errors.
  ///
  /// It looks at the header and the description only, so that a model of any size is opened at
  /// once; damage elsewhere gives wrong answers at worst.
  ///
  /// - Throws: ``ModelFileError`` when the file is not a model, or a part does not fit.
  package init(_ file: Bytes, path: String) throws(ModelFileError) {
    let sections = try ModelSections(file, path: path)
    guard sections.kind == .ngrams,
      let description = sections.description.flatMap({ ModelDescription(text: $0) })
    else {
      throw .damaged(path: path, part: "description")
    }
    guard
      let vocabulary = Vocabulary(
        image: file,
        offset: sections.range(.vocabulary).lowerBound,
        byteCount: sections.range(.vocabulary).count
      )
    else { throw .damaged(path: path, part: "vocabulary") }
    guard let unigrams: Values<UnigramEntry> = sections.values(.unigrams),
      unigrams.count == vocabulary.count
    else { throw .damaged(path: path, part: "unigrams") }
    let code = description.wordCode(vocabularySize: vocabulary.count)
    guard let entries: Values<RegionEntry> = sections.values(.regionTable),
      let regions = RegionTable(entries, code: code, order: description.order, in: file)
    else { throw .damaged(path: path, part: "region table") }
    self.description = description
    self.vocabulary = vocabulary
    self.file = file
    trainingSpans = try sections.trainingSpans(path: path)
    speller =
      sections.has(.speller)
      ? try SpellingModel(
        Bytes(sections.range(.speller), of: file),
        description.spelling,
        path: path
      ) : nil
    fingerprint = sections.fingerprint
    self.unigrams = unigrams
    self.regions = regions
    guard let tailWeights: Values<Double> = sections.values(.tailWeights),
      tailWeights.count == 0 || tailWeights.count == description.order - 1
    else { throw .damaged(path: path, part: "tail weights") }
    self.tailWeights = TailWeights((0..<tailWeights.count).map { tailWeights[$0] })
    rule = BackOffRule(description, outcomeCount: vocabulary.count - 1)
  }

  /// The settings by which text becomes tokens, as in training.
  package var settings: TextSettings { description.settings }

  /// One token less than the longest n-gram.
  package var historyLength: Int? { description.order - 1 }

  /// True if the model has probabilities; stupid back-off has scores.
  package var isNormalized: Bool { description.combination.isNormalized }

  // MARK: Scoring

  /// Scores the tokens of `range`, ``BatchScorer/width`` of them side by side.
  package func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  ) {
    var scorer = BatchScorer()
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, start + BatchScorer.width)
      for index in start..<end where tokens[index] == .beginSentence {
        scores[index - range.lowerBound] = .certain
      }
      scorer.match(tokens, start..<end, in: self) { index, match in
        scores[index - range.lowerBound] = rule.score(match)
      }
      start = end
    }
  }

  /// A reading that sorts the tokens of large batches; the model cannot learn.
  package func reading(adapts: Bool) -> any ModelReading { NGramReading(self) }

  /// Prefetches the entry of a token.
  @inline(__always)
  func prefetchUnigram(_ token: Int) {
    unigrams.prefetch(token)
  }

  /// The stored value of a unigram; that of probability zero for a token outside the vocabulary.
  @inline(__always)
  func unigram(_ token: Int) -> Float {
    token < unigrams.count ? unigrams[token].value : rule.impossible
  }

  /// The region with the contexts that end in `word`; nil if no context does.
  @inline(__always)
  func region(of word: Int) -> Region? {
    word < unigrams.count ? regions[Int(unigrams[word].region)] : nil
  }

  /// The score of `token` after `history`, by the definition: one search after the other.
  ///
  /// ``score(_:_:into:)`` and ``SortedBatch`` find the same bits, sooner.
  ///
  /// - Complexity: O(order) searches.
  package func plainScore(
    of token: TokenID,
    after history: some BidirectionalCollection<TokenID>
  ) -> TokenScore {
    if token == .beginSentence { return .certain }
    let context = context(of: history)
    var path = ContextPath(of: context, in: self)
    var match = NGramMatch(
      value: Double(unigram(token.index)),
      weight: rule.start,
      matched: 0,
      known: path.depth,
      depth: context.count
    )
    while path.depth > 0 {
      if let value = path.value(of: token) {
        match.value = value
        match.matched = path.depth
        break
      }
      match.weight = rule.step(match.weight, path.backOff())
      if rule.backsOffToUniform { break }
    }
    return rule.score(match)
  }

  /// The last tokens of `history` that the model looks at: none before the last `<s>`.
  func context(of history: some BidirectionalCollection<TokenID>) -> [TokenID] {
    let window = history.suffix(description.order - 1)
    return Array(window[(window.lastIndex(of: .beginSentence) ?? window.startIndex)...])
  }

  // MARK: Distributions

  /// The probability of every token after `history`.
  ///
  /// - Complexity: O(vocabulary · order + n-grams of the contexts).
  package func distribution(after history: [TokenID]) -> [Double] {
    let context = context(of: history)
    var result: [Double]
    if case .uniform(let outcomeCount) = rule, !context.isEmpty {
      result = [Double](repeating: 1 / outcomeCount, count: vocabulary.count)
      let path = ContextPath(of: context, in: self)
      if path.depth == context.count {
        let rest = rule.probability(ofStored: path.weight) / outcomeCount
        for index in result.indices { result[index] = rest }
        list(path, in: &result)
      }
    } else {
      result = (0..<vocabulary.count).map { rule.probability(ofStored: Double(unigram($0))) }
      backOff(along: context, &result)
    }
    result[TokenID.beginSentence.index] = 0
    return result
  }

  /// Makes the distribution after no words that after `context`.
  private func backOff(along context: [TokenID], _ result: inout [Double]) {
    func multiply(by gamma: Double) {
      if gamma != 1 { for index in result.indices { result[index] *= gamma } }
    }
    var path = ContextPath()
    for (depth, token) in context.reversed().enumerated() {
      let isKnown = path.depth == depth && path.extend(by: token, in: self)
      if path.isSingleton { continue }
      multiply(by: rule.gamma(isKnown ? path.weight : nil))
      if isKnown { list(path, in: &result) }
    }
    if path.isSingleton {
      let longest = path
      multiply(by: rule.gamma(path.backOff()))
      list(longest, in: &result)
    }
  }

  /// Puts the probabilities of the n-grams of the longest context of `path` in `result`.
  private func list(_ path: ContextPath, in result: inout [Double]) {
    path.forEachNGram { word, value in
      if word < result.count { result[word] = rule.probability(ofStored: value) }
    }
  }
}
