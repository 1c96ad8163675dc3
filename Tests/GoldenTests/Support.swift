import Files
import Foundation
@testable import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// Output of other tools, and the texts that it belongs to.
///
/// The output on the bundled texts is in the tree, and its tests always run. The output on Brown and
/// the Penn Treebank is not, as those texts are not ours to give away.
enum Golden {
  /// The output on other texts: `PERPLEX_GOLDEN`, or the project's shared folder.
  static let values =
    existing(environment("PERPLEX_GOLDEN") ?? PackageFolder.root + "/../shared/reference/golden")

  /// Other texts: `PERPLEX_CORPORA`, or the project's shared folder.
  static let corpora =
    existing(environment("PERPLEX_CORPORA") ?? PackageFolder.root + "/../shared/corpora")

  /// The Penn Treebank in Mikolov's preparation: `PERPLEX_PTB`.
  static let pennTreebank = existing(environment("PERPLEX_PTB") ?? "")

  /// Whether Brown can be compared.
  static let hasBrown =
    isWantedSlow && values != nil && corpora.map { has($0 + "/brown/brown.train.txt") } == true

  /// Whether the Penn Treebank can be compared.
  static let hasPennTreebank =
    isWantedSlow && values != nil && pennTreebank.map { has($0 + "/ptb.train.txt") } == true

  static let comment: Comment =
    "needs PERPLEX_SLOW_TESTS=1, PERPLEX_GOLDEN and the Brown corpus in PERPLEX_CORPORA"

  static let treebankComment: Comment =
    "needs PERPLEX_SLOW_TESTS=1, PERPLEX_GOLDEN, and ptb.train.txt and ptb.test.txt in PERPLEX_PTB"

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

  /// The bundled texts of four genres, words between white space.
  static let corpora: Pair = {
    let genres = ["encyclopedia", "letters", "recipes", "stories"]
    return Pair(
      training: genres.map { "\(PackageFolder.corpora)/\($0)/train.txt" },
      test: genres.map { "\(PackageFolder.corpora)/\($0)/held-out.txt" }
    )
  }()

  /// The same, each character a token and each line a sentence.
  static let characters = Pair(
    training: corpora.training,
    test: corpora.test,
    tokenizer: .characters
  )

  /// Twenty lines of a bundled text, and five.
  static let small = Pair(
    training: ["\(PackageFolder.golden)/small.train.txt"],
    test: ["\(PackageFolder.golden)/small.test.txt"]
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
    return try NGramEstimator(data, options: options).model(named: "test.perplex")
  }

  /// What `model` makes of the test text.
  func evaluation(of model: NGramModel) throws -> Evaluation {
    try test.reduce(Evaluation()) { try $0 + Evaluator(model).evaluate(.file($1)) }
  }
}

extension PlainCounts {
  /// The counts of a training text.
  init(_ data: TrainingData, order: Int) {
    self.init((0..<data.text.count).map { data.text.tokens[$0] }, order: order)
  }
}

extension PlainNGramModel {
  /// The perplexity of `tokens`, but for those that the vocabulary lacks unless these are wanted.
  func perplexity(_ tokens: [TokenID], countsUnknown: Bool = false) -> Double {
    perplexity(tokens.map { UInt32($0.index) }) { countsUnknown || !tokens[$0].isOutOfVocabulary }
  }
}
