import InformationTheory
import TestSupport
import Testing

/// Sources small enough to be worked out by hand.
struct MarkovSourceWorkedExamples {
  /// A coin is thrown before each word, and the sentence ends at heads.
  private let coin = MarkovSource { _ in [.init("a", 0.5), .init(nil, 0.5)] }

  @Test func `a fair coin has one bit a token`() {
    // Throws until heads: 1/2 + 2/4 + 3/8 + … = 2 tokens a sentence, each of them one bit.
    expect(coin.expectedTokensPerSentence, 2)
    expect(coin.entropyBitsPerSentence, 2)
    expect(coin.entropyBitsPerToken, 1)
  }

  @Test func `the surprisal of a coin sentence is its number of throws`() {
    #expect(coin.surprisalBits(ofSentence: [] as [String]) == 1)
    #expect(coin.surprisalBits(ofSentence: ["a", "a", "a"]) == 4)
    #expect(coin.surprisalBits(ofSentence: ["b"]) == .infinity)
  }

  @Test(arguments: [0.5, 0.1, 0.01])
  func `a sentence length is geometric where the end has a constant probability`(end: Double) {
    // After each of the four pairs of "x" and "yes" the same: "x" and "yes" alike, or the end.
    let source = MarkovSource { context in
      let go = (context.isEmpty ? 1 : 1 - end) / 2
      return [.init("x", go), .init("yes", go)] + (context.isEmpty ? [] : [.init(nil, end)])
    }
    // 1 / end words and one end.
    #expect(source.states.count == 7)
    expect(source.expectedTokensPerSentence, 1 / end + 1)
    // There is nothing to learn from words: a bigram model, which sees the start, is enough.
    expect(source.lowestCrossEntropyBitsPerToken(order: 2), source.entropyBitsPerToken)
  }

  @Test func `a sentence without a choice has no entropy`() {
    let source = MarkovSource { context in
      [[]: [.init("one", 1)], ["one"]: [.init("two", 1)], ["one", "two"]: [.init(nil, 1)]][context]
        ?? []
    }
    #expect(source.words == ["one", "two"])
    expect(source.expectedTokensPerSentence, 3)
    #expect(source.entropyBitsPerSentence == 0)
    #expect(source.surprisalBits(ofSentence: ["one", "two"]) == 0)
    #expect(source.surprisalBits(ofSentence: ["one"]) == .infinity)
    #expect(source.text(minimumByteCount: 10, seed: 0) == Array("one two\none two\n".utf8))
  }

  @Test func `only a model of order three sees what two words decide`() {
    // "a m x" and "b m y", each half of the time: one bit, the first word. The words after m look
    // like a second coin to a bigram model, which therefore needs two bits for the four tokens. A
    // unigram model sees a, b, x, y once in eight tokens each, m and the end once in four each:
    // 4/8 · 3 + 2/4 · 2 = 2.5 bits a token.
    let source = MarkovSource { context in
      switch context {
      case []: [.init("a", 0.5), .init("b", 0.5)]
      case ["a"], ["b"]: [.init("m", 1)]
      case ["a", "m"]: [.init("x", 1)]
      case ["b", "m"]: [.init("y", 1)]
      default: [.init(nil, 1)]
      }
    }
    expect(source.entropyBitsPerToken, 0.25)
    expect(source.lowestCrossEntropyBitsPerToken(order: 1), 2.5)
    expect(source.lowestCrossEntropyBitsPerToken(order: 2), 0.5)
    expect(source.lowestCrossEntropyBitsPerToken(order: 3), 0.25)
    expect(source.lowestCrossEntropyBitsPerToken(order: 5), 0.25)
  }

  @Test func `a source whose sentences cannot end is refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = MarkovSource { _ in [.init("a", 1)] }
    }
  }

  @Test func `probabilities that do not sum to one are refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = MarkovSource { _ in [.init("a", 0.5), .init(nil, 0.4)] }
    }
  }

  /// Expects equality up to the rounding of some thousand additions.
  private func expect(
    _ value: Double,
    _ expected: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(abs(value - expected) <= 1e-12 * expected, sourceLocation: sourceLocation)
  }
}

/// What holds for the source of any seed.
struct SeededMarkovSourceTests {
  static let seeds: [UInt64] = [0, 1, 2, 3, .max]

  @Test(arguments: seeds)
  func `the outcomes after each context sum to one`(seed: UInt64) {
    for state in MarkovSource.shared(seed: seed).states {
      let total = state.transitions.reduce(0) { $0 + $1.probability }
      #expect(abs(total - 1) < 1e-14, "after \(state.context)")
    }
  }

  @Test(arguments: seeds)
  func `the source is of the promised size`(seed: UInt64) {
    let source = MarkovSource.shared(seed: seed)
    #expect(source.words.count == 60)
    #expect((450...500).contains(source.states.count))
    #expect((10...14).contains(source.expectedTokensPerSentence))
    for state in source.states {
      #expect((4...8).contains(state.transitions.count))
      let end = state.transitions.first { $0.word == nil }?.probability ?? 0
      #expect(state.context.isEmpty ? end == 0 : end >= 0.02)
    }
  }

  @Test(arguments: seeds)
  func `the expected visits solve their equations`(seed: UInt64) {
    let source = MarkovSource.shared(seed: seed)
    let contexts = source.states.map(\.context)
    var inflow = Dictionary(uniqueKeysWithValues: contexts.map { ($0, $0.isEmpty ? 1.0 : 0.0) })
    var endings = 0.0
    for (state, visits) in zip(source.states, source.expectedVisits) {
      for transition in state.transitions {
        let probability = visits * transition.probability
        guard let word = transition.word else {
          endings += probability
          continue
        }
        inflow[Array((state.context + [word]).suffix(2)), default: 0] += probability
      }
    }
    // A sentence ends once.
    #expect(abs(endings - 1) < 1e-13)
    #expect(inflow.count == contexts.count)
    for (context, visits) in zip(contexts, source.expectedVisits) {
      #expect(abs((inflow[context] ?? .nan) - visits) < 1e-14, "\(context)")
    }
  }

  @Test(arguments: [0, 1], 0...4)
  func `histories divide the tokens of a sentence`(seed: UInt64, length: Int) {
    let source = MarkovSource.shared(seed: seed)
    var count = 0
    var wrongCount = 0
    var visits = 0.0
    source.forEachHistory(length: length) { history in
      count += 1
      visits += history.expectedVisits
      // They end as the state of the source does.
      let words = history.words.map { source.words[$0] }
      let isLong = history.startsSentence ? words.count < max(2, length) : words.count >= 2
      if !isLong || words.suffix(2) != source.states[history.state].context[...] { wrongCount += 1 }
    }
    #expect(wrongCount == 0)
    #expect(count == source.historyCount(length: length))
    #expect(abs(visits - source.expectedTokensPerSentence) < 1e-9)
  }

  @Test(arguments: seeds)
  func `lower orders are kept away from the truth`(seed: UInt64) {
    let source = MarkovSource.shared(seed: seed)
    let bits = (1...4).map { source.lowestCrossEntropyBitsPerToken(order: $0) }
    #expect(bits[0] > bits[1] + 2)
    #expect(bits[1] > bits[2] + 0.7)
    #expect(abs(bits[2] - source.entropyBitsPerToken) < 1e-13)
    #expect(bits[2] == bits[3])
  }

  @Test func `text is a function of the two seeds`() {
    let text = MarkovSource(seed: 1).text(minimumByteCount: 5000, seed: 1)
    #expect(text == MarkovSource(seed: 1).text(minimumByteCount: 5000, seed: 1))
    #expect(text != MarkovSource(seed: 1).text(minimumByteCount: 5000, seed: 2))
    #expect(text != MarkovSource(seed: 2).text(minimumByteCount: 5000, seed: 1))
  }

  /// Recorded; a change would make every figure that was measured on such text void.
  @Test func `the source and the text of seed 1 stay what they are`() {
    let source = MarkovSource()
    let text = String(decoding: source.text(minimumByteCount: 20, seed: 1), as: UTF8.self)
    #expect(
      text == """
        bon lusevu
        bon stostekai ke didi nozen lusevu gom zonim zetin lusevu rel pabo fair nosaigur zom \
        saistai lem dem nefais rel lem bon tudizai pabo nozen rai

        """
    )
    #expect(abs(source.entropyBitsPerToken - 1.691_964_077_685_5) < 1e-12)
    #expect(abs(source.expectedTokensPerSentence - 12.441_522_962_509) < 1e-11)
  }

  @Test func `text ends with the first sentence that reaches the minimum`() {
    let source = MarkovSource()
    #expect(source.text(minimumByteCount: 0, seed: 1).isEmpty)
    let text = String(decoding: source.text(minimumByteCount: 20_000, seed: 1), as: UTF8.self)
    #expect(text.hasSuffix("\n"))
    let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(text.utf8.count - (lines.last?.utf8.count ?? 0) - 1 < 20_000)
    for line in lines {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      #expect(source.surprisalBits(ofSentence: words) < .infinity)
    }
  }

  /// Over a long text the measured averages are the calculated ones.
  ///
  /// Each is a quotient of sums over independent sentences, Σ x / Σ y. As x − r · y has the mean 0
  /// if r is the true quotient, its standard error is √(Σ (x − r · y)²) / Σ y. There are 10
  /// comparisons, of which one in 40 runs would miss three standard errors and one in 1600 four. Of
  /// 18 000 such quotients, with 1500 other texts for each of three sources, the deviations had
  /// a mean of 0.00 and a standard deviation of 1.00 standard errors, the largest being 3.9.
  @Test(arguments: seeds)
  func `averages over a long text are within four standard errors`(seed: UInt64) {
    let source = MarkovSource.shared(seed: seed)
    let text = String(
      decoding: source.text(minimumByteCount: 200_000, seed: seed &+ 100),
      as: UTF8.self
    )
    let sentences = text.dropLast().split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return (
        bits: source.surprisalBits(ofSentence: words),
        tokens: Double(words.count + 1)
      )
    }
    let bits = sentences.map(\.bits)
    let tokens = sentences.map(\.tokens)
    let ones = sentences.map { _ in 1.0 }
    for (values, units, expected, largestStandardError) in [
      (bits, tokens, source.entropyBitsPerToken, 0.01),
      (tokens, ones, source.expectedTokensPerSentence, 0.25),
    ] {
      let total = units.reduce(0, +)
      let average = values.reduce(0, +) / total
      let squares = zip(values, units).reduce(0) { sum, pair in
        let deviation = pair.0 - expected * pair.1
        return sum + deviation * deviation
      }
      let standardError = squares.squareRoot() / total
      #expect(standardError < largestStandardError)
      #expect(abs(average - expected) < 4 * standardError, "\(average), not \(expected)")
    }
  }
}
