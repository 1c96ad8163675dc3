import Files
import Foundation
import LanguageModels
import Testing
import Tokenization

/// SplitMix64, so that random texts are the same in every run.
struct TestGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0 ..< `count`, the small ones more often.
  mutating func skewed(_ count: Int) -> Int {
    let unit = Double(next() >> 11) * 0x1p-53
    return min(count - 1, Int(unit * unit * Double(count)))
  }
}

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
    let output = try OutputFile(temporaryFor: "a test")
    var estimator = NGramEstimator(data, options: options)
    if let positionLimit { estimator.positionLimit = positionLimit }
    _ = try estimator.write(to: output)
    return try output.contents()
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

/// Lends a file with `text` in it.
func withTemporaryFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(
    path: "perplex-test-\(UUID().uuidString).txt"
  )
  try Data(text.utf8).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
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

/// Whether two numbers agree to a relative tolerance.
func agree(_ left: Double, _ right: Double, within tolerance: Double) -> Bool {
  left == right || abs(left - right) <= tolerance * max(abs(left), abs(right))
}

/// A text of `lines` sentences over `words` different words, the first the most frequent.
func randomText(words: Int, lines: Int, length: Int = 8, seed: UInt64) -> String {
  var generator = TestGenerator(seed: seed)
  return (0..<lines).map { _ in
    (0..<generator.skewed(length + 1)).map { _ in "w\(generator.skewed(words))" }
      .joined(separator: " ")
  }.joined(separator: "\n") + "\nw0\n"
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
