import Files
import LanguageModels
import Perplexity
import Tokenization

/// The folder where the models of a lesson are trained and evaluated.
///
/// The lines are in files of a temporary folder, and models in files without a name, so that what
/// is measured has gone through what `train` and `score` go through.
struct LessonBench {
  /// A model to train.
  struct Recipe {
    var tokenizer = TokenizerName.words
    var sequence: TextSettings.Sequence?
    var minimumCount = 1
    var spellsUnknown = false
  }

  let training: TextSource
  let heldOut: TextSource
  let threads: Int
  private let folder: TemporaryFolder

  /// Puts the lines of `text` where models are trained on them.
  ///
  /// - Throws: `FileError`.
  init(_ text: LessonText, threads: Int) throws {
    self.threads = threads
    folder = try TemporaryFolder()
    training = .file(folder.file("train.txt"))
    heldOut = .file(folder.file("held-out.txt"))
    try write(text.training, to: training)
    try write(text.heldOut, to: heldOut)
  }

  /// Removes the folder.
  func remove() { folder.remove() }

  /// Puts a further text into the folder.
  func text(_ text: String, named name: String) throws -> TextSource {
    let source = TextSource.file(folder.file(name))
    try write(Array(text.utf8), to: source)
    return source
  }

  private func write(_ bytes: [UInt8], to source: TextSource) throws {
    var output = try OutputText(source.name)
    try output.write(bytes: bytes)
    try output.commit()
  }

  /// The tokens of `source`, the lines to train on where it is nil.
  func data(_ recipe: Recipe, from source: TextSource? = nil) throws -> TrainingData {
    var input = TrainingInput(
      [source ?? training],
      settings: TextSettings(tokenizer: recipe.tokenizer, sequence: recipe.sequence)
    )
    input.minimumCount = recipe.minimumCount
    input.keepsSpellings = recipe.spellsUnknown
    // Whether they may be there was found out as the text was read.
    input.markers = .skip
    return try TrainingData(input, threads: threads)
  }

  /// A model of `data`.
  func model(
    of data: TrainingData,
    order: Int,
    _ method: SmoothingMethod = .modifiedKneserNey
  ) throws -> NGramModel {
    var options = EstimationOptions()
    options.order = order
    options.method = method
    options.threads = threads
    return try NGramEstimator(data, options: options).model(named: "\(order)-gram model")
  }

  /// Evaluates `model` on `source`, on the held-out lines where it is nil.
  func evaluation(
    of model: NGramModel,
    on source: TextSource? = nil,
    visit: ((ScoredText) throws -> Void)? = nil
  ) throws -> Evaluation {
    let evaluator = Evaluator(model, threads: threads)
    guard let visit else { return try evaluator.evaluate(source ?? heldOut) }
    return try evaluator.evaluate(source ?? heldOut, visit: visit)
  }
}
