import Files
import LanguageModels
import Perplexity
import RealFunctions
import Terminal
import Tokenization

/// The output of SRILM's `ngram -debug 2 -ppl`, for scripts that read it.
///
/// The form is that of SRILM 1.7.3 (lm/src/LM.cc and TextStats.cc), to the digit where the model
/// has the logarithms of an ARPA file: they are added up in single precision. An unknown word is
/// `[OOV]` where the model has no `<unk>`; where `<unk>` has a probability it is charged, as SRILM
/// does with such a file.
struct SRILMOutput {
  private let ngrams: NGramModel
  private var name = ""
  private var total = Statistics()

  /// The counts of a sentence or a text.
  struct Statistics {
    var sentences = 0
    var words = 0
    var unknown = 0
    var zeroProbabilities = 0
    var log10 = 0.0

    /// The two lines at the end of a sentence or text.
    var description: String {
      let ends = words - unknown - zeroProbabilities + sentences
      return "\(sentences) sentences, \(words) words, \(unknown) OOVs\n"
        + "\(zeroProbabilities) zeroprobs, logprob= \(SRILMOutput.number(log10)) "
        + "ppl= \(Self.perplexity(log10, ends)) ppl1= \(Self.perplexity(log10, ends - sentences))\n"
    }

    private static func perplexity(_ log10: Double, _ count: Int) -> String {
      count > 0 ? SRILMOutput.number(exp(-(log10 / Double(count)) * naturalOf10)) : "undefined"
    }

    static func += (left: inout Self, right: Self) {
      left.sentences += right.sentences
      left.words += right.words
      left.unknown += right.unknown
      left.zeroProbabilities += right.zeroProbabilities
      left.log10 += right.log10
    }
  }

  /// The output of `model`, which was opened from `path`.
  init(_ model: StoredModel?, path: String) throws(CommandError) {
    guard model?.isNormalized ?? true else { throw .noProbabilities(model: path, .srilm) }
    switch model {
    case .ngrams(let model) where model.settings.sequence == .line: ngrams = model
    case .ngrams, .bytes, nil: throw .noSentences(model: path)
    }
  }

  /// Begins the text called `name`.
  mutating func begin(_ name: String) {
    self.name = name
    total = Statistics()
  }

  /// Writes the sentences of the next part of a text.
  mutating func add(_ part: ScoredText, in console: inout Console) throws {
    let encoded = part.encoded
    for line in encoded.lines.indices {
      let tokens = encoded.tokenRange(ofLine: line)
      // SRILM takes these for comments and nothing.
      if encoded.text[encoded.textRange(ofLine: line)].starts(with: [35, 35]) { continue }
      if tokens.count <= 2 { continue }
      try console.write(sentence(tokens, of: part))
    }
  }

  /// Ends a text.
  mutating func end(in console: inout Console) throws {
    try console.write("file \(name): \(total.description)")
  }

  private mutating func sentence(_ tokens: Range<Int>, of part: ScoredText) -> String {
    let encoded = part.encoded
    var statistics = Statistics(sentences: 1)
    var text = ""
    var rows = ""
    var previous = "<s>"
    for index in tokens.dropFirst() {
      let token = encoded.tokens[index]
      let isEnd = token == .endSentence
      let spelling = isEnd ? "</s>" : Self.spelling(encoded.text[encoded.ranges[index]])
      let word = token.index == 0 ? "<unk>" : spelling
      if !isEnd {
        text += (text.isEmpty ? "" : " ") + spelling
        statistics.words += 1
      }
      let log10 = log10(of: index, in: tokens, part)
      let isUnknown = log10 == -.infinity && token.index == 0
      let isUnlisted = isUnknown && !ngrams.lists(.unknown)
      rows += "\tp( \(word) | \(previous)\(index == tokens.lowerBound + 1 ? " " : " ...")"
      rows += ") \t= [\(isUnlisted ? "OOV" : "\(part.scores[index].matchedLength)gram")] "
      rows += "\(Self.number(exp(Double(log10) * naturalOf10))) [ \(Self.number(Double(log10))) ]\n"
      if log10 == -.infinity {
        if isUnknown { statistics.unknown += 1 } else { statistics.zeroProbabilities += 1 }
      } else {
        statistics.log10 += Double(log10)
      }
      previous = word
    }
    total += statistics
    return text + "\n" + rows + statistics.description + "\n"
  }

  private func log10(of index: Int, in tokens: Range<Int>, _ part: ScoredText) -> Float {
    let score = part.scores[index]
    // SRILM does not spell.
    return ngrams.singlePrecisionLog10(
      of: part.encoded.tokens[index],
      after: part.encoded.tokens[tokens.lowerBound..<index],
      in: .srilm
    ) ?? Float(LogProbability(bits: score.logProbability.bits - score.spelling.bits).log10)
  }

  /// A word as an ARPA file has it, where it has white space in it.
  private static func spelling(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(where: { $0 <= 32 }) else { return String(decoding: bytes, as: UTF8.self) }
    return String(decoding: ARPAEscape.escape(bytes.span), as: UTF8.self)
  }

  /// A number of seven digits, as C's `%.7g` writes it.
  static func number(_ value: Double) -> String {
    String(decoding: Platform.digits(value, .shortest, precision: 7), as: UTF8.self)
  }
}

/// ln 10.
private let naturalOf10 = 2.302_585_092_994_045_684_02
