import LanguageModels
import InformationTheory
import Perplexity
package import Statistics
package import Tokenization

/// Every figure of a lesson, each computed by the library as the page is made.
package struct LessonFigures {
  /// The number of times that `init` reports progress.
  package static let stepCount = 5

  let text: LessonText
  let tokenizer: TokenizerName
  let resampling: Resampling
  let coin: LessonCoin
  let terms = LessonTerms()
  let losses = LessonLosses()
  let orders: LessonOrders
  let zeros: LessonZeros
  let code: LessonCode
  let vocabularies: LessonVocabularies
  let exercises: [LessonExercise]

  /// The number of tokens that models of the text are trained on, with one `</s>` a line.
  let trainingTokenCount: Int
  /// The number of tokens of their vocabulary.
  let vocabularySize: Int

  /// Trains and measures all models of the lesson on `text`; calls `progress` with each subject.
  ///
  /// - Throws: `FileError`, `TextError`, `EstimationError`.
  package init(
    _ text: LessonText,
    tokenizer: TokenizerName,
    resampling: Resampling,
    progress: () -> Void = {}
  ) throws {
    self.text = text
    self.tokenizer = tokenizer
    self.resampling = resampling
    coin = try LessonCoin()
    let bench = try LessonBench(text, threads: resampling.threads)
    defer { bench.remove() }
    let data = try bench.data(.init(tokenizer: tokenizer, sequence: .line))
    trainingTokenCount = data.text.count - data.sequenceCount
    vocabularySize = data.vocabulary.count
    orders = try LessonOrders(data, on: bench, resampling: resampling)
    progress()
    zeros = try LessonZeros(data, on: bench)
    progress()
    code = try LessonCode(text.heldOut, on: bench)
    progress()
    vocabularies = try LessonVocabularies(on: bench)
    progress()
    exercises = try LessonExercise.all(on: bench)
    progress()
  }
}
