import Files
import RealFunctions
import Tokenization

/// Gives every string of bytes a probability as the spelling of a word that a vocabulary lacks.
///
/// With it the probability of an unknown word is that of the word itself and not of the event that
/// some unknown word comes:
///
///     p(w | h) = p(<unk> | h) · s(w) / (1 − K)         K = Σ s(v), v in the vocabulary
///     s(w)     = (1 − ε) · q(w) + ε · 257^−(n+1)       ε = 1/1024, n the number of bytes of w
///
/// q is an n-gram model of bytes: a spelling is a sequence of them with its end, so that q sums to
/// one over all strings. The second summand has the end and the 256 bytes equally likely: with it
/// none is impossible, and none costs much more than its bytes. A word of the vocabulary is never
/// unknown, so its share K goes to the others. The sum over all words that the vocabulary lacks is
/// then at most one, and so is that over all words, with p(<unk> | h) and the known words'.
///
/// The literal `<unk>` of a text has no other spelling and is charged none.
package final class SpellingModel: Sendable {
  /// The longest n-gram of bytes.
  package var order: Int { model.description.order }

  /// The number of words it was trained on, each once.
  package var typeCount: Int { facts.typeCount }

  /// The bits of a word that training had not seen, its end counted: of every tenth, by a model of
  /// the other nine; nil if there were too few.
  package var heldOutBits: Double? { facts.heldOutBits }

  /// K: the share of all strings that the known words have.
  package var knownShare: Double { facts.knownShare }

  private let model: NGramModel
  private let facts: SpellingFacts
  /// −log₂ (1 − K).
  private let gainBits: Double

  /// Opens the model in `file`, which is a part of the file at `path`.
  ///
  /// - Throws: ``ModelFileError/damaged(path:part:)``.
  convenience init(_ file: Bytes, _ facts: SpellingFacts?, path: String) throws(ModelFileError) {
    // No speller has a speller, or a file could be made of nothing else.
    guard let facts, let sections = try? ModelSections(file, path: path), !sections.has(.speller),
      let model = try? NGramModel(file, path: path), model.isNormalized,
      model.vocabulary.count == ByteVocabulary.vocabulary.count
    else { throw .damaged(path: path, part: "speller") }
    self.init(model, facts)
  }

  /// A model of spellings by `model`, whose tokens are bytes.
  init(_ model: NGramModel, _ facts: SpellingFacts) {
    self.model = model
    self.facts = facts
    gainBits = -log1p(-facts.knownShare) / SpellingModel.natsPerBit
  }

  private static let natsPerBit = 0.693_147_180_559_945_309_4
  /// ε.
  private static let uniformShare = 0x1p-10

  /// The log-probabilities of the words at `ranges` of `text`, given that they are unknown.
  ///
  /// Each is rounded down to 24 bits.
  /// - Complexity: O(bytes · ``order``).
  package func logProbabilities(
    of ranges: [Range<Int>],
    in text: Span<UInt8>
  ) -> [LogProbability] {
    bits(of: ranges, in: text).map { bits in
      let gained = bits + gainBits
      let rounded = Float(gained)
      return LogProbability(bits: Double(Double(rounded) > gained ? rounded.nextDown : rounded))
    }
  }

  /// log₂ s of the words at `ranges` of `text`.
  func bits(of ranges: [Range<Int>], in text: Span<UInt8>) -> [Double] {
    var tokens: [TokenID] = []
    tokens.reserveCapacity(ranges.reduce(0) { $0 + $1.count + 2 })
    for range in ranges {
      tokens.append(.beginSentence)
      for index in range { tokens.append(ByteVocabulary.token(text[index])) }
      tokens.append(.endSentence)
    }
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var output = scores.mutableSpan
    model.score(tokens.span, 0..<tokens.count, into: &output)
    var next = 0
    return ranges.map { range in
      var bits = 0.0
      for _ in 0..<range.count + 2 {
        bits += scores[next].logProbability.bits
        next += 1
      }
      return Self.mixed(bits, byteCount: range.count)
    }
  }

  /// log₂ of (1 − ε) · 2^`bits` + ε · 257^−(n+1).
  private static func mixed(_ bits: Double, byteCount: Int) -> Double {
    // A damaged file may have a value that is not a probability: it counts as zero.
    let learned = bits <= 0 ? bits + log1p(-uniformShare) / natsPerBit : -.infinity
    let uniform = log2(uniformShare) - Double(byteCount + 1) * log2(257)
    let larger = max(learned, uniform)
    return larger + log1p(exp2(min(learned, uniform) - larger)) / natsPerBit
  }
}

/// The figures of a model of spellings beside its n-grams.
struct SpellingFacts: Hashable, Sendable {
  /// The number of words it was trained on.
  var typeCount: Int
  /// The share of all strings that the known words have, below 1.
  var knownShare: Double
  /// The bits of a word of those held out.
  var heldOutBits: Double?
}

extension SpellingFacts: LosslessStringConvertible {
  /// The values in their order; `-` for none.
  var description: String {
    "\(typeCount) \(knownShare) \(heldOutBits.map { "\($0)" } ?? "-")"
  }

  init?(_ description: String) {
    let values = description.split(separator: " ")
    guard values.count == 3, let typeCount = Int(values[0]), let share = Double(values[1]),
      share >= 0, share < 1
    else { return nil }
    self.init(typeCount: typeCount, knownShare: share, heldOutBits: Double(values[2]))
  }
}
