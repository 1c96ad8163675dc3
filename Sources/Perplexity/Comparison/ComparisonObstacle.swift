import LanguageModels

/// A reason why the perplexities of two models are not comparable.
package struct ComparisonObstacle: Sendable, Hashable, CustomStringConvertible {
  /// The property in which two models differ.
  package enum Subject: String, Sendable {
    case tokens
    case normalization
    case sentenceEnds = "sentence ends"
    case unknownWords = "unknown words"
    case vocabulary
    case unscored = "unscored tokens"
  }

  /// The property that differs.
  package var subject: Subject
  /// The difference in words.
  package var explanation: String

  /// The subject and the explanation, like `vocabulary: …`.
  package var description: String { "\(subject.rawValue): \(explanation)" }

  /// All reasons without repetition, in the order of the models.
  static func all(among models: [ComparedModel]) -> [ComparisonObstacle] {
    var obstacles: [ComparisonObstacle] = []
    guard let first = models.first else { return [] }
    for model in models.dropFirst() {
      for obstacle in between(first, model) where !obstacles.contains(obstacle) {
        obstacles.append(obstacle)
      }
    }
    return obstacles
  }

  private static func between(_ a: ComparedModel, _ b: ComparedModel) -> [ComparisonObstacle] {
    var obstacles: [ComparisonObstacle] = []
    func differ(_ subject: Subject, _ left: String, _ right: String, _ more: String = "") {
      obstacles.append(
        ComparisonObstacle(
          subject: subject,
          explanation: "\(a.name) has \(left), \(b.name) \(right)\(more)"
        )
      )
    }
    let (left, right) = (a.evaluation, b.evaluation)
    if a.endsHash != b.endsHash || a.terms.tokenizer != b.terms.tokenizer {
      differ(
        .tokens,
        "\(left.measure.tokens) (\(a.terms.tokenizer))",
        "\(right.measure.tokens) (\(b.terms.tokenizer))"
      )
    }
    if a.terms.normalization != b.terms.normalization {
      differ(.normalization, a.terms.normalization, b.terms.normalization)
    }
    if a.terms.ends != b.terms.ends {
      differ(.sentenceEnds, a.terms.ends.rawValue, b.terms.ends.rawValue)
    }
    if left.measure.unscoredBytes != right.measure.unscoredBytes {
      differ(
        .unscored,
        "\(left.measure.unscoredBytes) bytes without a score",
        "\(right.measure.unscoredBytes)"
      )
    }
    let unknown = (left.measure.outOfVocabulary, right.measure.outOfVocabulary)
    if unknown != (0, 0) {
      let isCharged =
        (unknown.0 == 0 || a.terms.chargesUnknown) && (unknown.1 == 0 || b.terms.chargesUnknown)
      if a.terms.unknown != b.terms.unknown && !isCharged {
        differ(.unknownWords, a.terms.unknown.rawValue, b.terms.unknown.rawValue)
      }
      if a.terms.vocabularyFingerprint != b.terms.vocabularyFingerprint && !isCharged {
        differ(
          .vocabulary,
          "\(unknown.0) unknown tokens",
          "\(unknown.1)",
          ", which are charged as <unk> only"
        )
      }
    }
    return obstacles
  }
}
