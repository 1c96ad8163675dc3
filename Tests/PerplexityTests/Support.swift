import Files
import LanguageModels
import Perplexity
import TestSupport
import Tokenization

/// A model whose probabilities a test has chosen.
struct StubModel: LanguageModel {
  let vocabulary: Vocabulary
  let settings: TextSettings
  var historyLength: Int? = 0
  var isNormalized: Bool { true }
  var speller: SpellingModel? { nil }
  var trainingSpans: TrainingSpans? { nil }

  func reading(adapts: Bool) -> any ModelReading { HistoryReading(self) }

  /// The probability of a token after those before it, as far as its own `<s>`.
  private let probability: @Sendable (_ token: TokenID, _ history: ArraySlice<TokenID>) -> Double

  /// Every token of the vocabulary, `<unk>` and `</s>` among them, is as likely as the others.
  static func uniform(
    _ words: [String],
    _ settings: TextSettings = TextSettings(tokenizer: .whitespace)
  ) -> StubModel {
    StubModel(words, settings) { [count = words.count + 2] _, _ in 1 / Double(count) }
  }

  /// Each token has the probability given, whatever stands before it.
  static func unigrams(
    _ probabilities: KeyValuePairs<String, Double>,
    _ settings: TextSettings = TextSettings(tokenizer: .whitespace)
  ) -> StubModel {
    let words = probabilities.map(\.key)
    var byNumber = [Double](repeating: 0, count: words.count + 3)
    let vocabulary = Self.vocabulary(words)
    for (word, probability) in probabilities {
      byNumber[vocabulary[word].index] = probability
    }
    return StubModel(words, settings) { [byNumber] token, _ in byNumber[token.index] }
  }

  /// The probability depends on each of the last `length` tokens; on all where it is nil.
  static func looking(
    back length: Int?,
    _ words: [String],
    _ settings: TextSettings
  ) -> StubModel {
    var model = StubModel(words, settings) { token, history in
      let tokens = (length.map { history.suffix($0) } ?? history) + [token]
      let hash = tokens.reduce(UInt64(7)) {
        fold($0 ^ 0x9e37_79b9_7f4a_7c15, UInt64($1.index + 11))
      }
      return 1 / Double(2 + hash % 61)
    }
    model.historyLength = length
    return model
  }

  private init(
    _ words: [String],
    _ settings: TextSettings,
    _ probability: @escaping @Sendable (TokenID, ArraySlice<TokenID>) -> Double
  ) {
    vocabulary = Self.vocabulary(words)
    self.settings = settings
    self.probability = probability
  }

  private static func vocabulary(_ words: [String]) -> Vocabulary {
    var builder = VocabularyBuilder()
    for word in words { builder.insert(word) }
    return builder.vocabulary()
  }

  func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  ) {
    var known: [TokenID] = []
    for index in 0..<range.upperBound {
      let token = tokens[index]
      if token == .beginSentence { known = [] }
      if index >= range.lowerBound {
        scores[index - range.lowerBound] =
          token == .beginSentence
          ? .certain
          : TokenScore(
            logProbability: LogProbability(of: probability(token, known[...])),
            matchedLength: UInt8(min(known.count, historyLength ?? 16) + 1)
          )
      }
      known.append(token)
    }
  }

  func distribution(after history: [TokenID]) -> [Double] {
    (0..<vocabulary.count).map { $0 == 1 ? 0 : probability(TokenID(UInt32($0)), history[...]) }
  }
}

/// Lends a file with `bytes` in it.
@discardableResult
func withText<Result>(
  _ bytes: some Sequence<UInt8>,
  _ body: (TextSource) throws -> Result
) throws -> Result {
  try withTemporaryFile(bytes) { try body(.file($0)) }
}

/// The evaluation of `model` on `text`.
func evaluate(_ model: any LanguageModel, _ text: String, threads: Int = 1) throws -> Evaluation {
  try withText(text.utf8) { try Evaluator(model, threads: threads).evaluate($0) }
}

/// An n-gram model of `text`.
func train(
  _ text: String,
  _ settings: TextSettings = TextSettings(tokenizer: .whitespace),
  order: Int,
  _ method: SmoothingMethod,
  usesBackOff: Bool = false,
  alpha: Double? = nil,
  prune: [Int] = [],
  spellsUnknown: Bool = false
) throws -> NGramModel {
  try withText(text.utf8) { source in
    var input = TrainingInput([source], settings: settings)
    input.keepsSpellings = spellsUnknown
    let data = try TrainingData(input)
    var options = EstimationOptions()
    options.order = order
    options.method = method
    options.usesBackOff = usesBackOff
    options.prune = prune
    if let alpha { options.alpha = alpha }
    options.threads = 1
    return try NGramEstimator(data, options: options).model(named: "a test")
  }
}

/// Lines of skewed random words w0 to w49, each with `padding` spaces behind it: with much padding
/// a text has many blocks and few tokens.
func randomText(_ byteCount: Int, padding: Int = 1) -> String {
  var state: UInt64 = 42
  var text = ""
  let space = String(repeating: " ", count: padding)
  while text.utf8.count < byteCount {
    for _ in 0..<8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let unit = Double(state >> 40) / Double(1 << 24)
      text += "w\(Int(unit * unit * 50))" + space
    }
    text += "\n"
  }
  return text
}

extension ZeroProbability {
  /// All of it in a line.
  var summary: String {
    "line \(line): p(\(token) | \(context.joined(separator: " "))) = 0"
  }
}

extension Evaluation {
  /// Every figure there is.
  var figures: [Double] {
    [
      total.bits, total.nats, total.log10, knownTotal.bits, unknownTotal.bits,
      spellingTotal.bits, crossEntropyBits,
      crossEntropyNats, perplexity, perplexityExcludingOutOfVocabulary, bitsPerCharacter,
      bitsPerGrapheme, bitsPerByte,
    ]
  }
}
