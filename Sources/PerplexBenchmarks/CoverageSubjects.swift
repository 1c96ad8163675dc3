import Files
import InformationTheory
import LanguageModels
import Tokenization

/// The models whose intervals are tried, and the sources of the texts.
struct CoverageSubjects {
  /// The numbers of the models in ``words`` and ``characters``: a better and a worse smoothing of
  /// the same n-grams, one of shorter n-grams, and a mixture exactly as good as that.
  static let wittenBell = 0
  static let additive = 1
  static let shorter = 2
  private static let unigrams = 3
  static let mixture = 4

  /// Orders 3 and 2.
  let words: SentenceSource

  /// Orders 6 and 4.
  let characters: SentenceSource

  /// Two sources as one model sees them that was trained on four times as much of the first.
  let topics: [SentenceSource]

  /// Trains all models, on files in `folder`.
  init(in folder: String) throws {
    let source = MarkovSource()
    let path = folder + "/train.txt"
    try Self.write(source.text(minimumByteCount: 20_000, seed: 1), to: path)
    words = try Self.compared(source, path, .whitespace, order: 3, shorterOrder: 2)
    characters = try Self.compared(source, path, .characters, order: 6, shorterOrder: 4)

    let other = MarkovSource(seed: 2)
    let mixedPath = folder + "/topics.txt"
    try Self.write(
      source.text(minimumByteCount: 80_000, seed: 1)
        + other.text(minimumByteCount: 20_000, seed: 1),
      to: mixedPath
    )
    let model = try Self.model(of: mixedPath, .whitespace, order: 3, .wittenBell)
    topics = [source, other].map { SentenceSource($0, models: [model]) }
  }

  private static func compared(
    _ source: MarkovSource,
    _ path: String,
    _ tokenizer: TokenizerName,
    order: Int,
    shorterOrder: Int
  ) throws -> SentenceSource {
    let models = try [
      model(of: path, tokenizer, order: order, .wittenBell),
      model(of: path, tokenizer, order: order, .additive),
      model(of: path, tokenizer, order: shorterOrder, .wittenBell),
      model(of: path, tokenizer, order: 1, .wittenBell),
    ]
    var scored = SentenceSource(source, models: models)
    scored.appendMixture(of: wittenBell, and: unigrams, asGoodAs: shorter)
    return scored
  }

  /// A model of the lines of a file.
  static func model(
    of path: String,
    _ tokenizer: TokenizerName,
    order: Int,
    _ method: SmoothingMethod
  ) throws -> NGramModel {
    let settings = TextSettings(tokenizer: tokenizer, sequence: .line)
    var options = EstimationOptions()
    options.order = order
    options.method = method
    let file = try OutputFile(temporaryFor: "a benchmark")
    let data = try TrainingData(TrainingInput([.file(path)], settings: settings))
    _ = try NGramEstimator(data, options: options).write(to: file)
    return try NGramModel(try file.contents(), path: path)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    var output = try OutputText(path)
    try output.write(bytes: bytes)
    try output.commit()
  }
}

extension CoverageSubjects {
  /// One model's cross-entropy, for texts of few sentences to many, by sentences and gathered.
  var levels: [CoverageTrial] {
    [
      ("words", words.sampler(ofModel: Self.wittenBell)),
      ("characters", characters.sampler(ofModel: Self.wittenBell)),
    ].flatMap { tokens, sampler in
      [(5, 1), (10, 1), (20, 1), (50, 1), (200, 1), (200, 10), (1000, 1), (1000, 10), (10_000, 3)]
        .map { sentences, gathered in
          CoverageTrial(
            tokens: tokens,
            figure: gathered == 1 ? "by sentence" : "by \(gathered) sentences",
            samplers: [sampler],
            sentences: sentences,
            sentencesPerBlock: gathered
          )
        }
    }
  }

  /// Differences of two models.
  var differences: [CoverageTrial] {
    let pairs = [
      ("additive − Witten-Bell", Self.additive, Self.wittenBell),
      ("shorter − longer n-grams", Self.shorter, Self.wittenBell),
      ("equally good", Self.mixture, Self.shorter),
    ]
    return [("words", words), ("characters", characters)].flatMap { tokens, source in
      pairs.flatMap { name, model, other in
        [(5, 1), (10, 1), (20, 1), (50, 1), (200, 1), (200, 10), (1000, 1), (10_000, 3)]
          .map { sentences, gathered in
            CoverageTrial(
              tokens: tokens,
              figure: name,
              samplers: [source.sampler(ofModel: model, less: other)],
              sentences: sentences,
              sentencesPerBlock: gathered,
              isDifference: true
            )
          }
      }
    }
  }

  /// Documents of ten sentences, each of one of two kinds; by sentences, and by documents.
  var documents: [CoverageTrial] {
    [20, 50, 200].flatMap { documents in
      [1, 10].map { gathered in
        CoverageTrial(
          tokens: "words",
          figure: gathered == 1 ? "by sentence" : "by document",
          samplers: topics.map { $0.sampler(ofModel: 0) },
          sentencesPerDocument: 10,
          sentences: documents * 10,
          sentencesPerBlock: gathered
        )
      }
    }
  }
}
