import Files
import InformationTheory
import LanguageModels
import Statistics
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
    let data = try TrainingData(TrainingInput([.file(path)], settings: settings))
    return try NGramEstimator(data, options: options).model(named: path)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    var output = try OutputText(path)
    try output.write(bytes: bytes)
    try output.commit()
  }
}

extension CoverageSubjects {
  /// Numbers of sentences, and of the blocks that they are gathered to.
  private static let sizes = [
    (5, Int.max), (10, .max), (20, .max), (50, .max), (50, 32), (200, .max), (200, 32),
    (1000, .max), (1000, 32), (10_000, 4096), (10_000, 32),
  ]

  /// One model's cross-entropy.
  var levels: [CoverageTrial] {
    [
      ("words", words.sampler(ofModel: Self.wittenBell)),
      ("characters", characters.sampler(ofModel: Self.wittenBell)),
    ].flatMap { tokens, sampler in
      Self.sizes.map { sentences, blocks in
        CoverageTrial(
          tokens: tokens,
          figure: "Witten-Bell",
          samplers: [sampler],
          sentences: sentences,
          blockLimit: blocks
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
        Self.sizes.map { sentences, blocks in
          CoverageTrial(
            tokens: tokens,
            figure: name,
            samplers: [source.sampler(ofModel: model, less: other)],
            sentences: sentences,
            blockLimit: blocks,
            isDifference: true
          )
        }
      }
    }
  }

  /// Documents of ten sentences, each of one of two kinds: by sentences, by documents, and by blocks
  /// that do not know where documents begin.
  var documents: [CoverageTrial] {
    [20, 50, 200, 1000].flatMap { documents in
      [("by sentence", 1, 4096), ("by document", 10, .max), ("by 32 blocks", 1, 32)]
        .map { figure, gathered, blocks in
          CoverageTrial(
            tokens: "words",
            figure: figure,
            samplers: topics.map { $0.sampler(ofModel: 0) },
            sentencesPerDocument: 10,
            sentences: documents * 10,
            sentencesPerBlock: gathered,
            blockLimit: blocks,
            units: gathered > 1 ? .texts : .lines
          )
        }
    }
  }
}
