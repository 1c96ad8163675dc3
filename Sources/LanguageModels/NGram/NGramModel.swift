public import Files
import Prefetch
public import Tokenization

/// A back-off n-gram model in memory, most often a mapped file.
///
///     p(w | h) = p(h w)                  where the n-gram h w is listed
///              = b(h) · p(w | h′)        otherwise; b(h) = 1 where h is not listed
///
/// (Katz 1987; the form of ARPA files, in which interpolated models are written too.) Two of the
/// methods read the same numbers otherwise; ``ModelDescription/combination`` says which.
public struct NGramModel: StoredModel {
  /// What the model is and where it came from.
  public let description: ModelDescription

  /// The tokens it predicts, and their numbers.
  public let vocabulary: Vocabulary

  /// The size of the file, and of the memory it is mapped to.
  public var byteCount: Int { file.count }

  /// Equal for equal files: a checksum of the header, and in it of every part.
  public let fingerprint: UInt64

  /// What spells the words that the vocabulary lacks; nil where the model was trained without.
  public let speller: SpellingModel?

  /// Spans of the training text; nil where they were not kept.
  public let trainingSpans: TrainingSpans?

  let file: Bytes
  let unigrams: Values<UnigramEntry>
  let regions: RegionTable
  let tailWeights: TailWeights
  let isLinear: Bool
  private let fixedWeightBits: Double?
  let sharesEvenly: Bool

  /// Reads the model from `file`; `path` names it in errors.
  ///
  /// Only the header and the description are looked at, so that a model of any size is opened at
  /// once; what else is damaged gives wrong answers at worst.
  ///
  /// - Throws: ``ModelFileError`` when the file is no model, or a part does not fit.
  public init(_ file: Bytes, path: String) throws(ModelFileError) {
    let sections = try ModelSections(file, path: path)
    guard sections.kind == .ngrams,
      let description = sections.description.flatMap({ ModelDescription(text: $0) })
    else {
      throw .damaged(path: path, part: "description")
    }
    guard
      let vocabulary = try? Vocabulary(
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
    isLinear = description.scale == .linear
    sharesEvenly = description.combination == .uniform
    fixedWeightBits =
      if case .fixedWeight(let weight) = description.combination {
        LogProbability(of: weight).bits
      } else { nil }
  }

  /// How text becomes tokens, as in training.
  public var settings: TextSettings { description.settings }

  /// One token less than the longest n-gram.
  public var historyLength: Int? { description.order - 1 }

  /// Whether the model has probabilities; stupid back-off has scores.
  public var isNormalized: Bool { fixedWeightBits == nil }

  // MARK: Scoring

  /// Scores the tokens of `range`, ``BatchScorer/width`` of them side by side.
  public func score(
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
        scores[index - range.lowerBound] = score(match)
      }
      start = end
    }
  }

  /// A batch of `parts` of `tokens`, where there are so many that it pays to sort them.
  public func sortedBatch(
    _ tokens: [TokenID],
    _ parts: [Range<Int>],
    threads: Int,
    reusing previous: SortedBatch?
  ) -> SortedBatch? {
    // The work of preparation grows with both.
    guard tokens.count >= max(SortedBatch.minimumCount, 8 * regions.count) else { return nil }
    return SortedBatch(self, tokens, parts, threads: threads, reusing: previous)
  }

  /// A back-off weight that changes nothing.
  var neutralWeight: Double { isLinear ? 1 : 0 }

  /// `weight` with one more back-off weight.
  @inline(__always)
  func weight(_ weight: Double, _ backOff: Float) -> Double {
    isLinear ? weight * Double(backOff) : weight + Self.log10(backOff)
  }

  /// Asks for the memory of a token's own entry, so that it is there when it is read.
  @inline(__always)
  func prefetchUnigram(_ token: Int) {
    if token < unigrams.count { prefetch_line(unigrams.baseAddress + token) }
  }

  /// The stored value of a token by itself; zero probability for a number the model lacks.
  @inline(__always)
  func unigram(_ token: Int) -> Float {
    token < unigrams.count ? unigrams[token].value : isLinear ? 0 : -.infinity
  }

  /// The score that a match stands for.
  @inline(__always)
  func score(_ match: BatchScorer.Match) -> TokenScore {
    let length = UInt8(truncatingIfNeeded: match.matched + 1)
    if let fixedWeightBits {
      let bits =
        LogProbability(of: match.value).bits
        + Double(match.depth - match.matched) * fixedWeightBits
      return TokenScore(logProbability: LogProbability(bits: bits), matchedLength: length)
    }
    if sharesEvenly && match.matched < match.depth {
      return evenShare(match.weight, isKnown: match.known == match.depth)
    }
    let logProbability =
      isLinear
      ? LogProbability(of: match.value * match.weight)
      : LogProbability(log10: Self.log10(Float(match.value)) + match.weight)
    return TokenScore(logProbability: logProbability, matchedLength: length)
  }

  /// What an unseen n-gram of an additive model gets: 1/V of what its context leaves, all of it where
  /// the context is not known.
  private func evenShare(_ weight: Double, isKnown: Bool) -> TokenScore {
    let left = isKnown ? weight : 1
    return TokenScore(
      logProbability: LogProbability(of: left / Double(vocabulary.count - 1)),
      matchedLength: 0
    )
  }

  /// A stored logarithm; SRILM's -99 stands for that of zero.
  static func log10(_ value: Float) -> Double { value <= -99 ? -.infinity : Double(value) }

  /// The region with the contexts that end in `word`; nil where there is none.
  @inline(__always)
  func region(of word: Int) -> Region? {
    word < unigrams.count ? regions[Int(unigrams[word].region)] : nil
  }

  // MARK: Contexts

  /// How far the model knows a history.
  struct Path {
    /// The contexts of one word, two words and so on that are listed.
    var nodes: [Int]
    /// The tail that goes on from there, or ``Region/none``.
    var tail: Int
    /// The number of words known, those of the tail included.
    var knownCount: Int
  }

  /// The contexts that end in `last`, made longer by the words `before` it, the nearest first.
  func path(_ region: Region, from last: Int, _ before: some Sequence<UInt32>) -> Path {
    var path = Path(nodes: [], tail: Region.none, knownCount: 0)
    var node = region.context(ofWord: last)
    guard node != Region.none else { return path }
    path.nodes.append(node)
    path.knownCount = 1
    for word in before {
      let depth = path.nodes.count
      if path.tail == Region.none {
        let next = region.context(node, before: word)
        if next != Region.none {
          node = next
          path.nodes.append(node)
        } else {
          path.tail = region.tail(node, depth: depth, before: word)
          if path.tail == Region.none { break }
        }
      } else if !region.tailHasWord(path.tail, depth: depth, distance: path.knownCount + 1)
        || region.tailWord(path.tail, depth: depth, distance: path.knownCount + 1) != word
      {
        break
      }
      path.knownCount += 1
    }
    return path
  }

  /// The probability after a context of `end` words of a tail, where the one after `depth` words is
  /// `value`.
  func tailProbability(_ value: Double, depth: Int, to end: Int) -> Double {
    var value = value
    for longer in stride(from: depth + 1, through: end, by: 1) {
      value = tailWeights.probability(longer, lower: value)
    }
    return value
  }

  /// The product of the back-off weights of a tail's contexts of `depth` to `end` words.
  func tailWeight(from depth: Int, to end: Int) -> Double {
    var weight = 1.0
    for longer in stride(from: depth, through: end, by: 1) {
      weight *= tailWeights.weight(longer)
    }
    return weight
  }

  // MARK: Distributions

  /// The probability of every token after `history`.
  ///
  /// - Complexity: O(vocabulary + order · n-grams of the context).
  public func distribution(after history: [TokenID]) -> [Double] {
    let size = vocabulary.count
    let start = history.lastIndex(of: .beginSentence) ?? 0
    let context = Array(history[start...].suffix(description.order - 1))
    let region = context.last.flatMap { self.region(of: $0.index) }
    let known: Path
    if let region, let last = context.last {
      known = self.path(
        region,
        from: last.index,
        context.reversed().dropFirst().map { UInt32($0.index) }
      )
    } else {
      known = Path(nodes: [], tail: Region.none, knownCount: 0)
    }
    let path = known.nodes
    if sharesEvenly { return evenDistribution(context.count, path, region) }

    var result = (0..<size).map { linear(unigrams[$0].value) }
    result[TokenID.beginSentence.index] = 0
    for depth in 0..<context.count {
      let factor: Double =
        if let fixedWeightBits {
          LogProbability(bits: fixedWeightBits).probability
        } else if let region, depth < path.count {
          linear(region.backOff(path[depth]))
        } else { 1 }
      if factor != 1 { for index in result.indices { result[index] *= factor } }
      guard let region, depth < path.count else { continue }
      for ngram in region.ngrams(path[depth]) {
        let word = Int(region.word(ofNGram: ngram))
        if word < size { result[word] = linear(region.value(ngram)) }
      }
    }
    if let region, known.tail != Region.none {
      let depth = path.count
      let word = Int(region.tailLastWord(known.tail, depth: depth))
      let value = tailProbability(
        region.tailValue(known.tail, depth: depth),
        depth: depth + 1,
        to: known.knownCount
      )
      let weight = tailWeight(from: depth + 1, to: known.knownCount)
      for index in result.indices { result[index] *= weight }
      if word < size { result[word] = value }
    }
    return result
  }

  private func evenDistribution(_ depth: Int, _ path: [Int], _ region: Region?) -> [Double] {
    let size = vocabulary.count
    var result: [Double]
    if depth == 0 {
      result = (0..<size).map { linear(unigrams[$0].value) }
    } else if let region, path.count == depth, let node = path.last {
      let share = linear(region.backOff(node)) / Double(size - 1)
      result = [Double](repeating: share, count: size)
      for ngram in region.ngrams(node) {
        let word = Int(region.word(ofNGram: ngram))
        if word < size { result[word] = linear(region.value(ngram)) }
      }
    } else {
      result = [Double](repeating: 1 / Double(size - 1), count: size)
    }
    result[TokenID.beginSentence.index] = 0
    return result
  }

  /// A stored value as a probability or weight.
  func linear(_ value: Float) -> Double {
    isLinear ? Double(value) : LogProbability(log10: Self.log10(value)).probability
  }
}
