import Files
package import Tokenization

/// The facts about a model beside its n-grams: settings, method, origin.
///
/// In the file it is lines of `key<TAB>value`; a reader skips keys that it does not know.
package struct ModelDescription: Hashable, Sendable {
  /// The form of the probabilities and weights in the file.
  package enum Scale: String, Sendable {
    /// The values themselves: 24 bits of the probability.
    case linear
    /// Their logarithms to base 10, digit for digit as an ARPA file had them.
    case log10
  }

  /// The length of the longest n-gram.
  package var order: Int

  /// The settings that turn text into tokens.
  package var settings: TextSettings

  /// The smoothing method's name; "imported" for a model made elsewhere.
  package var smoothing: String

  /// The rule for the probability of an unseen n-gram.
  package var combination: Combination

  /// The form of stored values.
  package var scale: Scale = .linear

  /// The method's parameters at each order, order 1 first.
  package var discounts: [[Double]] = []

  /// The uniform term of every unigram's probability, which an unseen token has; nil if not known.
  package var uniformShare: Double?

  /// The estimates that training replaced because they were empty or out of range.
  package var notes: [String] = []

  /// The number of n-grams of each order, order 1 first; that of `<s>` is among the unigrams.
  package var ngramCounts: [Int] = []

  /// The count cut-offs of each order, order 1 first: n-grams that occur so often or less were left
  /// out; empty if none were asked for.
  package var pruning: [Int] = []

  /// The number of n-grams of each order before any was left out; empty if none was.
  package var countedNGrams: [Int] = []

  /// The number of tokens it was trained on, `</s>` counted and `<s>` not; 0 where not known.
  package var tokenCount = 0

  /// The number of sequences it was trained on; 0 where not known.
  package var sequenceCount = 0

  /// A hash of the training text's bytes; 0 where not known.
  package var textFingerprint: UInt64 = 0

  /// A hash of the vocabulary.
  package var vocabularyFingerprint: UInt64 = 0

  /// The facts about the model of spellings; nil if there is none.
  var spelling: SpellingFacts?

  /// True if there is a model of spellings (``SpellingModel``).
  package var hasSpeller: Bool { spelling != nil }

  /// A description whose further parts are to be filled in.
  package init(order: Int, settings: TextSettings, smoothing: String, combination: Combination) {
    self.order = order
    self.settings = settings
    self.smoothing = smoothing
    self.combination = combination
  }

  /// The number of n-grams of each order that the text had, order 1 first; those that the model has
  /// where none was left out.
  package var allNGramCounts: [Int] {
    countedNGrams.count == ngramCounts.count ? countedNGrams : ngramCounts
  }

  /// The codes that regions are sorted by, where the vocabulary has `vocabularySize` words.
  ///
  /// They are those of all words counted: what was dropped had a code too. An ARPA file that
  /// carries ``countedNGrams`` along makes a model with the same codes again.
  func wordCode(vocabularySize: Int) -> WordCode {
    let counted = min(countedNGrams.first ?? 0, 1 << 31)
    return WordCode(vocabularySize: max(vocabularySize, counted))
  }

  /// A hash of all that decides how text becomes tokens.
  package var tokenizerFingerprint: UInt64 {
    let text = settingsLines.map { "\($0)\t\($1)\n" }.joined()
    return text.withBytes { hash64($0) }
  }
}

// MARK: - Text form

extension ModelDescription {
  /// The settings as keys and values.
  var settingsLines: [(String, String)] {
    [
      ("tokenizer", settings.tokenizer.rawValue),
      ("lowercase", settings.normalization.lowercases ? "yes" : "no"),
      ("normalize", settings.normalization.form.rawValue),
      ("sequence", settings.sequence.rawValue),
    ]
  }

  /// The whole as lines.
  var text: String {
    var lines: [(String, String)] = [("order", "\(order)")]
    lines += settingsLines
    lines.append(("smoothing", smoothing))
    lines.append(("combination", combination.name))
    if case .fixedWeight(let weight) = combination { lines.append(("weight", "\(weight)")) }
    lines.append(("scale", scale.rawValue))
    for values in discounts {
      lines.append(("discounts", values.map { "\($0)" }.joined(separator: " ")))
    }
    if let uniformShare { lines.append(("even", "\(uniformShare)")) }
    for note in notes { lines.append(("note", note)) }
    for count in ngramCounts { lines.append(("ngrams", "\(count)")) }
    if !pruning.isEmpty {
      lines.append(("pruning", pruning.map { "\($0)" }.joined(separator: " ")))
    }
    for count in countedNGrams { lines.append(("counted", "\(count)")) }
    lines.append(("tokens", "\(tokenCount)"))
    lines.append(("sequences", "\(sequenceCount)"))
    lines.append(("text", "\(textFingerprint)"))
    lines.append(("vocabulary", "\(vocabularyFingerprint)"))
    if let spelling { lines.append(("spelling", spelling.description)) }
    return lines.map { "\($0)\t\($1)\n" }.joined()
  }

  /// Reads the lines; nil if a needed one is missing or makes no sense.
  init?(text: String) {
    var single: [Substring: Substring] = [:]
    var repeated: [Substring: [Substring]] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      single[parts[0]] = parts[1]
      repeated[parts[0], default: []].append(parts[1])
    }
    func number<Value: LosslessStringConvertible>(_ key: Substring) -> Value? {
      single[key].flatMap { Value(String($0)) }
    }
    guard let order: Int = number("order"), NGramOrder.all.contains(order),
      let tokenizer = single["tokenizer"].flatMap({ TokenizerName(rawValue: String($0)) }),
      let sequence = single["sequence"].flatMap({ TextSettings.Sequence(rawValue: String($0)) }),
      let form = single["normalize"].flatMap({ Normalization.Form(rawValue: String($0)) }),
      let smoothing = single["smoothing"],
      let scale = single["scale"].flatMap({ Scale(rawValue: String($0)) }),
      let combination = single["combination"].flatMap({
        Combination(name: String($0), weight: number("weight"))
      }),
      let ngramCounts = repeated["ngrams"]?.compactMap({ Int($0) }), ngramCounts.count == order
    else { return nil }
    self.init(
      order: order,
      settings: TextSettings(
        tokenizer: tokenizer,
        normalization: Normalization(lowercases: single["lowercase"] == "yes", form: form),
        sequence: sequence
      ),
      smoothing: String(smoothing),
      combination: combination
    )
    self.scale = scale
    self.ngramCounts = ngramCounts
    discounts = (repeated["discounts"] ?? []).map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
    uniformShare = number("even")
    notes = (repeated["note"] ?? []).map { String($0) }
    pruning = (single["pruning"] ?? "").split(separator: " ").compactMap { Int($0) }
    countedNGrams = (repeated["counted"] ?? []).compactMap { Int($0) }
    tokenCount = number("tokens") ?? 0
    sequenceCount = number("sequences") ?? 0
    textFingerprint = number("text") ?? 0
    vocabularyFingerprint = number("vocabulary") ?? 0
    spelling = number("spelling")
  }
}

extension Combination {
  /// The name in model files and reports.
  package var name: String {
    switch self {
    case .interpolated: "interpolated"
    case .backOff: "back-off"
    case .uniform: "uniform"
    case .maximumLikelihood: "nothing"
    case .fixedWeight: "fixed-weight"
    }
  }

  init?(name: String, weight: Double?) {
    switch name {
    case "interpolated": self = .interpolated
    case "back-off": self = .backOff
    case "uniform": self = .uniform
    case "nothing": self = .maximumLikelihood
    case "fixed-weight":
      guard let weight, weight > 0, weight <= 1 else { return nil }
      self = .fixedWeight(weight)
    default: return nil
    }
  }
}
