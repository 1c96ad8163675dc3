import BytePrediction
import InformationTheory
import LanguageModels
import Perplexity
import Tokenization

/// A passage as the bytes that an arithmetic coder makes of it, beside the bits of its characters.
struct LessonCode: Sendable {
  /// The order of the model of characters.
  static let order = 6
  /// The largest number of characters in the passage.
  static let longest = 160

  /// A character of the passage.
  struct Character: Sendable {
    /// The character.
    var text: String
    /// Its surprisal in bits, and its spelling where the model does not know it.
    var bits: Double
    /// The bits of the passage up to here, this character counted.
    var bitsSoFar: Double
    /// The model does not know it.
    var isUnknown: Bool
  }

  /// The first line to measure on that is not short; the start of it where it is long.
  let passage: String
  /// Its characters with their bits.
  let characters: [Character]
  /// The code of the passage.
  let code: [UInt8]
  /// The text decoded from the code.
  let decoded: String
  /// The surprisal of the passage, by the coder.
  let surprisalBits: Double
  /// The bits that spelling the unknown characters took.
  let spellingBits: Double
  /// The evaluation of the same model on all held-out lines, as one text.
  let evaluation: Evaluation

  /// Codes a passage of `heldOut` with a model of characters.
  init(_ heldOut: [UInt8], on bench: LessonBench) throws {
    let data = try bench.data(.init(tokenizer: .characters, sequence: .document))
    let model = try bench.model(of: data, order: Self.order)
    passage = Self.passage(of: heldOut)
    let bytes = Array(passage.utf8)

    let coder = try NGramCoder(model, path: "\(Self.order)-gram model")
    var encoder = ArithmeticEncoder()
    _ = try coder.encode(bytes.span, isLast: true, with: &encoder)
    surprisalBits = coder.surprisalBits
    spellingBits = coder.spellingBits
    encoder.finish()
    code = encoder.bytes

    var decoder = ArithmeticDecoder(code)
    var text: [UInt8] = []
    let makesSense = try NGramCoder(model, path: "\(Self.order)-gram model")
      .decode(bytes.count, limit: bytes.count, into: &text, with: &decoder)
    decoded = makesSense ? String(decoding: text, as: UTF8.self) : ""
    evaluation = try bench.evaluation(of: model)
    characters = try Self.characters(of: passage, model, spellingBits: coder.spellingBits)
  }

  /// The characters with their bits, as scoring finds them.
  private static func characters(
    of passage: String,
    _ model: NGramModel,
    spellingBits: Double
  ) throws -> [Character] {
    var vocabulary = model.vocabulary
    let tokens = try TextEncoder(model.settings).encode(
      TextChunk(passage),
      of: "",
      numbering: &vocabulary
    ).tokens
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var span = scores.mutableSpan
    model.score(tokens.span, 0..<tokens.count, into: &span)
    let unknownCount = tokens.count { $0.isOutOfVocabulary }
    var total = 0.0
    // The first token is the start of the text and the last its end, which is not coded.
    return zip(passage.unicodeScalars, 1...).map { scalar, index in
      let isUnknown = tokens[index].isOutOfVocabulary
      let bits =
        scores[index].surprisalBits
        + (isUnknown ? spellingBits / Double(unknownCount) : 0)
      total += bits
      return Character(
        text: String(scalar),
        bits: bits,
        bitsSoFar: total,
        isUnknown: isUnknown
      )
    }
  }

  private static func passage(of heldOut: [UInt8]) -> String {
    let lines = heldOut.split(separator: 10)
    let line =
      lines.first { (40...longest).contains($0.count) } ?? lines.first { $0.count > longest }
      ?? lines.max { $0.count < $1.count } ?? []
    let text = String(decoding: line, as: UTF8.self)
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest)))
  }
}
