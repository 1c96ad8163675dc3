import Files
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// How a small model is trained.
struct Recipe: Sendable, CustomTestStringConvertible {
  var method = SmoothingMethod.modifiedKneserNey
  var usesBackOff = false
  var order = 3
  var tokenizer = TokenizerName.whitespace
  var sequence: TextSettings.Sequence?
  var alpha = 1.0
  var discount: Double?
  var threads = 1
  var prune: [Int] = []
  var minimumCount = 1
  var vocabulary: String?
  var rareTokens = RareTokens.unknown
  var lowercases = false
  var spellsUnknown = false

  var testDescription: String {
    "\(method.rawValue)\(usesBackOff ? " back-off" : "") order \(order) of \(tokenizer.rawValue)"
      + (sequence.map { " by \($0.rawValue)" } ?? "") + (prune.isEmpty ? "" : " pruned \(prune)")
      + (rareTokens == .drop ? " without words below \(minimumCount)" : "")
  }

  /// Every method in each of its forms.
  static func forms(order: Int) -> [Recipe] {
    SmoothingMethod.allCases.flatMap { method in
      (method.hasBackOffForm ? [false, true] : [false]).map {
        Recipe(method: method, usesBackOff: $0, order: order)
      }
    }
  }

  /// The text as training data.
  ///
  /// Where `bound` is given, what does not fit goes to scratch files.
  func data(
    _ text: String,
    heldOut: String? = nil,
    bound: MemoryBound? = nil
  ) throws -> TrainingData {
    try withTemporaryFile(text) { path in
      try withTemporaryFile(heldOut ?? vocabulary ?? "") { secondPath in
        var input = TrainingInput(
          [.file(path)],
          settings: TextSettings(
            tokenizer: tokenizer,
            normalization: Normalization(lowercases: lowercases),
            sequence: sequence
          )
        )
        input.bound = bound
        if heldOut != nil { input.heldOut = [.file(secondPath)] }
        if vocabulary != nil { input.vocabularyPath = secondPath }
        input.minimumCount = minimumCount
        input.rareTokens = rareTokens
        input.keepsSpellings = spellsUnknown
        return try TrainingData(input)
      }
    }
  }

  /// The bytes of the model's file.
  func file(_ data: TrainingData, positionLimit: Int? = nil) throws -> Bytes {
    var options = EstimationOptions()
    options.order = order
    options.method = method
    options.usesBackOff = usesBackOff
    options.alpha = alpha
    options.discount = discount
    options.threads = threads
    options.prune = prune
    var estimator = NGramEstimator(data, options: options)
    if let positionLimit { estimator.positionLimit = positionLimit }
    return try estimator.contents(named: "a test")
  }

  /// The model of `data`.
  func model(_ data: TrainingData) throws -> NGramModel {
    try NGramModel(file(data), path: "test.perplex")
  }

  /// The model of `text`.
  func model(_ text: String, heldOut: String? = nil) throws -> NGramModel {
    try model(data(text, heldOut: heldOut))
  }
}

extension PlainNGramModel {
  /// The reference for the model that `recipe` makes of `data`; `weights` are Jelinek-Mercer's.
  init(_ data: TrainingData, _ recipe: Recipe, weights: [[Double]]) {
    let method: Method =
      switch recipe.method {
      case .modifiedKneserNey: .modifiedKneserNey
      case .kneserNey: .kneserNey(recipe.discount)
      case .absoluteDiscounting: .absoluteDiscounting(recipe.discount)
      case .wittenBell: .wittenBell
      case .katz: .katz
      case .jelinekMercer: .jelinekMercer(weights)
      case .additive: .additive(alpha: recipe.alpha)
      case .maximumLikelihood: .maximumLikelihood
      case .stupidBackOff: .stupidBackOff
      }
    var settings = Settings(method, usesBackOff: recipe.usesBackOff, typeCount: data.typeCount)
    settings.cutoffs = recipe.prune
    settings.dropped = Set(UInt32(data.vocabulary.count)..<UInt32(data.typeCount))
    self.init(
      PlainCounts((0..<data.text.count).map { data.text.tokens[$0] }, order: recipe.order),
      settings
    )
  }
}

extension NGramModel {
  /// The model as it comes back from an ARPA file.
  func throughARPA() throws -> NGramModel {
    try withTemporaryFile("") { path in
      try ARPAWriter(self, path: "m").write(to: path)
      return try ModelFile.openNGrams(path, threads: 1)
    }
  }
}

extension LanguageModel {
  /// The tokens of `words`, which white space separates; `<s>` is the start of a sentence.
  func tokens(_ words: String) -> [TokenID] {
    words.split(separator: " ").map { vocabulary[String($0)] }
  }

  /// The scores of all of `tokens`.
  func scores(_ tokens: [TokenID]) -> [TokenScore] {
    scores(tokens, 0..<tokens.count)
  }

  /// The scores of a part of `tokens`.
  func scores(_ tokens: [TokenID], _ range: Range<Int>) -> [TokenScore] {
    var scores = [TokenScore](repeating: .certain, count: range.count)
    var span = scores.mutableSpan
    score(tokens.span, range, into: &span)
    return scores
  }

  /// p(word | context), both spelt out.
  func probability(_ word: String, after context: String) -> Double {
    probability(vocabulary[word], after: tokens(context))
  }

  /// p(token | context).
  func probability(_ token: TokenID, after context: [TokenID]) -> Double {
    scores(context + [token], context.count..<(context.count + 1))[0].logProbability.probability
  }

  /// Sentences of `text` as tokens, each between `<s>` and `</s>`.
  func sentences(_ text: String) -> [TokenID] {
    text.split(separator: "\n").flatMap { [.beginSentence] + tokens(String($0)) + [.endSentence] }
  }
}

/// Jurafsky and Martin's mini-corpus (Speech and Language Processing, 3rd ed., section 3.1).
let iAmSam = """
  I am Sam
  Sam I am
  I do not like green eggs and ham

  """

/// Repetitions at all lengths and a few characters of several bytes.
let jack = """
  the malt that jack built
  naïve cats – the rat that ate the malt
  the rat ate that

  """
