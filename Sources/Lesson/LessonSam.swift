import Tokenization
import InformationTheory
import LanguageModels
import Perplexity

/// A bigram model of three short lines, small enough to be worked out by hand.
///
/// (The lines are those of Jurafsky and Martin, *Speech and Language Processing*, chapter 3.)
struct LessonSam {
  static let lines = ["I am Sam", "Sam I am", "I do not like green eggs and ham"]

  /// The evaluation of the model on the first line.
  private let evaluation: Evaluation
  /// The surprisal in bits of its three words and of its end.
  private let bits: [Double]
  /// The evaluation of a model of single words on it.
  private let unigrams: Evaluation

  /// Trains the model.
  ///
  /// - Throws: `FileError`.
  init(on bench: LessonBench) throws {
    let source = try bench.text(Self.lines.joined(separator: "\n") + "\n", named: "sam.txt")
    let line = try bench.text(Self.lines[0] + "\n", named: "line.txt")
    let data = try bench.data(.init(tokenizer: .whitespace), from: source)
    let model = try bench.model(of: data, order: 2, .maximumLikelihood)
    var bits: [Double] = []
    evaluation = try bench.evaluation(of: model, on: line) { part in
      for (token, score) in zip(part.encoded.tokens, part.scores) where token != .beginSentence {
        bits.append(score.surprisalBits)
      }
    }
    self.bits = bits
    unigrams = try bench.evaluation(
      of: try bench.model(of: data, order: 1, .maximumLikelihood),
      on: line
    )
  }

  private var totalBits: Double { evaluation.total.surprisalBits }
  private var wordBits: Double { bits.dropLast().reduce(0, +) }

  private var given: String {
    """
    A bigram model without smoothing has counted three lines, each between <s> and </s>: \
    \(Self.lines.map { "“\($0)”" }.joined(separator: ", ")).
    """
  }

  /// The probability of the first line.
  var probabilityExercise: LessonExercise {
    let fractions = bits.map { LessonExercise.number(probability(ofBits: $0)) }
    return LessonExercise(
      title: "The probability of a line",
      task: "\(given) What is the probability of “\(Self.lines[0])”?",
      label: "probability, a fraction such as 1/2 or a decimal",
      answer: evaluation.total.probability,
      mistakes: [
        .init(
          value: probability(ofBits: wordBits),
          words: """
            You left out </s>: the model also predicts that the line ends, here after “Sam”, which \
            it does once in two.
            """
        ),
        .init(
          value: unigrams.total.probability,
          words: "You took the words' shares of the text. A bigram looks at the word before."
        ),
        .init(
          value: totalBits,
          words: "Those are the bits of the line; its probability is 2 to minus that."
        ),
        .init(
          value: probability(ofBits: bits[1...].reduce(0, +)),
          words: "You left out the first word: “I” after <s>, as two of the three lines begin."
        ),
      ],
      least: .init(value: 0, words: "A probability is never negative."),
      most: .init(value: 1, words: "A probability is never above 1."),
      solution: """
        I after <s>: 2/3, am after I: 2/3, Sam after am: 1/2, </s> after Sam: 1/2 \
        (\(fractions.joined(separator: ", "))). The product is 1/9 = \
        \(LessonExercise.number(evaluation.total.probability)).
        """
    )
  }

  /// The perplexity of the first line.
  var perplexityExercise: LessonExercise {
    LessonExercise(
      title: "The perplexity of that line",
      task: """
        “\(Self.lines[0])” has a probability of 1/9. What is its perplexity a token?
        """,
      label: "perplexity",
      answer: evaluation.perplexity,
      mistakes: [
        .init(
          value: perplexity(ofBits: totalBits / Double(bits.count - 1)),
          words: """
            You divided by the three words. </s> is predicted too and is the fourth token.
            """
        ),
        .init(
          value: perplexity(ofBits: totalBits / Double(bits.count + 1)),
          words: "You counted <s>, which is given and never predicted."
        ),
        .init(
          value: perplexity(ofBits: wordBits / Double(bits.count - 1)),
          words: "You left </s> out of the product and of the count; it is predicted too."
        ),
        .init(
          value: perplexity(ofBits: wordBits / Double(bits.count)),
          words: "You left </s> out of the product, but counted it."
        ),
        .init(
          value: perplexity(ofBits: totalBits),
          words: "That is one divided by the probability; take its fourth root."
        ),
        .init(
          value: 1 / evaluation.perplexity,
          words: "That is the root of the probability: perplexity is one divided by it."
        ),
        .init(
          value: evaluation.crossEntropyBits,
          words: "Those are the bits a token: perplexity is 2 to them."
        ),
      ],
      least: .perplexity,
      solution: """
        Four tokens are predicted, three words and </s>. The fourth root of 9 is \
        \(LessonExercise.number(evaluation.perplexity)); or \
        \(LessonExercise.number(totalBits)) bits over four tokens, \
        \(LessonExercise.number(evaluation.crossEntropyBits)) bits a token, and 2 to that.
        """
    )
  }

  private func probability(ofBits bits: Double) -> Double {
    LogProbability(bits: -bits).probability
  }
}
