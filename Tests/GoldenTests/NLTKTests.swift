import Files
import Foundation
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// NLTK 3.10.4's probabilities of n-grams, two hundred sentences of training.
///
/// Four definitions differ from ours, and each test says how its numbers are carried over:
///
/// - NLTK's V = 1,241 counts `<s>`, which is never predicted: ours is 1,240.
/// - Its unigrams count `<s>` too: N is larger by the number of sentences (200 at order 2), and
///   p(w) = c(w)/N is smoothed with nothing, so unseen words have probability zero.
/// - It pads with order − 1 symbols on both sides: `<s> <s> it` is our `<s> it`.
/// - Out-of-vocabulary words are `<UNK>` with count zero, also inside contexts.
@Suite struct NLTKTests {
  /// Lends the two hundred sentences of training.
  static func data() throws -> TrainingData {
    let text = try String(
      contentsOfFile: PackageFolder.corpora + "/stories/train.txt",
      encoding: .utf8
    )
    let sentences = text.split(separator: "\n").prefix(200).map { $0 + "\n" }
    return try withTemporaryFile(sentences.joined()) { try Pair(training: [$0], test: []).data() }
  }

  /// NLTK's probability of an n-gram.
  struct Score {
    var context: [TokenID]
    var word: TokenID
    var probability: Double
  }

  /// The text counted, and NLTK's figures for one method.
  struct Comparison {
    var data: TrainingData
    var scores: [Score]
    var counts: [[TokenID]: Int] = [:]
    /// For each context, how often it is followed and by how many different words.
    var contexts: [[TokenID]: (total: Int, types: Int)] = [:]
    /// The sentences, and NLTK's number of unigrams.
    var sentences = 200
    var unigrams = 0

    init(_ name: String, order: Int) throws {
      data = try NLTKTests.data()
      let vocabulary = data.vocabulary
      let table = try Golden.table(
        "\(PackageFolder.golden)/nltk/\(order == 2 ? "bigrams" : "trigrams").tsv"
      )
      let column = try #require(table[0].firstIndex(of: name))
      scores = table.dropFirst().compactMap { fields in
        guard let probability = Double(fields[column]) else { return nil }
        var tokens = fields[0].split(separator: " ").map { vocabulary[String($0)] }
        while tokens.count > 1 && tokens[0] == .beginSentence && tokens[1] == .beginSentence {
          tokens.removeFirst()
        }
        // </s> before anything is NLTK's padding.
        guard let word = tokens.popLast(), !tokens.contains(.endSentence) else { return nil }
        return Score(context: tokens, word: word, probability: probability)
      }
      let tokens = (0..<data.text.count).map { TokenID(data.text.tokens[$0]) }
      for (index, token) in tokens.enumerated() where token != .beginSentence {
        for length in 1...order where index - length + 1 >= 0 {
          let ngram = Array(tokens[(index - length + 1)...index])
          if ngram.dropFirst().contains(.beginSentence) { break }
          counts[ngram, default: 0] += 1
          let context = Array(ngram.dropLast())
          contexts[context, default: (0, 0)].total += 1
          if counts[ngram] == 1 { contexts[context, default: (0, 0)].types += 1 }
        }
      }
      unigrams = tokens.count
      #expect(tokens.count { $0 == .beginSentence } == sentences)
      #expect(scores.count > 50)
    }

    func count(_ score: Score) -> Int { counts[score.context + [score.word], default: 0] }

    func model(_ method: Method, order: Int) throws -> NGramModel {
      try Pair(training: [], test: []).model(data, method, order: order)
    }
  }

  /// p = (c + α) / (c(h) + αV), so with V − 1 for V the inverse is smaller by α / (c + α).
  @Test(
    arguments: [("Laplace", 1.0), ("Lidstone0.1", 0.1)],
    [2, 3]
  )
  func `additive smoothing is Laplace's and Lidstone's`(
    named method: (name: String, alpha: Double),
    order: Int
  ) throws {
    let nltk = try Comparison(method.name, order: order)
    let model = try nltk.model(Method(name: .additive, alpha: method.alpha), order: order)
    #expect(nltk.data.vocabulary.count == 1241)
    for score in nltk.scores {
      let share = method.alpha / (Double(nltk.count(score)) + method.alpha)
      let expected = 1 / (1 / score.probability - share)
      expect(model, score, expected)
    }
  }

  /// Where the context was seen.
  ///
  /// Elsewhere NLTK has 0, and ours the shorter context's frequency.
  @Test(arguments: [2, 3])
  func `maximum likelihood is NLTK's`(order: Int) throws {
    let nltk = try Comparison("MLE", order: order)
    let model = try nltk.model(Method(name: .maximumLikelihood), order: order)
    for score in nltk.scores {
      if nltk.contexts[score.context] == nil {
        #expect(score.probability == 0)
      } else {
        expect(model, score, score.probability)
      }
    }
  }

  /// A unigram's relative frequency is 200 sentences short in NLTK: N + 200 for N.
  @Test func `stupid back-off is NLTK's`() throws {
    let nltk = try Comparison("StupidBackoff(0.4)", order: 2)
    let model = try nltk.model(Method(name: .stupidBackOff), order: 2)
    for score in nltk.scores {
      let isSeen = nltk.count(score) > 0
      let factor =
        isSeen ? 1 : Double(nltk.unigrams) / Double(nltk.unigrams - nltk.sentences)
      expect(model, score, score.probability * factor)
    }
  }

  /// p(w | h) = own + γ p(w): own and γ are the same, NLTK's p(w) = c(w)/N has `<s>` in N and no
  /// share of the uniform distribution; so the figures differ by γ times the difference of p(w).
  @Test func `interpolated Witten-Bell is NLTK's above the unigrams`() throws {
    let nltk = try Comparison("WittenBellInterpolated", order: 2)
    try expectBigrams(
      nltk,
      Method(name: .wittenBell),
      { nltk, word in
        Double(nltk.counts[[word], default: 0]) / Double(nltk.unigrams)
      }
    ) { total, types in Double(types) / Double(total + types) }
  }

  /// As Witten-Bell's, with γ = 0.75 · types / c(h).
  @Test func `interpolated absolute discounting is NLTK's above the unigrams`() throws {
    let nltk = try Comparison("AbsoluteDiscountingInterpolated(0.75)", order: 2)
    try expectBigrams(
      nltk,
      Method(name: .absoluteDiscounting, discount: 0.75),
      { nltk, word in
        Double(nltk.counts[[word], default: 0]) / Double(nltk.unigrams)
      }
    ) { total, types in 0.75 * Double(types) / Double(total) }
  }

  /// The same, where NLTK's p(w) is the number of words before w over that of all bigrams.
  @Test func `interpolated Kneser-Ney is NLTK's above the unigrams`() throws {
    let nltk = try Comparison("KneserNeyInterpolated(0.75)", order: 2)
    let bigrams = nltk.counts.keys.filter { $0.count == 2 }
    var predecessors: [TokenID: Int] = [:]
    for bigram in bigrams { predecessors[bigram[1], default: 0] += 1 }
    try expectBigrams(
      nltk,
      Method(name: .kneserNey, discount: 0.75),
      { _, word in
        Double(predecessors[word, default: 0]) / Double(bigrams.count)
      }
    ) { total, types in 0.75 * Double(types) / Double(total) }
  }

  /// Holds bigrams against NLTK's, which have `unigram` for our own unigrams.
  private func expectBigrams(
    _ nltk: Comparison,
    _ method: Method,
    _ unigram: (Comparison, TokenID) -> Double,
    weight: (Int, Int) -> Double
  ) throws {
    let model = try nltk.model(method, order: 2)
    let ours = model.distribution(after: [])
    for score in nltk.scores {
      let own = ours[score.word.index]
      let lower = unigram(nltk, score.word)
      // Without a context seen, only the unigrams are left.
      let share = nltk.contexts[score.context].map { weight($0.total, $0.types) } ?? 1
      expect(model, score, score.probability + share * (own - lower))
    }
  }

  private func expect(_ model: NGramModel, _ score: Score, _ expected: Double) {
    let tokens = score.context + [score.word]
    var scores = [TokenScore](repeating: .certain, count: 1)
    var span = scores.mutableSpan
    model.score(tokens.span, (tokens.count - 1)..<tokens.count, into: &span)
    let found = scores[0].logProbability.probability
    // NLTK's figures are printed with twelve digits, ours are stored with seven.
    #expect(
      abs(found - expected) <= 2e-7 * max(expected, 1e-3),
      "\(tokens.map { $0.isOutOfVocabulary ? "?" : model.vocabulary[$0] }): NLTK \(score.probability)"
    )
  }
}
