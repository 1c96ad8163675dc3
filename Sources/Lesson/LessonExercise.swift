import InformationTheory
import Perplexity
import Records
import Terminal

/// A question whose answer is a number, with the wrong numbers of common mistakes.
struct LessonExercise: Sendable {
  /// A wrong answer that reveals its mistake.
  struct Mistake: Sendable {
    /// The wrong answer.
    var value: Double
    /// The probable mistake.
    var words: String
  }

  /// A bound that no correct reasoning can exceed.
  struct Bound: Sendable {
    /// The bound.
    var value: Double
    /// The reason why there is nothing beyond it.
    var words: String
  }

  /// The distance that an answer may have from the right one, as a share of that.
  static let tolerance = 0.005

  /// The title.
  var title: String
  /// The task, with all that its solution takes.
  var task: String
  /// The number to give, with its unit.
  var label: String
  /// The right answer; may be infinite.
  var answer: Double
  /// Wrong answers.
  var mistakes: [Mistake]
  /// The lower bound of answers.
  var least: Bound?
  /// The upper bound of answers.
  var most: Bound?
  /// The way to the answer, step by step.
  var solution: String

  /// The reply to a right answer.
  var praise: String { "Right: \(Self.number(answer))." }

  /// A number as the page shows it: four significant digits.
  static func number(_ value: Double) -> String {
    value.isInfinite ? "infinite" : NumberFormat.significant(value, digits: 4)
  }

  /// The data for the page's script.
  var json: JSONValue {
    func json(_ bound: Bound?) -> JSONValue {
      bound.map { ["value": .double($0.value), "words": .string($0.words)] } ?? .null
    }
    return [
      "answer": .double(answer), "tolerance": .double(Self.tolerance),
      "praise": .string(praise), "least": json(least), "most": json(most),
      "mistakes": .array(
        mistakes.map { ["value": .double($0.value), "words": .string($0.words)] }
      ),
    ]
  }
}

extension LessonExercise.Bound {
  /// The bound of every perplexity of probabilities.
  static let perplexity = Self(
    value: 1,
    words: """
      A perplexity is never below 1: that would be fewer than one choice. You probably took a \
      probability, or its root, and not one divided by it.
      """
  )

  /// The bound of every entropy, cross-entropy and divergence.
  static let bits = Self(
    value: 0,
    words: "It is never negative: check the sign. Logarithms of probabilities are negative."
  )
}
