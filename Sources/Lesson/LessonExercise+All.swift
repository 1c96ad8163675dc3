import LanguageModels
import InformationTheory
import Perplexity
import Tokenization

extension LessonExercise {
  /// The exercises of the page, their answers and the figures of mistakes computed.
  ///
  /// - Throws: `FileError`, where the small text of two of them cannot be written.
  static func all(on bench: LessonBench) throws -> [LessonExercise] {
    let sam = try LessonSam(on: bench)
    return [
      try coin(), sam.probabilityExercise, sam.perplexityExercise, try digits(), twoLines(),
      try divergence(), zero(), base(),
    ]
  }

  private static func coin() throws -> LessonExercise {
    let coin = try Distribution([0.9, 0.1])
    let bits = coin.entropyBits
    let nats = CrossEntropyLoss.nats(
      target: coin.probabilities,
      probabilities: coin.probabilities
    )
    let heads = surprisalBits(ofProbability: 0.9)
    let tails = surprisalBits(ofProbability: 0.1)
    return LessonExercise(
      title: "A bent coin",
      task: "A coin falls heads nine times in ten. How much is there to learn from a throw?",
      label: "entropy in bits",
      answer: bits,
      mistakes: [
        Mistake(value: nats, words: "That is in nats: use logarithms to base 2 for bits."),
        Mistake(
          value: heads,
          words: "That is the surprisal of heads alone: tails come too, once in ten throws."
        ),
        Mistake(
          value: heads + tails,
          words: "Weight each surprisal by its probability: 0.9 and 0.1."
        ),
        Mistake(
          value: (heads + tails) / 2,
          words: "That is the plain mean of two surprisals; they do not come equally often."
        ),
        Mistake(
          value: coin.perplexity,
          words: "That is the perplexity, 2 to the entropy: give the exponent."
        ),
        Mistake(value: 1, words: "One bit is a fair coin's. This one is easier to predict."),
      ],
      least: .bits,
      most: Bound(
        value: 1,
        words: "Two outcomes have one bit at most, when they are equally likely."
      ),
      solution: """
        Heads have \(number(heads)) bits and come nine times in ten, tails have \(number(tails)) \
        and come once: 0.9 · \(number(heads)) + 0.1 · \(number(tails)) = \(number(bits)) bits.
        """
    )
  }

  private static func digits() throws -> LessonExercise {
    let model = try Distribution([0.91] + [Double](repeating: 0.01, count: 9))
    let test = try Distribution([0.9, 0, 0, 0.1, 0, 0, 0, 0, 0, 0])
    let bits = test.crossEntropyBits(predictedBy: model)
    let answer = test.perplexity(predictedBy: model)
    let reciprocals = zip(test.probabilities, model.probabilities).reduce(0) {
      $0 + $1.0 / $1.1
    }
    return LessonExercise(
      title: "Zeros and a three",
      task: """
        A model has counted 100 digits: 91 zeros, and each of 1 to 9 once; its probabilities are \
        those shares. The test is 0 0 0 0 0 3 0 0 0 0.
        """,
      label: "perplexity a digit",
      answer: answer,
      mistakes: [
        Mistake(
          value: 1 / answer,
          words: """
            That is the root of the probability; perplexity is one divided by it, and never below 1.
            """
        ),
        Mistake(
          value: reciprocals,
          words: """
            That is the mean of 1/p over the digits. Perplexity is 2 to the mean of log₂ 1/p: take \
            the mean of logarithms.
            """
        ),
        Mistake(
          value: model.perplexity,
          words: """
            That is the model's own perplexity, over digits as it expects them. Weight each digit \
            by how often it comes in the test: nine times and once.
            """
        ),
        Mistake(
          value: 10,
          words: "Ten equally likely digits have perplexity 10. These are not equally likely."
        ),
        Mistake(value: bits, words: "Those are the bits a digit: perplexity is 2 to them."),
      ],
      least: .perplexity,
      solution: """
        Nine zeros have \(number(surprisalBits(ofProbability: 0.91))) bits each, the three has \
        \(number(surprisalBits(ofProbability: 0.01))). The mean over ten digits is \(number(bits)) \
        bits, and 2 to that is \(number(answer)).
        """
    )
  }

  private static func twoLines() -> LessonExercise {
    let first = (tokens: 4.0, bits: 8.0)
    let second = (tokens: 12.0, bits: 48.0)
    let perplexities = [first, second].map { perplexity(ofBits: $0.bits / $0.tokens) }
    let tokens = first.tokens + second.tokens
    let bits = (first.bits + second.bits) / tokens
    let answer = perplexity(ofBits: bits)
    return LessonExercise(
      title: "Two lines together",
      task: """
        A line of 4 tokens has 8 bits in all, so its perplexity is \(number(perplexities[0])). \
        Another of 12 tokens has 48 bits, and a perplexity of \(number(perplexities[1])).
        """,
      label: "perplexity of both lines together",
      answer: answer,
      mistakes: [
        Mistake(
          value: (perplexities[0] + perplexities[1]) / 2,
          words: """
            You averaged perplexities, which is not a perplexity. Add up bits and tokens first, \
            and raise 2 to their ratio last.
            """
        ),
        Mistake(
          value: (first.tokens * perplexities[0] + second.tokens * perplexities[1]) / tokens,
          words: """
            Weighting by tokens is right, but take the mean of bits, not of perplexities.
            """
        ),
        Mistake(
          value: perplexity(
            ofBits: (first.bits / first.tokens + second.bits / second.tokens) / 2
          ),
          words: """
            That gives both lines the same weight. Every token counts once, so the long line counts \
            three times as much.
            """
        ),
        Mistake(
          value: perplexity(ofNats: bits),
          words: "You raised e to bits: bits are exponents of 2."
        ),
        Mistake(value: bits, words: "Those are the bits a token: perplexity is 2 to them."),
      ],
      least: .perplexity,
      solution: """
        Together \(number(first.bits + second.bits)) bits over \(number(tokens)) tokens, \
        \(number(bits)) bits a token, and 2 to that is \(number(answer)).
        """
    )
  }

  private static func divergence() throws -> LessonExercise {
    let truth = try Distribution([0.75, 0.25])
    let model = Distribution(uniformOver: 2)
    let answer = truth.divergenceBits(from: model)
    let cross = truth.crossEntropyBits(predictedBy: model)
    let nats =
      CrossEntropyLoss.nats(target: truth.probabilities, probabilities: model.probabilities)
      - CrossEntropyLoss.nats(target: truth.probabilities, probabilities: truth.probabilities)
    return LessonExercise(
      title: "What a wrong belief costs",
      task: """
        It rains on three days of four: P = (3/4, 1/4). A forecast gives both the same probability, \
        Q = (1/2, 1/2). How many bits a day does it lose, D(P‖Q)?
        """,
      label: "divergence in bits",
      answer: answer,
      mistakes: [
        Mistake(
          value: model.divergenceBits(from: truth),
          words: """
            That is D(Q‖P), the reverse. The days follow P, so weight the terms by P.
            """
        ),
        Mistake(
          value: cross,
          words: """
            That is the cross-entropy H(P, Q), the whole cost. Subtract H(P), which the best \
            forecast pays too.
            """
        ),
        Mistake(
          value: truth.entropyBits,
          words: "That is H(P), which every forecast pays. The loss is the cost above it."
        ),
        Mistake(value: nats, words: "That is in nats: use logarithms to base 2 for bits."),
        Mistake(
          value: truth.jensenShannonBits(to: model),
          words: "That is the Jensen-Shannon divergence, from the mean of P and Q."
        ),
      ],
      least: .bits,
      solution: """
        H(P, Q) is \(number(cross)) bit, as each day has one under Q; H(P) is \
        \(number(truth.entropyBits)). D(P‖Q) is their difference: \(number(answer)) bits.
        """
    )
  }

  private static func zero() -> LessonExercise {
    let possible = [0.5, 0.25, 0.5]
    let bits = possible.reduce(0) { $0 + surprisalBits(ofProbability: $1) }
    let impossible = surprisalBits(ofProbability: 0)
    return LessonExercise(
      title: "An impossible token",
      task: "A model gave the four tokens of a text the probabilities 1/2, 1/4, 0 and 1/2.",
      label: "perplexity",
      answer: perplexity(ofBits: (bits + impossible) / 4),
      mistakes: [
        Mistake(
          value: perplexity(ofBits: bits / 3),
          words: """
            You left out the token of probability zero. It happened, although the model thought it \
            was impossible; the text still has four tokens.
            """
        ),
        Mistake(
          value: perplexity(ofBits: bits / 4),
          words: """
            You counted the token of probability zero as if it cost nothing: its logarithm is minus \
            infinity, not 0.
            """
        ),
        Mistake(
          value: 0,
          words: "The probability of the text is 0; its perplexity is one divided by its root."
        ),
      ],
      least: .perplexity,
      solution: """
        The product of the four is 0, and one divided by its root is infinite. No number of good \
        guesses makes up for one event that the model thought was impossible.
        """
    )
  }

  private static func base() -> LessonExercise {
    let bits = 4.257
    let answer = perplexity(ofBits: bits)
    return LessonExercise(
      title: "In which base?",
      task: "A program reports a cross-entropy of 4.257 bits a token.",
      label: "perplexity",
      answer: answer,
      mistakes: [
        Mistake(
          value: perplexity(ofNats: bits),
          words: "You raised e to it, as if it were nats. Bits are exponents of 2."
        ),
        Mistake(
          value: 1 / LogProbability(log10: -bits).probability,
          words: "You raised 10 to it. Bits are exponents of 2."
        ),
        Mistake(
          value: perplexity(ofBits: bits / bitsPerNat),
          words: """
            You turned the bits into nats, \(number(bits / bitsPerNat)), and raised 2 to them. \
            Nats are exponents of e.
            """
        ),
        Mistake(
          value: bits / bitsPerNat,
          words: "Those are nats: the answer is e to that, or 2 to the bits."
        ),
        Mistake(value: 1 / answer, words: "That is the mean probability: one divided by it."),
      ],
      least: .perplexity,
      solution: """
        2 to 4.257 is \(number(answer)). The same as nats: 4.257 / \(number(bitsPerNat)) = \
        \(number(bits / bitsPerNat)), and e to that is \
        \(number(perplexity(ofNats: bits / bitsPerNat))).
        """
    )
  }
}
