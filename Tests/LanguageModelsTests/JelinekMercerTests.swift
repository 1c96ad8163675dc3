import Files
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// Expectation-maximisation held against a plain twin that keeps every likelihood.
@Suite struct JelinekMercerTests {
  static let training = randomText(words: 12, lines: 150, seed: 8)
  static let heldOut = randomText(words: 14, lines: 60, seed: 9)

  @Test(arguments: [1, 2, 3, 5])
  func `no step of the fit lowers the likelihood`(order: Int) throws {
    let data = try Recipe(order: order).data(Self.training, heldOut: Self.heldOut)
    let text = try #require(data.tuningText)
    var notes: [String] = []
    let fitted = try InterpolationWeights(
      text,
      vocabularySize: data.vocabulary.count,
      order: order,
      threads: 2
    ).fit(notes: &notes)
    #expect(notes.isEmpty)

    let twin = PlainInterpolation(text, order: order, vocabularySize: data.vocabulary.count)
    let steps = twin.fit()
    for (step, next) in zip(steps, steps.dropFirst()) {
      #expect(next.likelihood >= step.likelihood - 1e-9 * abs(step.likelihood))
    }
    #expect(steps.count > 3)
    // The model's evidence is stored in 24 bits.
    for (level, expected) in try #require(steps.last).weights.enumerated() {
      for bucket in twin.reachedBuckets(level) {
        #expect(abs(fitted[level][bucket] - expected[bucket]) < 1e-4)
      }
    }
  }

  @Test(arguments: [1, 3])
  func `contexts larger than any of the fit have the weight of the largest in it`(
    order: Int
  ) throws {
    // Of 2,100 tokens a tenth is held out: the rest is below 2,048, the whole is not.
    let text = (0..<300).map { "w\($0 % 7) w\($0 % 5) w\($0 % 3) a b c\n" }.joined()
    let data = try Recipe(order: order).data(text)
    var notes: [String] = []
    let weights = try InterpolationWeights(
      data.text,
      vocabularySize: data.vocabulary.count,
      order: order,
      threads: 1
    ).fit(notes: &notes)
    let bucket = JelinekMercer.bucket(2100)
    #expect(bucket == JelinekMercer.bucket(1890) + 1)
    #expect(weights[0][bucket] == weights[0][bucket - 1])
    #expect(weights[0][bucket] != 0.5, "that of no fit")
    let twin = PlainInterpolation(
      try TrainingText(holdingOutEvery: 10, of: data.text),
      order: order,
      vocabularySize: data.vocabulary.count
    )
    for level in 0..<order {
      let reached = twin.reachedBuckets(level)
      for bucket in weights[level].indices {
        let nearest = reached.last { $0 <= bucket } ?? reached.first
        #expect(weights[level][bucket] == weights[level][try #require(nearest)])
      }
    }
  }

  @Test func `the model is the weighted mean of its orders`() throws {
    let recipe = Recipe(method: .jelinekMercer, order: 2)
    let model = try recipe.model(Self.training, heldOut: Self.heldOut)
    let data = try recipe.data(Self.training)
    let counts = PlainCounts((0..<data.text.count).map { data.text.tokens[$0] }, order: 2)
    let weights = model.description.discounts
    let total = counts.occurrences.filter { $0.key.count == 1 }.values.reduce(0, +)
    let context = model.vocabulary["w1"].rawValue
    let contextTotal =
      counts.occurrences.filter { $0.key.count == 2 && $0.key[0] == context }.values.reduce(0, +)
    for word in ["w0", "w2", "w11", "</s>", "<unk>"] {
      let token = model.vocabulary[word].rawValue
      let first = weights[0][JelinekMercer.bucket(UInt64(total))]
      let second = weights[1][JelinekMercer.bucket(UInt64(contextTotal))]
      let unigram =
        first * Double(counts.occurrences[[token], default: 0]) / Double(total)
        + (1 - first) / Double(model.vocabulary.count - 1)
      let bigram =
        second * Double(counts.occurrences[[context, token], default: 0]) / Double(contextTotal)
        + (1 - second) * unigram
      #expect(isClose(model.probability(word, after: "w1"), bigram, within: 1e-6), "\(word)")
    }
  }

  @Test func `without held-out text one sequence in ten is held out`() throws {
    let data = try Recipe().data(Self.training)
    let text = try TrainingText(holdingOutEvery: 10, of: data.text)
    #expect(text.hasHeldOut)
    var sequence = -1
    for index in 0..<text.count {
      let isBegin = text.tokens[index] == TokenID.beginSentence.rawValue
      if isBegin { sequence += 1 }
      #expect((text.weight(index) == 0) == (sequence % 10 == 9 && !isBegin))
    }
  }

  @Test func `a text too short to hold anything out has even weights`() throws {
    let model = try Recipe(method: .jelinekMercer, order: 2).model("a b a\n")
    #expect(model.description.discounts == [[Double]](repeating: evenWeights, count: 2))
    #expect(
      model.description.notes == [
        "the text is too short to hold any of it out, so every weight is 0.5"
      ]
    )
  }

  private var evenWeights: [Double] {
    [Double](repeating: 0.5, count: JelinekMercer.bucketCount)
  }
}

/// The fit with dictionaries, in the form of Jelinek and Mercer's paper.
struct PlainInterpolation {
  /// The weights before a step, and the held-out text's log-likelihood under them.
  struct Step {
    var weights: [[Double]]
    var likelihood: Double
  }

  private let order: Int
  private let uniform: Double
  /// For each held-out token, at each order, the relative frequency and the context's bucket.
  private var events: [[(frequency: Double, bucket: Int?)]] = []

  init(_ text: TrainingText, order: Int, vocabularySize: Int) {
    self.order = order
    uniform = 1 / Double(vocabularySize - 1)
    let tokens = (0..<text.count).map { text.tokens[$0] }
    let begin = TokenID.beginSentence.rawValue
    let trained = (0..<text.count).filter { text.weight($0) == 1 }
    let counts = PlainCounts(trained.map { tokens[$0] }, order: order)
    var totals: [[UInt32]: Int] = [:]
    for (ngram, count) in counts.occurrences {
      totals[Array(ngram.dropLast()), default: 0] += count
    }
    for index in tokens.indices where text.weight(index) == 0 && tokens[index] != begin {
      var event: [(frequency: Double, bucket: Int?)] = []
      for length in 0..<order {
        let start = index - length
        let isCut = start < 0 || tokens[(start + 1)..<max(start + 1, index)].contains(begin)
        let history = isCut ? [] : Array(tokens[start..<index])
        let total = isCut ? 0 : totals[history, default: 0]
        let count = counts.occurrences[history + [tokens[index]], default: 0]
        event.append(
          total == 0
            ? (0, nil)
            : (Double(count) / Double(total), JelinekMercer.bucket(UInt64(total)))
        )
      }
      events.append(event)
    }
  }

  /// The buckets that any held-out token's context at an order is in, ascending.
  func reachedBuckets(_ level: Int) -> [Int] {
    Set(events.compactMap { $0[level].bucket }).sorted()
  }

  /// All steps from even weights on, until the likelihood grows by less than 1e-7 of itself.
  func fit() -> [Step] {
    var weights = [[Double]](
      repeating: [Double](repeating: 0.5, count: JelinekMercer.bucketCount),
      count: order
    )
    var steps: [Step] = []
    while steps.count < 100 {
      let (next, likelihood) = improved(weights)
      weights = next
      let previous = steps.last?.likelihood ?? -.infinity
      steps.append(Step(weights: weights, likelihood: likelihood))
      if likelihood - previous < 1e-7 * abs(likelihood) { break }
    }
    return steps
  }

  private func improved(_ weights: [[Double]]) -> ([[Double]], Double) {
    var stayed = weights.map { $0.map { _ in 0.0 } }
    var reached = stayed
    var likelihood = 0.0
    for event in events {
      // p of each order, order 0 the uniform distribution.
      var probability = [uniform]
      for (level, (frequency, bucket)) in event.enumerated() {
        let weight = bucket.map { weights[level][$0] } ?? 0
        probability.append(weight * frequency + (1 - weight) * probability[level])
      }
      likelihood += LogProbability(of: probability[order]).nats
      // The chance that the token was drawn below an order, given that it came out.
      var share = 1.0
      for level in (0..<order).reversed() {
        guard let bucket = event[level].bucket else { continue }
        let drawn = weights[level][bucket] * event[level].frequency / probability[level + 1]
        reached[level][bucket] += share
        stayed[level][bucket] += share * drawn
        share *= 1 - drawn
      }
    }
    var result = weights
    for level in weights.indices {
      for bucket in weights[level].indices where reached[level][bucket] > 0 {
        result[level][bucket] =
          min(0.9999, max(0.0001, stayed[level][bucket] / reached[level][bucket]))
      }
    }
    return (result, likelihood)
  }
}
