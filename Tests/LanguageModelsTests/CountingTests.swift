import Files
@testable import LanguageModels
import Testing
@testable import Tokenization

/// Counting held against ``PlainCounts``, which does the same with dictionaries of arrays.
@Suite struct CountingTests {
  /// A random text and how it is counted.
  struct Case: Sendable, CustomTestStringConvertible {
    var seed: UInt64
    var order: Int
    /// Larger vocabularies than the text has words leave fewer words to a 64-bit key.
    var vocabularySize: Int
    var sentences = 40

    var testDescription: String {
      "seed \(seed), order \(order), \(vocabularySize) words, \(sentences) sentences"
    }

    /// Sentences over 3 to 10 different words spread over the vocabulary, some of them empty.
    func tokens() -> [TokenID] {
      var generator = TestGenerator(seed: seed)
      let different = 3 + Int(generator.next() % 8)
      let words = (0..<different).map { index in
        TokenID(UInt32(3 + (vocabularySize - 4) * index / different))
      }
      return (0..<sentences).flatMap { _ in
        let length = generator.skewed(25)
        return [.beginSentence]
          + (0..<length).map { _ in words[generator.skewed(different)] } + [.endSentence]
      }
    }
  }

  static let cases: [Case] =
    [2, 3, 4, 5, 6, 7, 8, 9, 16].flatMap { order in
      // 4, 9 and 17 bits a word: 16, 7 and 3 words a key.
      [14, 300, 70_000].enumerated().flatMap { number, size in
        (0..<3).map { seed in
          Case(seed: UInt64(order * 100 + number * 10 + seed), order: order, vocabularySize: size)
        }
      }
    } + [
      // 22 bits: two words a key.
      Case(seed: 3, order: 5, vocabularySize: 1 << 21),
      Case(seed: 4, order: 16, vocabularySize: 1 << 21),
      // More than 4,096 positions, so several groups; one word alone has nearly as many.
      Case(seed: 1, order: 3, vocabularySize: 14, sentences: 700),
      Case(seed: 2, order: 5, vocabularySize: 70_000, sentences: 700),
    ]

  private func text(_ tokens: [TokenID]) -> TrainingText {
    var builder = TrainingTextBuilder()
    var encoded = EncodedText()
    encoded.tokens = tokens
    builder.append(encoded)
    return TrainingText(builder)
  }

  @Test(arguments: cases)
  func `a scan of the groups finds every n-gram and its counts`(example: Case) {
    let tokens = example.tokens()
    let plain = PlainCounts(tokens.map(\.rawValue), order: example.order)
    let groups = ContextGroups(
      text(tokens),
      vocabularySize: example.vocabularySize,
      order: example.order
    )
    var scan = GroupScan(groups)
    var found = 0
    for group in 0..<groups.count {
      scan.scan(group)
      found += scan.ngramCount
      for index in 0..<scan.ngramCount {
        let ngram = scan.words(ofNGram: index)
        let isRight =
          Int(scan.ngramOccurrences[index]) == plain.occurrences[ngram]
          && Int(scan.ngramPredecessors[index]) == plain.predecessors[ngram, default: 0]
          && scan.order(index) == ngram.count
          && Int(scan.count(index, .continuations)) == plain.continuations(ngram)
        guard !isRight else { continue }
        Issue.record(
          """
          \(ngram): \(scan.ngramOccurrences[index]) times after \(scan.ngramPredecessors[index]), \
          not \(plain.occurrences[ngram, default: 0]) after \(plain.predecessors[ngram, default: 0])
          """
        )
        return
      }
    }
    #expect(found == plain.occurrences.keys.count { $0.count > 1 })
    #expect(example.sentences < 700 || groups.count > 1)
  }

  @Test(arguments: cases.filter { $0.vocabularySize < 1000 })
  func `a census has the counts of counts`(example: Case) throws {
    let tokens = example.tokens()
    let plain = PlainCounts(tokens.map(\.rawValue), order: example.order)
    let groups = ContextGroups(
      text(tokens),
      vocabularySize: example.vocabularySize,
      order: example.order
    )
    for kind in [LowerOrderCounts.occurrences, .continuations] {
      let census = try GroupCensus(groups, kind, threads: 2) { _ in }
      for order in 2...example.order {
        var expected = CountsOfCounts()
        let ngrams = plain.occurrences.keys.filter { $0.count == order }
        for ngram in ngrams {
          expected.add(
            kind == .occurrences
              ? plain.occurrences[ngram, default: 0] : plain.continuations(ngram)
          )
        }
        #expect(census.countsOfCounts[order - 2] == expected, "order \(order), \(kind)")
        #expect(census.ngramCounts[order - 2] == ngrams.count, "order \(order)")
      }
      for token in Set(tokens) where token != .beginSentence {
        #expect(
          Int(census.predecessors[token.index]) == plain.predecessors[[token.rawValue], default: 0]
        )
      }
    }
  }

  @Test func `positions in one group stay in the order of the text`() {
    let tokens = Case(seed: 1, order: 3, vocabularySize: 14, sentences: 700).tokens()
    let groups = ContextGroups(text(tokens), vocabularySize: 14, order: 3)
    var total = 0
    for group in 0..<groups.count {
      var previous = 0
      for index in 0..<groups.positionCount(group) {
        let position = groups.position(group, index)
        #expect(position > previous && groups.words(group).contains(tokens[position - 1].index))
        previous = position
      }
      total += groups.positionCount(group)
    }
    #expect(total == tokens.count { $0 != .beginSentence })
  }

  @Test func `counts of counts are kept up to fifteen`() {
    var counts = CountsOfCounts()
    for count in [1, 1, 2, 15, 16, 99] { counts.add(count) }
    #expect(counts == CountsOfCounts([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]))
    counts.add(CountsOfCounts([1]))
    #expect(counts[1] == 3)
  }
}

/// The counts of a text, each n-gram an array of numbers.
struct PlainCounts {
  /// How often each n-gram of order 1 to the highest occurs.
  private(set) var occurrences: [[UInt32]: Int] = [:]

  /// How many different words stand before each n-gram, below the highest order.
  private(set) var predecessors: [[UInt32]: Int] = [:]

  /// The highest order.
  let order: Int

  init(_ tokens: [UInt32], order: Int) {
    self.order = order
    let begin = TokenID.beginSentence.rawValue
    for (index, token) in tokens.enumerated() where token != begin {
      var start = index
      while true {
        occurrences[Array(tokens[start...index]), default: 0] += 1
        if tokens[start] == begin || start == 0 || index - start == order - 1 { break }
        start -= 1
      }
    }
    for ngram in occurrences.keys where ngram.count > 1 {
      predecessors[Array(ngram.dropFirst()), default: 0] += 1
    }
  }

  /// The count of Kneser and Ney's methods.
  func continuations(_ ngram: [UInt32]) -> Int {
    let isWhole = ngram.count == order || ngram.first == TokenID.beginSentence.rawValue
    return (isWhole ? occurrences : predecessors)[ngram, default: 0]
  }
}

extension GroupScan {
  /// The words of n-gram `index`.
  func words(ofNGram index: Int) -> [UInt32] {
    var words: [UInt32] = []
    var context = ngramContext[index]
    while context != Self.none {
      words.append(code.word(contextWord[Int(context)]))
      context = contextParent[Int(context)]
    }
    return words + [code.word(ngramWord[index])]
  }
}
