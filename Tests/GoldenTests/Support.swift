import Files
import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

/// Where the values of other tools and the texts they belong to lie.
enum Golden {
  /// The folder of the package.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The values: `PERPLEX_GOLDEN`, or where the project's shared folder has them.
  static let values =
    existing(environment("PERPLEX_GOLDEN") ?? root + "/../shared/reference/golden")

  /// The texts: `PERPLEX_CORPORA`, or where the project's shared folder has them.
  static let corpora = existing(environment("PERPLEX_CORPORA") ?? root + "/../shared/corpora")

  /// The Penn Treebank in Mikolov's preparation: `PERPLEX_PTB`.
  static let pennTreebank = existing(environment("PERPLEX_PTB") ?? "")

  /// Whether the large texts can be compared.
  static let hasBrown = values != nil && corpora.map { has($0 + "/brown/brown.train.txt") } == true

  /// Whether the small texts can be compared.
  static let hasSmall = values.map { has($0 + "/kenlm/small.train.txt") } == true

  /// Whether the Penn Treebank can be compared.
  static let hasPennTreebank =
    values != nil && pennTreebank.map { has($0 + "/ptb.train.txt") } == true

  static let comment: Comment =
    "needs the golden values and the corpora; see PERPLEX_GOLDEN and PERPLEX_CORPORA"

  /// Whether this is a debug build, where only some of the large models are made.
  #if DEBUG
  static let isDebug = true
  #else
  static let isDebug = false
  #endif

  /// Whether every row is wanted, however long it takes: `PERPLEX_GOLDEN_ALL`.
  static let wantsAll = environment("PERPLEX_GOLDEN_ALL") != nil

  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }

  private static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private static func existing(_ path: String) -> String? {
    !path.isEmpty && has(path) ? path : nil
  }

  /// The lines of a table, cut at tabs, without comments.
  static func table(_ path: String) throws -> [[String]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) } }
  }
}

/// A text to train on and one to measure, and how both become tokens.
struct Pair: Sendable {
  var training: [String]
  var test: [String]
  var tokenizer = TokenizerName.whitespace
  /// A list of words to which the vocabulary is limited, others dropped after counting.
  var vocabulary: String?

  var settings: TextSettings { TextSettings(tokenizer: tokenizer, sequence: .line) }

  /// Brown, words between white space.
  static let brown = Pair(
    training: ["\(Golden.corpora ?? "")/brown/brown.train.txt"],
    test: ["\(Golden.corpora ?? "")/brown/brown.test.txt"]
  )

  /// Brown, each character a token and each line a sentence.
  static let brownCharacters = Pair(
    training: brown.training,
    test: brown.test,
    tokenizer: .characters
  )

  /// Three hundred sentences of Alice in Wonderland.
  static let small = Pair(
    training: ["\(Golden.values ?? "")/kenlm/small.train.txt"],
    test: ["\(Golden.values ?? "")/kenlm/small.test.txt"]
  )
}

/// A method as it is used in a comparison.
struct Method: Sendable {
  var name: SmoothingMethod
  var usesBackOff = false
  var discount: Double?
  var alpha = 1.0
  var prune: [Int] = []
}

extension Pair {
  /// The training text as numbers.
  func data() throws -> TrainingData {
    var input = TrainingInput(training.map { .file($0) }, settings: settings)
    if let vocabulary {
      input.vocabularyPath = vocabulary
      input.rareTokens = .drop
    }
    return try TrainingData(input)
  }

  /// The model of `data` by `method`.
  func model(_ data: TrainingData, _ method: Method, order: Int) throws -> NGramModel {
    var options = EstimationOptions()
    options.order = order
    options.method = method.name
    options.usesBackOff = method.usesBackOff
    options.discount = method.discount
    options.alpha = method.alpha
    options.prune = method.prune
    let file = try OutputFile(temporaryFor: "a test")
    _ = try NGramEstimator(data, options: options).write(to: file)
    return try NGramModel(file.contents(), path: "test.perplex")
  }

  /// What `model` makes of the test text.
  func evaluation(of model: NGramModel) throws -> Evaluation {
    try test.reduce(Evaluation()) { try $0 + Evaluator(model).evaluate(.file($1)) }
  }
}

/// Whether two numbers agree to a relative tolerance.
func agree(_ left: Double, _ right: Double, within tolerance: Double) -> Bool {
  left == right || abs(left - right) <= tolerance * max(abs(left), abs(right))
}
