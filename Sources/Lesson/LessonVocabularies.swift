import LanguageModels
import Perplexity
import Tokenization

/// The same text in different tokens.
struct LessonVocabularies: Sendable {
  /// Words that occur more rarely than this become `<unk>`.
  static let minimumCounts = [1, 2, 3, 5, 10]

  /// Models of one vocabulary.
  struct Row: Sendable {
    /// The tokenizer.
    var tokenizer: TokenizerName
    /// Words that occur more rarely are `<unk>`.
    var minimumCount: Int
    /// The length of the longest n-gram.
    var order: Int
    /// The number of tokens of the vocabulary, with `<unk>`, `<s>` and `</s>`.
    var vocabularySize: Int
    /// The evaluation on the held-out lines, unknown tokens spelled.
    var evaluation: Evaluation

    /// The share of tokens that the vocabulary lacks.
    var unknownShare: Double {
      Double(evaluation.measure.outOfVocabulary) / Double(evaluation.measure.tokens)
    }
  }

  /// Words with more and more of them unknown, then characters and bytes.
  let rows: [Row]

  /// Trains and measures the models.
  init(on bench: LessonBench) throws {
    var rows: [Row] = []
    for minimumCount in Self.minimumCounts {
      do {
        rows.append(try Self.row(.words, minimumCount: minimumCount, order: 3, on: bench))
      } catch TextError.nothingKept {
        break  // No word occurs so often, nor more often.
      }
    }
    for tokenizer in [TokenizerName.characters, .bytes] {
      rows.append(try Self.row(tokenizer, order: LessonCode.order, on: bench))
    }
    self.rows = rows
  }

  private static func row(
    _ tokenizer: TokenizerName,
    minimumCount: Int = 1,
    order: Int,
    on bench: LessonBench
  ) throws -> Row {
    let recipe = LessonBench.Recipe(
      tokenizer: tokenizer,
      minimumCount: minimumCount,
      spellsUnknown: tokenizer != .bytes
    )
    let model = try bench.model(of: try bench.data(recipe), order: order)
    return Row(
      tokenizer: tokenizer,
      minimumCount: minimumCount,
      order: order,
      vocabularySize: model.vocabulary.count,
      evaluation: try bench.evaluation(of: model)
    )
  }
}
