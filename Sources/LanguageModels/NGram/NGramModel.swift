public import Files
public import Tokenization

/// A back-off n-gram model in memory, most often a mapped file.
///
///     p(w | h) = p(h w)                  where the n-gram h w is listed
///              = b(h) · p(w | h′)        otherwise; b(h) = 1 where h is not listed
///
/// (Katz 1987; the form of ARPA files, in which interpolated models are written too.) Two of the
/// methods read the same numbers otherwise; ``ModelDescription/combination`` says which.
public struct NGramModel: LanguageModel {
  /// What the model is and where it came from.
  public let description: ModelDescription

  public let vocabulary: Vocabulary

  /// The size of the file, and of the memory it is mapped to.
  public var byteCount: Int { file.count }

  let file: Bytes
  let unigrams: Values<UnigramEntry>
  let entries: Values<RegionEntry>
  let regions: [Region]
  private let isLinear: Bool
  private let fixedWeightBits: Double?
  private let sharesEvenly: Bool

  /// Reads the model from `file`; `path` names it in errors.
  ///
  /// Only the header, the description and the region table are looked at.
  ///
  /// - Throws: ``ModelFileError`` when the file is no model, or a part does not fit.
  public init(_ file: Bytes, path: String) throws(ModelFileError) {
    let sections = try ModelSections(file, path: path)
    guard let description = sections.description else {
      throw .damaged(path: path, part: "description")
    }
    guard
      let vocabulary = try? Vocabulary(
        image: file, offset: sections.range(.vocabulary).lowerBound,
        byteCount: sections.range(.vocabulary).count)
    else { throw .damaged(path: path, part: "vocabulary") }
    guard let unigrams: Values<UnigramEntry> = sections.values(.unigrams),
      unigrams.count == vocabulary.count
    else { throw .damaged(path: path, part: "unigrams") }
    guard let entries: Values<RegionEntry> = sections.values(.regionTable) else {
      throw .damaged(path: path, part: "region table")
    }
    var regions: [Region] = []
    regions.reserveCapacity(entries.count)
    for index in 0..<entries.count {
      guard let region = Region(entries[index], in: file) else {
        throw .damaged(path: path, part: "region table")
      }
      regions.append(region)
    }
    self.description = description
    self.vocabulary = vocabulary
    self.file = file
    self.unigrams = unigrams
    self.entries = entries
    self.regions = regions
    isLinear = description.scale == .linear
    sharesEvenly = description.combination == .uniform
    fixedWeightBits =
      if case .fixedWeight(let weight) = description.combination {
        LogProbability(of: weight).bits
      } else { nil }
  }

  public var settings: TextSettings { description.settings }
  public var historyLength: Int? { description.order - 1 }
  public var isNormalized: Bool { fixedWeightBits == nil }

  // MARK: Scoring

  public func score(
    _ tokens: Span<TokenID>, _ range: Range<Int>, into scores: inout MutableSpan<TokenScore>
  ) {
    for index in range {
      let token = tokens[index]
      if token == .beginSentence {
        scores[index - range.lowerBound] = TokenScore(logProbability: .one, matchedLength: 0)
        continue
      }
      // The history reaches back to the sequence's own <s>, at most as far as the order.
      var depth = 0
      while depth < description.order - 1 && index - depth > 0 {
        depth += 1
        if tokens[index - depth] == .beginSentence { break }
      }
      scores[index - range.lowerBound] = score(tokens, index, depth)
    }
  }

  /// Scores the token at `index` after the `depth` tokens before it.
  private func score(_ tokens: Span<TokenID>, _ index: Int, _ depth: Int) -> TokenScore {
    let word = tokens[index].index
    guard word < unigrams.count else {
      return TokenScore(logProbability: LogProbability(bits: -.infinity), matchedLength: 0)
    }
    var known = 0
    var nodes = InlineArray<16, Int32>(repeating: 0)
    guard depth > 0, let region = region(of: tokens[index - 1].index) else {
      return combine(
        value: unigrams[word].value, matched: 0, depth: depth, weight: neutral, known: 0)
    }
    var node = region.context(ofWord: tokens[index - 1].index)
    while node != Region.none {
      nodes[known] = Int32(truncatingIfNeeded: node)
      known += 1
      if known == depth { break }
      node = region.context(node, before: UInt32(tokens[index - known - 1].index))
    }
    var weight = neutral
    var matched = known
    while matched > 0 {
      let node = Int(nodes[matched - 1])
      let ngram = region.ngram(node, UInt32(word))
      if ngram != Region.none {
        return combine(
          value: region.value(ngram), matched: matched, depth: depth, weight: weight,
          known: known)
      }
      append(region.backOff(node), to: &weight)
      if sharesEvenly { break }
      matched -= 1
    }
    if sharesEvenly { return evenShare(weight, isKnown: known == depth) }
    return combine(
      value: unigrams[word].value, matched: 0, depth: depth, weight: weight, known: known)
  }

  /// A weight that changes nothing.
  private var neutral: Double { isLinear ? 1 : 0 }

  @inline(__always)
  private func append(_ backOff: Float, to weight: inout Double) {
    if isLinear { weight *= Double(backOff) } else { weight += Double(backOff) }
  }

  /// The score of an n-gram with `matched` words of context, after longer contexts that weigh
  /// `weight` together.
  @inline(__always)
  private func combine(
    value: Float, matched: Int, depth: Int, weight: Double, known: Int
  ) -> TokenScore {
    let length = UInt8(truncatingIfNeeded: matched + 1)
    if let fixedWeightBits {
      let bits = LogProbability(of: Double(value)).bits + Double(depth - matched) * fixedWeightBits
      return TokenScore(logProbability: LogProbability(bits: bits), matchedLength: length)
    }
    if sharesEvenly && matched < depth { return evenShare(1, isKnown: false) }
    let logProbability =
      isLinear
      ? LogProbability(of: Double(value) * weight)
      : LogProbability(log10: Self.log10(value) + weight)
    return TokenScore(logProbability: logProbability, matchedLength: length)
  }

  /// What an unseen n-gram of an additive model gets: 1/V of what its context leaves, all of it where
  /// the context is not known.
  private func evenShare(_ weight: Double, isKnown: Bool) -> TokenScore {
    let left = isKnown ? weight : 1
    return TokenScore(
      logProbability: LogProbability(of: left / Double(vocabulary.count - 1)), matchedLength: 0)
  }

  /// A stored logarithm; SRILM's -99 stands for that of zero.
  static func log10(_ value: Float) -> Double { value <= -99 ? -.infinity : Double(value) }

  /// The region with the contexts that end in `word`; nil where there is none.
  func region(of word: Int) -> Region? {
    guard word < unigrams.count else { return nil }
    let index = Int(unigrams[word].region)
    return index < regions.count ? regions[index] : nil
  }

  // MARK: Distributions

  public func distribution(after history: [TokenID]) -> [Double] {
    let size = vocabulary.count
    let start = history.lastIndex(of: .beginSentence) ?? 0
    let context = Array(history[start...].suffix(description.order - 1))
    var path: [Int] = []
    let region = context.last.flatMap { self.region(of: $0.index) }
    if let region, let last = context.last {
      var node = region.context(ofWord: last.index)
      while node != Region.none {
        path.append(node)
        if path.count == context.count { break }
        node = region.context(node, before: UInt32(context[context.count - 1 - path.count].index))
      }
    }
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
  private func linear(_ value: Float) -> Double {
    isLinear ? Double(value) : LogProbability(log10: Self.log10(value)).probability
  }
}
