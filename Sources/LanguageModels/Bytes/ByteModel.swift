package import BytePrediction
package import Files
import Synchronization
package import Tokenization

/// A model that predicts a text byte by byte and can go on learning from it.
///
/// Its tokens are the 256 bytes. It does not predict the end of a text, so it has no `</s>`. A
/// ``reading(adapts:)`` scores a text from start to end, since every byte before can matter.
package struct ByteModel: FileModel {
  /// The model's family, its parameters and its training.
  package let description: ByteModelDescription

  /// A checksum of the header, and so of every part: equal for equal files.
  package let fingerprint: UInt64

  /// Hashes of spans of the training text; nil if none were kept.
  package let trainingSpans: TrainingSpans?

  let file: Bytes
  private let memory: Range<Int>
  private let spare: Spare

  /// Reads the model from `file`; `path` names it in errors.
  ///
  /// - Throws: ``ModelFileError`` if the file is not such a model, or a section does not fit.
  package init(_ file: Bytes, path: String) throws(ModelFileError) {
    let sections = try ModelSections(file, path: path)
    guard sections.kind == .bytes,
      let description = sections.description.flatMap({ ByteModelDescription(text: $0) })
    else { throw .damaged(path: path, part: "description") }
    self.description = description
    self.file = file
    trainingSpans = try sections.trainingSpans(path: path)
    fingerprint = sections.fingerprint
    memory = sections.range(.memory)
    // A predictor that cannot be made now could not be made later.
    do throws(PredictorError) {
      spare = Spare(try FamilyPredictor(description, file, memory))
    } catch { throw .damaged(path: path, part: error.part) }
  }

  /// The predictor that was made when the model was opened, for the first caller.
  private final class Spare: @unchecked Sendable {
    private let lock = Mutex(())
    private var predictor: FamilyPredictor?

    init(_ predictor: FamilyPredictor) { self.predictor = predictor }

    func take() -> FamilyPredictor? {
      lock.withLock { _ in
        defer { predictor = nil }
        return predictor
      }
    }
  }

  /// The size of the file.
  package var byteCount: Int { file.count }

  /// The way in which text becomes tokens, the same as in training.
  package var settings: TextSettings { description.settings }

  /// The 256 bytes and the special tokens.
  package var vocabulary: Vocabulary { ByteVocabulary.vocabulary }

  /// Nil: no byte is unknown.
  package var speller: SpellingModel? { nil }

  /// Nil: every byte that the model has read can matter.
  package var historyLength: Int? { nil }

  /// True: the scores are probabilities.
  package var isNormalized: Bool { true }

  /// A new predictor for the caller, at the start of a text; it learns if it `adapts`.
  package func predictor(adapts: Bool) -> any BytePredictor {
    let predictor = familyPredictor().predictor
    predictor.learns = adapts
    return predictor
  }

  private func familyPredictor() -> FamilyPredictor {
    guard let made = spare.take() ?? (try? FamilyPredictor(description, file, memory)) else {
      preconditionFailure("a memory that made a predictor makes another")
    }
    return made
  }

  /// A reading from the start of a text.
  package func reading(adapts: Bool) -> any ModelReading {
    ByteReading(predictor(adapts: adapts))
  }

  /// Scores the tokens of `range` after it has read all before them.
  package func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  ) {
    let reading = ByteReading(predictor(adapts: false))
    reading.read(tokens.extracting(0..<range.lowerBound))
    reading.score(tokens.extracting(range), into: &scores)
  }

  /// The parts of the probability of `byte` after `history`, order by order; nil if the family
  /// has no orders to tell apart.
  package func explanation(of byte: UInt8, after history: [TokenID]) -> ByteExplanation? {
    guard let gated = familyPredictor().gated else { return nil }
    ByteReading(gated).read(history.span)
    return gated.explanation(of: byte)
  }

  /// The parts of the probability of each byte among `tokens`, after those before it; nil if the
  /// family has no orders to tell apart.
  package func explanations(of tokens: [TokenID]) -> [ByteExplanation]? {
    guard let gated = familyPredictor().gated else { return nil }
    let reading = ByteReading(gated)
    return tokens.compactMap { token in
      let explanation = ByteVocabulary.byte(token).map { gated.explanation(of: $0) }
      let read = [token]
      reading.read(read.span)
      return explanation
    }
  }

  /// The probability of every byte after `history`.
  package func distribution(after history: [TokenID]) -> [Double] {
    let reading = ByteReading(predictor(adapts: false))
    reading.read(history.span)
    return reading.distribution()
  }
}

/// A predictor of one of the families, which does not learn and is at the start of a text.
private enum FamilyPredictor {
  case gated(GatedNGram)
  case mixing(ContextMixer)

  /// The predictor with the memory in `range` of `file`.
  init(
    _ description: ByteModelDescription,
    _ file: Bytes,
    _ range: Range<Int>
  ) throws(PredictorError) {
    var memory = PredictorMemory(file, range)
    let parameters = description.parameters
    self =
      switch description.kind {
      case .gated: .gated(try GatedNGram(parameters: parameters, memory: &memory))
      case .mixing: .mixing(try ContextMixer(parameters: parameters, memory: &memory))
      }
    predictor.learns = false
    predictor.beginText()
  }

  var predictor: any BytePredictor {
    switch self {
    case .gated(let predictor): predictor
    case .mixing(let predictor): predictor
    }
  }

  /// The predictor of the family that has orders to tell apart.
  var gated: GatedNGram? {
    switch self {
    case .gated(let predictor): predictor
    case .mixing: nil
    }
  }
}
