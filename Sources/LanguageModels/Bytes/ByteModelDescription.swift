package import Tokenization

/// The families of models that predict a text byte by byte.
package enum ByteModelKind: String, CaseIterable, Sendable {
  /// An incremental n-gram of bytes whose orders a gate mixes: `GatedNGram`.
  case gated
  /// Context mixing over bits: `ContextMixer`.
  case mixing
}

/// A model of bytes but for its memory: family, parameters, training.
///
/// In the file it is lines of `key<TAB>value`; keys that a reader does not know are passed over.
package struct ByteModelDescription: Hashable, Sendable {
  /// The model's family.
  package var kind: ByteModelKind

  /// The way in which text becomes tokens: a token is a byte, or a scalar, whose probability is the
  /// product of its bytes'.
  package var settings: TextSettings

  /// The numbers that the predictor was made with.
  package var parameters: [String: Int]

  /// The number of bytes of the training text.
  package var trainedByteCount = 0

  /// The number of training texts.
  package var documentCount = 0

  /// A hash of the training text's bytes.
  package var textFingerprint: UInt64 = 0

  /// A description before any training; `tokenizer` cuts the tokens that figures count.
  package init(kind: ByteModelKind, tokenizer: TokenizerName, parameters: [String: Int]) {
    self.kind = kind
    settings = TextSettings(tokenizer: tokenizer, sequence: .document)
    settings.symbols = .bytes
    self.parameters = parameters
  }

  /// The tokenizers that a model of bytes can have.
  package static let tokenizers: [TokenizerName] = [.bytes, .characters]

  /// The description as lines of a file.
  var text: String {
    var lines = [
      ("kind", kind.rawValue), ("tokenizer", settings.tokenizer.rawValue),
      ("bytes", "\(trainedByteCount)"), ("documents", "\(documentCount)"),
      ("text", "\(textFingerprint)"),
    ]
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      lines.append(("parameter", "\(name) \(value)"))
    }
    return lines.map { "\($0)\t\($1)\n" }.joined()
  }

  /// The description that the lines of `text` hold; nil if a needed line is missing or makes no
  /// sense.
  init?(text: String) {
    var single: [Substring: Substring] = [:]
    var parameters: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      single[parts[0]] = parts[1]
      guard parts[0] == "parameter" else { continue }
      let words = parts[1].split(separator: " ")
      guard words.count == 2, let value = Int(words[1]) else { return nil }
      parameters[String(words[0])] = value
    }
    guard let kind = single["kind"].flatMap({ ByteModelKind(rawValue: String($0)) }),
      let tokenizer = single["tokenizer"].flatMap({ TokenizerName(rawValue: String($0)) }),
      Self.tokenizers.contains(tokenizer)
    else { return nil }
    self.init(kind: kind, tokenizer: tokenizer, parameters: parameters)
    trainedByteCount = single["bytes"].flatMap { Int($0) } ?? 0
    documentCount = single["documents"].flatMap { Int($0) } ?? 0
    textFingerprint = single["text"].flatMap { UInt64($0) } ?? 0
  }
}
