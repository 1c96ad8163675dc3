import Files
import Foundation
@testable import LanguageModels
import Perplexity
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
    let model = PlainModel(
      PlainCounts(data, order: example.order),
      .modifiedKneserNey,
      isInterpolated: true,
      customs: PlainModel.Customs(vocabularySize: words.count + 2, disablesInterpolation: false),
      pruning: PlainModel.Pruning(
        thresholds: example.thresholds,
        dropped: Set(UInt32(3)..<UInt32(data.vocabulary.count)).subtracting(words)
      )
    )
    #expect(model.ngramCounts == row.ngramCounts)
    let tokens = try Pair.brown.testTokens(data.vocabulary).map {
      $0.index < 3 || words.contains(UInt32($0.index)) ? $0 : .outOfVocabulary
    }
    #expect(tokens.count { $0.isOutOfVocabulary } == row.outOfVocabulary)
    #expect(agree(model.perplexity(tokens, countsUnknown: true), row.perplexity, within: 1e-6))
    #expect(
      agree(model.perplexity(tokens), row.perplexityExcludingOutOfVocabulary, within: 1e-6)
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
      let twin = PlainModel(
        counts,
        try #require(SRILMMethod.all[row.name]?.twin),
        isInterpolated: false,
        customs: PlainModel.Customs(
          vocabularySize: data.vocabulary.count - 2,
          disablesInterpolation: true
        ),
        pruning: PlainModel.Pruning(thresholds: [0, 0, 1])
      )
      let found = twin.perplexity(tokens)
      #expect(
        agree(found, row.perplexity, within: 2e-6),
        "\(row.name): SRILM \(row.perplexity), twin \(found)"
      )
    }
  }
  @Test(.enabled(if: isWanted, comment), arguments: PruningCase.brown)
  func `Brown has KenLM's counts, discounts and perplexities`(example: PruningCase) throws {
    var pair = Pair.brown
    var data = try pair.data()
    if example.wordCount != nil {
      let list = FileManager.default.temporaryDirectory
        .appending(path: "perplex-test-\(UUID().uuidString).txt")
      let words = example.words(of: data).map { data.vocabulary[TokenID($0)] + "\n" }
      try Data(words.joined().utf8).write(to: list)
      defer { try? FileManager.default.removeItem(at: list) }
      pair.vocabulary = list.path
      data = try pair.data()
    }
    let method = Method(name: .modifiedKneserNey, prune: example.thresholds)
    let model = try pair.model(data, method, order: example.order)
    let row = try example.row()
    #expect(model.description.ngramCounts == row.ngramCounts)
    #expect(model.description.countedNGrams == row.countedNGrams)
    row.expectDiscounts(of: model)
    row.expect(try pair.evaluation(of: model), within: 1e-6)
    #expect(model.sumDistributions(atLeast: 100).worstDeviation < 1e-6)
  }

  /// As unpruned, V is one smaller than KenLM's: see ``KenLMTests``.
  @Test(
    .enabled(if: Golden.hasPennTreebank, "needs ptb.train.txt and ptb.test.txt in PERPLEX_PTB")
  )
  func `the Penn Treebank has KenLM's perplexity`() throws {
    let folder = try #require(Golden.pennTreebank)
    let pair = Pair(training: [folder + "/ptb.train.txt"], test: [folder + "/ptb.test.txt"])
    let row = try KenLMRow.golden("ptb.prune001", order: 3)
    let method = Method(name: .modifiedKneserNey, prune: [0, 0, 1])
    let model = try pair.model(pair.data(), method, order: 3)
    #expect(model.description.ngramCounts.dropFirst() == row.ngramCounts.dropFirst())
    #expect(agree(try pair.evaluation(of: model).perplexity, row.perplexity, within: 1e-4))
  }

  /// A pruned model of KenLM's as a file, and how it was made.
  struct File: Sendable, CustomTestStringConvertible {
    var name: String
    var order: Int
    var thresholds: [Int] = []
    var vocabulary: String?

    var testDescription: String { name }

    static let all = [
      File(name: "tiny.3.prune01", order: 3, thresholds: [0, 1]),
      File(name: "tiny.3.prune001", order: 3, thresholds: [0, 0, 1]),
      File(name: "tiny.3.limitvocab", order: 3, vocabulary: "tiny.vocab60.txt"),
      File(name: "small.4.prune", order: 4, thresholds: [0, 0, 1, 2]),
    ]
  }

  /// KenLM's files have seven digits, and its arithmetic 24 bits.
  @Test(.enabled(if: Golden.hasSmall, Golden.comment), arguments: File.all)
  func `every token has the probability that KenLM's model gives it`(file: File) throws {
    let folder = "\(Golden.values ?? "")/kenlm/"
    let text = folder + file.name.prefix { $0 != "." }
    var pair = Pair(training: [text + ".train.txt"], test: [text + ".test.txt"])
    pair.vocabulary = file.vocabulary.map { folder + $0 }
    let method = Method(name: .modifiedKneserNey, prune: file.thresholds)
    let model = try pair.model(pair.data(), method, order: file.order)
    let theirs = try ModelFile.openNGrams(folder + file.name + ".arpa")
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
        agree(found, row.perplexity, within: row.name.hasPrefix("add") ? 2e-5 : 2e-6),
        "\(row.name): \(found), SRILM \(row.perplexity)"
      )
    }
  }
}
