import Files
import Tokenization

/// Makes a model of spellings: modified Kneser-Ney on the bytes of a text's words.
///
/// Bytes, since every string is one of bytes: no character of a test text is new to it. Longer
/// n-grams than of ``order`` bytes bring nothing (Brown: 26.1 bits a new word with 6, 25.9 with 8
/// and with 10; Witten-Bell was 2 to 3 bits worse at each).
struct SpellingTrainer {
  /// The longest n-gram.
  static let order = 8

  /// Every `period`th word is held out, to measure the prediction of spellings.
  private static let period = 10

  let sample: SpellingSample
  let threads: Int

  /// A model for the words that `vocabulary` lacks: its file, and its figures.
  ///
  /// - Throws: `FileError` if there is no room for a temporary file.
  func train(lacking vocabulary: Vocabulary) throws -> (file: Bytes, facts: SpellingFacts) {
    let all = sample.ranges
    let file = try estimate(all)
    var facts = SpellingFacts(typeCount: all.count, knownShare: 0, heldOutBits: nil)
    facts.knownShare = try knownShare(of: vocabulary, try model(file, facts))
    facts.heldOutBits = try heldOutBits()
    return (file, facts)
  }

  private func heldOutBits() throws -> Double? {
    let ranges = sample.ranges
    let heldOut = ranges.indices.filter { $0 % Self.period == Self.period - 1 }.map { ranges[$0] }
    if heldOut.isEmpty { return nil }
    let learned = ranges.indices.filter { $0 % Self.period != Self.period - 1 }
    let facts = SpellingFacts(typeCount: learned.count, knownShare: 0)
    let model = try model(try estimate(learned.map { ranges[$0] }), facts)
    let bits = model.bits(of: heldOut, in: sample.bytes.span)
    return (0 - bits.reduce(0, +)) / Double(heldOut.count)
  }

  /// The probability of all words of `vocabulary` together.
  private func knownShare(of vocabulary: Vocabulary, _ model: SpellingModel) throws -> Double {
    let groupCount = 1 << 12
    let first = TokenID.specialSpellings.count
    var sum = 0.0
    for start in stride(from: first, to: vocabulary.count, by: groupCount) {
      var bytes: [UInt8] = []
      var ranges: [Range<Int>] = []
      for id in start..<min(start + groupCount, vocabulary.count) {
        vocabulary.withBytes(of: TokenID(UInt32(id))) { word in
          ranges.append(bytes.count..<bytes.count + word.count)
          bytes.append(copying: word)
        }
      }
      for bits in model.bits(of: ranges, in: bytes.span) {
        sum += LogProbability(bits: bits).probability
      }
    }
    // Rounding of a sum that is below 1.
    return min(sum, 1 - 0x1p-20)
  }

  private func model(_ file: Bytes, _ facts: SpellingFacts) throws -> SpellingModel {
    SpellingModel(try NGramModel(file, path: "the model of spellings"), facts)
  }

  /// The file of an n-gram model of the words at `ranges`.
  private func estimate(_ ranges: [Range<Int>]) throws -> Bytes {
    var builder = TrainingTextBuilder()
    var tokens: [UInt32] = []
    // Without any word, the end alone: all bytes are then as likely as one another.
    for range in ranges.isEmpty ? [0..<0] : ranges {
      tokens.removeAll(keepingCapacity: true)
      tokens.append(TokenID.beginSentence.rawValue)
      for byte in sample.bytes[range] { tokens.append(ByteVocabulary.token(byte).rawValue) }
      tokens.append(TokenID.endSentence.rawValue)
      try builder.append(tokens.span)
    }
    var options = EstimationOptions()
    options.order = Self.order
    options.threads = threads
    let data = TrainingData(ofBytes: TrainingText(builder), sequenceCount: ranges.count)
    var estimator = NGramEstimator(data, options: options)
    // They are words, not text.
    estimator.keepsSpans = false
    return try estimator.contents(named: "the model of spellings")
  }
}
