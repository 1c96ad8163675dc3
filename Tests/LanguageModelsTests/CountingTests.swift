import Files
import InformationTheory
@testable import LanguageModels
import TestSupport
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
    var sentences = isWantedSlow ? 40 : 15

    var testDescription: String {
      "seed \(seed), order \(order), \(vocabularySize) words, \(sentences) sentences"
    }

    /// Sentences over 3 to 10 different words spread over the vocabulary, some of them empty.
    func tokens() -> [TokenID] {
      var generator = SplitMix64(seed: seed)
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
    (isWantedSlow ? [2, 3, 4, 5, 6, 7, 8, 9, 16] : [2, 3, 5, 16]).flatMap { order in
      // 4, 9 and 17 bits a word: 16, 7 and 3 words a key.
      [14, 300, 70_000].enumerated().flatMap { number, size in
        (0..<(isWantedSlow ? 3 : 1)).map { seed in
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

  private func text(_ tokens: [TokenID]) throws -> TrainingText {
    var builder = TrainingTextBuilder()
    let numbers = tokens.map(\.rawValue)
    try builder.append(numbers.span)
    return TrainingText(builder)
  }

  /// How a text is cut and what is listed of it.
  static let cuts: [(positionLimit: Int, hasTails: Bool)] = [
    (HistoryBlocks.positionLimit, false), (HistoryBlocks.positionLimit, true), (40, false),
    (7, true), (1, true),
  ]

  /// All cuts; where there are many positions or words, which make small blocks slow, two of them.
  private static func cuts(of example: Case) -> [(positionLimit: Int, hasTails: Bool)] {
    let isSmall = example.sentences < 100 && example.vocabularySize < 1 << 21
    return isWantedSlow || isSmall ? cuts : [cuts[1], cuts[2]]
  }

  private func histories(
    _ example: Case,
    positionLimit: Int,
    threads: Int = 1
  ) throws -> Histories {
    try Histories(
      try text(example.tokens()),
      vocabularySize: example.vocabularySize,
      order: example.order,
      threads: threads,
      positionLimit: positionLimit,
      groupLimit: positionLimit
    )
  }

  @Test(arguments: cases)
  func `the blocks have every n-gram and its counts, however they are cut`(example: Case) throws {
    let plain = PlainCounts(example.tokens().map(\.rawValue), order: example.order)
    for (positionLimit, hasTails) in Self.cuts(of: example) {
      var histories = try histories(example, positionLimit: positionLimit)
      let found = try FoundCounts(&histories, order: example.order, hasTails: hasTails)
      let cut: Comment = "blocks of \(positionLimit)"
      #expect(!found.isRepeated, cut)
      #expect(found.occurrences == plain.occurrences.filter { $0.key.count > 1 }, cut)
      let wrong = found.predecessors.filter { $0.value != plain.predecessors[$0.key, default: 0] }
      #expect(wrong.isEmpty, cut)
      #expect(found.counts.allSatisfy { $0.value == plain.continuations($0.key) }, cut)
    }
  }

  @Test(arguments: cases.filter { $0.vocabularySize < 1000 })
  func `a census has the counts of counts`(example: Case) throws {
    let tokens = example.tokens()
    let plain = PlainCounts(tokens.map(\.rawValue), order: example.order)
    let ngrams = Dictionary(grouping: plain.occurrences.keys, by: \.count)
    let vocabulary = Self.vocabulary(example.vocabularySize)
    for (positionLimit, hasTails) in Self.cuts(of: example) {
      var histories = try histories(example, positionLimit: positionLimit, threads: 2)
      for kind in [LowerOrderCounts.occurrences, .continuations] {
        var counting = BlockCensus(
          order: example.order,
          code: histories.code,
          vocabularySize: example.vocabularySize,
          lowerOrderCounts: kind,
          hasTails: hasTails,
          threads: 2
        )
        try histories.forEachPass { try counting.add($0) { _ in } }
        let census = counting.result()
        let plan = try RegionPlan(
          histories.groups,
          census,
          order: example.order,
          vocabulary: vocabulary
        )
        plan.checkInvariants(census, order: example.order)
        for order in 2...example.order {
          var expected = CountsOfCounts()
          for ngram in ngrams[order, default: []] {
            let count = plain.occurrences[ngram, default: 0]
            expected.add(kind == .occurrences ? count : plain.continuations(ngram))
          }
          let name: Comment = "order \(order), \(kind), blocks of \(positionLimit)"
          #expect(census.countsOfCounts[order - 2] == expected, name)
          #expect(census.ngramCounts[order - 2] == ngrams[order, default: []].count, name)
        }
        let predecessors = Set(tokens).filter { $0 != .beginSentence }.map {
          (Int(census.predecessors[$0.index]), plain.predecessors[[$0.rawValue], default: 0])
        }
        #expect(predecessors.allSatisfy { $0.0 == $0.1 }, "blocks of \(positionLimit)")
      }
    }
  }

  /// A vocabulary of `count` words.
  private static func vocabulary(_ count: Int) -> Vocabulary {
    var builder = VocabularyBuilder()
    while builder.count < count { builder.insert("w\(builder.count)") }
    return builder.vocabulary()
  }

  @Test(arguments: [1, 3], [1, 9, 100, 4096])
  func `every position is in one block, which is no larger than asked`(
    threads: Int,
    positionLimit: Int
  ) throws {
    let example = Case(seed: 1, order: 3, vocabularySize: 14, sentences: 700)
    let tokens = example.tokens()
    var histories = try histories(example, positionLimit: positionLimit, threads: threads)
    var seen = Set<Int>()
    // One expectation for each position would take longer than the blocks.
    var wrongCount = 0
    try histories.forEachPass { blocks in
      for block in blocks.blocks {
        #expect(block.count <= positionLimit)
        let words = blocks.groups.words(Int(block.group))
        for index in 0..<block.count {
          let position = blocks.position(block, index)
          let isOfGroup = words.contains(tokens[position - 1].index)
          if !isOfGroup || !seen.insert(position).inserted { wrongCount += 1 }
        }
      }
      #expect(blocks.blocks.count > 1)
    }
    #expect(wrongCount == 0)
    #expect(seen.count == tokens.count { $0 != .beginSentence })
  }

  @Test func `counts of counts are kept up to fifteen`() {
    var counts = CountsOfCounts()
    for count in [1, 1, 2, 15, 16, 99] { counts.add(count) }
    #expect(counts == CountsOfCounts([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]))
    counts.add(CountsOfCounts([1]))
    #expect(counts[1] == 3)
  }
}

/// All n-grams that blocks find, each an array of numbers.
struct FoundCounts {
  private(set) var occurrences: [[UInt32]: Int] = [:]
  private(set) var predecessors: [[UInt32]: Int] = [:]
  /// The counts of Kneser and Ney's methods.
  private(set) var counts: [[UInt32]: Int] = [:]
  /// Whether an n-gram was found in two places.
  private(set) var isRepeated = false

  init(_ histories: inout Histories, order: Int, hasTails: Bool) throws {
    let code = histories.code
    let frequent = FrequentNGrams(bitCount: code.bitCount)
    var scan = BlockScan(order: order, code: code, hasTails: hasTails)
    try histories.forEachPass { blocks in
      frequent.expect(blocks)
      let contexts = frequent.contexts
      for block in blocks.blocks {
        scan.scan(block, of: blocks)
        if scan.sharesItsContext { frequent.add(scan.sharedNGrams, to: Int(block.owner)) }
        let before = scan.sharesItsContext ? contexts.words(before: block.owner, code) : []
        for index in 0..<scan.ngramCount
        where !(scan.sharesItsContext && scan.ngrams[index].context == 0) {
          add(scan, index, scan.words(ofNGram: index, code, before: before))
        }
        for tail in 0..<scan.tailCount {
          for depth in scan.tailDepth(tail)...scan.tailEnd(tail) {
            let words = (0...depth).reversed().map {
              code.word(scan.tailWord(tail, distance: $0))
            }
            if occurrences.updateValue(1, forKey: words) != nil { isRepeated = true }
            counts[words] = 1
          }
        }
      }
    }
    let contexts = frequent.contexts
    for (index, context) in contexts.enumerated() {
      scan.load(context, frequent.list(index))
      let before = contexts.words(before: UInt32(index), code)
      for ngram in 0..<scan.ngramCount {
        add(scan, ngram, scan.words(ofNGram: ngram, code, before: before))
      }
    }
  }

  private mutating func add(_ scan: borrowing BlockScan, _ index: Int, _ words: [UInt32]) {
    let count = Int(scan.ngrams[index].occurrences)
    if occurrences.updateValue(count, forKey: words) != nil { isRepeated = true }
    predecessors[words] = Int(scan.ngrams[index].predecessors)
    counts[words] = Int(scan.count(index, .continuations))
  }
}

extension [FrequentContext] {
  /// The words of the frequent context number `index` but its first, in the order of the text.
  fileprivate func words(before index: UInt32, _ code: WordCode) -> [UInt32] {
    var words: [UInt32] = []
    var parent = self[Int(index)].parent
    while parent != HistoryBlock.none {
      words.append(code.word(self[Int(parent)].word))
      parent = self[Int(parent)].parent
    }
    return words
  }
}

extension BlockScan {
  /// The words of n-gram `index`, where `before` are the words of the context that all of the
  /// block's end in, but its first.
  func words(ofNGram index: Int, _ code: WordCode, before: [UInt32]) -> [UInt32] {
    var words: [UInt32] = []
    var context = ngrams[index].context
    while context != Self.none {
      words.append(code.word(contextWord[Int(context)]))
      context = contextParent[Int(context)]
    }
    return words + before + [code.word(ngrams[index].word)]
  }
}
