import Files
import LanguageModels
import Perplexity
import Statistics
import Tokenization

/// A language model: it gives each token of a text a probability, from the tokens before it.
///
/// ```swift
/// let model = try Model(trainingOn: [.file("corpora/stories/train.txt")])
/// let score = try model.score([.file("corpora/stories/held-out.txt")])
/// print(score.perplexity)
/// ```
///
/// A model lies in a file and is read where it lies, so a model of any size opens at once, and copies
/// of the value share it. Threads may share it too.
public struct Model: Sendable {
  let model: any LanguageModel

  /// Opens the model at `path`: a file of `perplex train`, or an ARPA file.
  ///
  /// - Throws: ``PerplexError`` when there is no file, it is not a model, or its scores are not
  ///   probabilities, as those of stupid back-off.
  public init(opening path: String) throws(PerplexError) {
    model = try PerplexError.describing(.model) {
      let model = try ModelFile.open(path)
      guard model.isNormalized else { throw ModelError.noProbabilities(path: path) }
      return model
    }
  }

  /// Trains an n-gram model on `texts`.
  ///
  /// - Parameters:
  ///   - texts: The training text, in order.
  ///   - options: The order, the smoothing method, the tokenizer and more.
  ///   - path: The file to keep the model in. Without one the model ends with its last copy.
  /// - Throws: ``PerplexError`` for an option out of range, a text without tokens, a `path` that is a
  ///   text, a full disk.
  public init(
    trainingOn texts: [Text],
    options: TrainingOptions = TrainingOptions(),
    savingTo path: String? = nil
  ) throws(PerplexError) {
    let estimation = try options.estimation
    let settings = try options.settings
    let data = try PerplexError.describing(.text) {
      try Text.withSources(of: texts) { sources in
        if let path, sources.contains(where: { FilePath.areSame($0.name, path) }) {
          throw PerplexError(
            .model,
            "\(path): the model would replace this text; name another file"
          )
        }
        var input = TrainingInput(sources, settings: settings)
        input.minimumCount = options.minimumCount
        input.keepsSpellings = options.spellsUnknownWords
        return try TrainingData(input)
      }
    }
    model = try PerplexError.describing(.model) {
      let name = path ?? "the trained model"
      let file = try path.map { try OutputFile($0) } ?? OutputFile(temporaryFor: name)
      _ = try NGramEstimator(data, options: estimation).write(to: file)
      return try NGramModel(file.contents(), path: name)
    }
  }

  /// The number of tokens that the model knows, `<unk>`, `<s>` and `</s>` among them.
  public var vocabularySize: Int { model.vocabulary.count }

  /// Scores `texts` as one text.
  ///
  /// The result has the same bits on any number of processors.
  ///
  /// - Throws: ``PerplexError`` for a text that cannot be read, or has no tokens.
  public func score(_ texts: [Text]) throws(PerplexError) -> Score {
    let evaluation = try PerplexError.describing(.text) {
      try Text.withSources(of: texts) { sources in
        let evaluator = Evaluator(model)
        return try sources.reduce(Evaluation()) { try $0 + evaluator.evaluate($1) }
      }
    }
    return Score(evaluation)
  }

  /// Scores each token of `text`, in order; each line is a sentence for a model of words.
  ///
  /// ```swift
  /// for token in try model.surprisals(of: "The old man\n") { print(token.text, token.bits) }
  /// ```
  ///
  /// - Throws: ``PerplexError`` for a text without tokens.
  public func surprisals(of text: String) throws(PerplexError) -> [TokenSurprisal] {
    try PerplexError.describing(.text) {
      try Text.withSources(of: [.string(text)]) { sources in
        var surprisals: [TokenSurprisal] = []
        for source in sources {
          _ = try Evaluator(model, threads: 1).evaluate(source) { part in
            TokenSurprisal.append(part, to: &surprisals)
          }
        }
        return surprisals
      }
    }
  }

  /// Compares this model with `baseline` on `texts`, line by line.
  ///
  /// - Throws: ``PerplexError`` for a text that cannot be read, or has no tokens.
  public func compared(
    with baseline: Model,
    on texts: [Text]
  ) throws(PerplexError) -> ModelComparison {
    try PerplexError.describing(.comparison) {
      try Text.withSources(of: texts) { sources in
        let entries = [("baseline", baseline.model), ("model", model)].map { name, model in
          Comparison.Entry(name: name, scorer: Evaluator(model), terms: ScoringTerms(of: model))
        }
        return ModelComparison(
          try Comparison(entries, on: sources, resampling: Resampling())
        )
      }
    }
  }
}
