import Files
import Foundation
@testable import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// A row of KenLM's with n-grams left out, and what was asked for.
struct PruningCase: Sendable, CustomTestStringConvertible {
  var name: String
  var order: Int
  var thresholds: [Int] = []
  /// The number of the most frequent words that the vocabulary was limited to; all where nil.
  var wordCount: Int?

  var testDescription: String { "\(name) order \(order)" }

  /// lmplz's `--prune` and `--limit_vocab_file`.
  static let brown = [
    PruningCase(name: "brown.prune001", order: 3, thresholds: [0, 0, 1]),
    PruningCase(name: "brown.prune01", order: 3, thresholds: [0, 1]),
    PruningCase(name: "brown.prune0012", order: 5, thresholds: [0, 0, 1, 1, 2]),
    PruningCase(name: "brown.limit10k", order: 3, wordCount: 10000),
  ]

  static let corpora = [
    PruningCase(name: "corpora.prune001", order: 3, thresholds: [0, 0, 1]),
    PruningCase(name: "corpora.prune01", order: 3, thresholds: [0, 1]),
    PruningCase(name: "corpora.prune0012", order: 5, thresholds: [0, 0, 1, 1, 2]),
    PruningCase(name: "corpora.limit1k", order: 3, wordCount: 1000),
  ]

  func row() throws -> KenLMRow { try KenLMRow.golden(name, order: order) }

  /// The words of `data` that the row's vocabulary has: the most frequent, of equals the first in the
  /// order of their bytes.
  ///
  /// The list itself is not kept; any other order of equals gives other counts than the row's.
  func words(of data: TrainingData) -> [UInt32] {
    let all = UInt32(3)..<UInt32(data.vocabulary.count)
    guard let wordCount else { return Array(all) }
    var counts = [Int](repeating: 0, count: data.vocabulary.count)
    for index in 0..<data.text.count { counts[Int(data.text.tokens[index])] += 1 }
    let spelling = all.map { Array(data.vocabulary[TokenID($0)].utf8) }
    let sorted = all.sorted { left, right in
      if counts[Int(left)] != counts[Int(right)] { return counts[Int(left)] > counts[Int(right)] }
      return spelling[Int(left) - 3].lexicographicallyPrecedes(spelling[Int(right) - 3])
    }
    return Array(sorted.prefix(wordCount))
  }
}

extension PruningCase {
  /// Holds the model of `pair` against the row.
  func expectKenLM(_ pair: Pair) throws {
    let row = try row()
    let data = try pair.data()
    guard wordCount != nil else { return try expectKenLM(row, pair, data) }
    let words = words(of: data).map { data.vocabulary[TokenID($0)] + "\n" }
    try withTemporaryFile(words.joined()) { list in
      var pair = pair
      pair.vocabulary = list
      try expectKenLM(row, pair, pair.data())
    }
  }

  private func expectKenLM(_ row: KenLMRow, _ pair: Pair, _ data: TrainingData) throws {
    let method = Method(name: .modifiedKneserNey, prune: thresholds)
    let model = try pair.model(data, method, order: order)
    #expect(model.description.ngramCounts == row.ngramCounts)
    #expect(model.description.countedNGrams == row.countedNGrams)
    row.expectDiscounts(of: model)
    row.expect(try pair.evaluation(of: model), within: 1e-6)
    #expect(model.sumDistributions(atLeast: 100).worstDeviation < 1e-6)
  }
}

/// Cut-offs and a limited vocabulary are KenLM's, number by number.
@Suite(.serialized) struct PruningTests {
  static let isWanted = Golden.hasBrown && (!Golden.isDebug || Golden.wantsAll)
  static let comment: Comment =
    "needs the golden values and a release build, or PERPLEX_GOLDEN_ALL"

  /// What is pruned gives all its count to the shorter context, and nothing else changes.
  @Test(.enabled(if: isWanted, comment), arguments: PruningCase.brown)
  func `the rule in dictionaries has KenLM's counts and perplexities`(example: PruningCase) throws {
    let row = try example.row()
    let data = try Pair.brown.data()
    let words = Set(example.words(of: data))
    var settings = PlainNGramModel.Settings(
      .modifiedKneserNey,
      typeCount: data.vocabulary.count
    )
    settings.cutoffs = example.thresholds
    settings.dropped = Set(UInt32(3)..<UInt32(data.vocabulary.count)).subtracting(words)
    let model = PlainNGramModel(PlainCounts(data, order: example.order), settings)
    #expect(model.ngramCounts == row.ngramCounts)
    let tokens = try Pair.brown.testTokens(data.vocabulary).map {
      $0.index < 3 || words.contains(UInt32($0.index)) ? $0 : .outOfVocabulary
    }
    #expect(tokens.count { $0.isOutOfVocabulary } == row.outOfVocabulary)
    #expect(isClose(model.perplexity(tokens, countsUnknown: true), row.perplexity, within: 1e-6))
    #expect(
      isClose(model.perplexity(tokens), row.perplexityExcludingOutOfVocabulary, within: 1e-6)
    )
  }
  /// SRILM leaves out trigrams and longer that occur once, unless told otherwise.
  ///
  /// Its back-off forms follow the same rule. Two things do not, and are KenLM's way here: Kneser-Ney
  /// is cut by occurrences, not by continuation counts; and in interpolated forms what is pruned adds
  /// to the share of seen n-grams too. (At order 3 that is 262.65 for SRILM's 262.37.)
  @Test(.enabled(if: isWanted, comment), arguments: Golden.wantsAll ? [3, 4, 5] : [3])
  func `the rule in dictionaries has SRILM's perplexities of back-off forms`(order: Int) throws {
    let data = try Pair.brown.data()
    let counts = PlainCounts(data, order: order)
    let tokens = try Pair.brown.testTokens(data.vocabulary)
    for row in try SRILMTests.golden("brown", hasCutoffs: true) where row.order == order {
      guard ["wb", "cd", "add1", "add01"].contains(row.name) else { continue }
      var settings = PlainNGramModel.Settings(
        try #require(SRILMMethod.all[row.name]?.twin),
        usesBackOff: true,
        typeCount: data.vocabulary.count
      )
      settings.followsSRILM = true
      settings.cutoffs = [0, 0, 1]
      let found = PlainNGramModel(counts, settings).perplexity(tokens)
      #expect(
        isClose(found, row.perplexity, within: 2e-6),
        "\(row.name): SRILM \(row.perplexity), twin \(found)"
      )
    }
  }
  @Test(.enabled(if: isWanted, comment), arguments: PruningCase.brown)
  func `Brown has KenLM's counts, discounts and perplexities`(example: PruningCase) throws {
    try example.expectKenLM(.brown)
  }

  /// As unpruned, V is one smaller than KenLM's: see ``KenLMTests``.
  @Test(
    .enabled(if: Golden.hasPennTreebank, Golden.treebankComment)
  )
  func `the Penn Treebank has KenLM's perplexity`() throws {
    let folder = try #require(Golden.pennTreebank)
    let pair = Pair(training: [folder + "/ptb.train.txt"], test: [folder + "/ptb.test.txt"])
    let row = try KenLMRow.golden("ptb.prune001", order: 3)
    let method = Method(name: .modifiedKneserNey, prune: [0, 0, 1])
    let model = try pair.model(pair.data(), method, order: 3)
    #expect(model.description.ngramCounts.dropFirst() == row.ngramCounts.dropFirst())
    #expect(isClose(try pair.evaluation(of: model).perplexity, row.perplexity, within: 1e-4))
  }

  /// A pruned model of KenLM's as a file, and how it was made.
  struct File: Sendable, CustomTestStringConvertible {
    var name: String
    var order: Int
    var thresholds: [Int] = []
    var vocabulary: String?

    var testDescription: String { name }

    static let all = [
      File(name: "small.3.prune01", order: 3, thresholds: [0, 1]),
      File(name: "small.3.prune001", order: 3, thresholds: [0, 0, 1]),
      File(name: "small.3.limitvocab", order: 3, vocabulary: "small.vocab40.txt"),
    ]
  }

  /// KenLM's files have seven digits, and its arithmetic 24 bits.
  @Test(arguments: File.all)
  func `every token has the probability that KenLM's model gives it`(file: File) throws {
    var pair = Pair.small
    pair.vocabulary = file.vocabulary.map { "\(PackageFolder.golden)/\($0)" }
    let method = Method(name: .modifiedKneserNey, prune: file.thresholds)
    let model = try pair.model(pair.data(), method, order: file.order)
    let theirs = try ModelFile.openNGrams("\(PackageFolder.golden)/kenlm/\(file.name).arpa")
    #expect(model.description.ngramCounts == theirs.description.ngramCounts)
    let (found, expected) = (try scores(model, pair), try scores(theirs, pair))
    #expect(found.count == expected.count)
    for (index, (found, expected)) in zip(found, expected).enumerated() {
      #expect(found.matchedLength == expected.matchedLength, "token \(index)")
      let difference = found.logProbability.log10 - expected.logProbability.log10
      #expect(abs(difference) < 2e-6, "token \(index)")
    }
  }

  private func scores(_ model: NGramModel, _ pair: Pair) throws -> [TokenScore] {
    let tokens = try pair.testTokens(model.vocabulary)
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var span = scores.mutableSpan
    model.score(tokens.span, 0..<tokens.count, into: &span)
    return scores
  }

  /// V is one larger than SRILM's, which shows in additive smoothing.
  @Test(.enabled(if: isWanted, comment), arguments: [3, 5])
  func `Brown has SRILM's perplexities of back-off forms`(order: Int) throws {
    let data = try Pair.brown.data()
    for row in try SRILMTests.golden("brown", hasCutoffs: true) where row.order == order {
      guard ["wb", "cd", "add1", "add01", "gt"].contains(row.name) else { continue }
      var method = try #require(SRILMMethod.all[row.name]).method
      method.prune = [0, 0, 1]
      let model = try Pair.brown.model(data, method, order: order)
      let found = try Pair.brown.evaluation(of: model).perplexityExcludingOutOfVocabulary
      #expect(
        isClose(found, row.perplexity, within: row.name.hasPrefix("add") ? 2e-5 : 2e-6),
        "\(row.name): \(found), SRILM \(row.perplexity)"
      )
    }
  }
}
