public import BytePrediction
public import Files
import Synchronization
public import Tokenization

/// A model that predicts a text byte by byte and could go on learning from it.
///
/// Its tokens are the 256 bytes; how long a text is, is not predicted, so `</s>` is none of them. A
/// text is scored from its start to its end by a ``reading(adapts:)``, since the whole of what was
/// read can matter.
public struct ByteModel: StoredModel {
  /// What the model is and where it came from.
  public let description: ByteModelDescription

  /// Equal for equal files: a checksum of the header, and in it of every part.
  public let fingerprint: UInt64

  /// Spans of the training text; nil where they were not kept.
  public let trainingSpans: TrainingSpans?

  let file: Bytes
  private let memory: Range<Int>
  private let spare: Spare

  /// Reads the model from `file`; `path` names it in errors.
  ///
  /// - Throws: ``ModelFileError`` when the file is no such model, or a part does not fit.
  public init(_ file: Bytes, path: String) throws(ModelFileError) {
    let sections = try ModelSections(file, path: path)
    guard sections.kind == .bytes,
      let description = sections.description.flatMap({ ByteModelDescription(text: $0) })
    else { throw .damaged(path: path, part: "description") }
    self.description = description
    self.file = file
    trainingSpans = try sections.trainingSpans(path: path)
    fingerprint = sections.fingerprint
    memory = sections.range(.memory)
    // What cannot be made now could not be made later.
    do throws(PredictorError) {
      spare = Spare(try Self.predictor(description, file, memory))
    } catch { throw .damaged(path: path, part: error.part) }
  }

  /// The predictor that was made when the model was opened, for who comes first.
  private final class Spare: @unchecked Sendable {
    private let lock = Mutex(())
    private var predictor: (any BytePredictor)?

    init(_ predictor: any BytePredictor) { self.predictor = predictor }

    func take() -> (any BytePredictor)? {
      lock.withLock { _ in
        defer { predictor = nil }
        return predictor
      }
    }
  }

  /// The size of the file.
  public var byteCount: Int { file.count }

  /// How text becomes tokens, as in training.
  public var settings: TextSettings { description.settings }

  /// The 256 bytes and the special tokens.
  public var vocabulary: Vocabulary { ByteVocabulary.vocabulary }

  /// No bound: what was read long ago can be found again.
  public var historyLength: Int? { nil }

  /// Its scores are probabilities.
  public var isNormalized: Bool { true }

  /// A predictor of the model's own, at the start of a text; it learns if it `adapts`.
  public func predictor(adapts: Bool) -> any BytePredictor {
    guard
      let predictor = spare.take() ?? (try? Self.predictor(description, file, memory))
    else { preconditionFailure("a memory that made a predictor makes another") }
    predictor.learns = adapts
    return predictor
  }

  private static func predictor(
    _ description: ByteModelDescription,
    _ file: Bytes,
    _ range: Range<Int>
  ) throws(PredictorError) -> any BytePredictor {
    var memory = PredictorMemory(file, range)
    let predictor = try description.kind.predictor(description.parameters, &memory)
    predictor.learns = false
    predictor.beginText()
    return predictor
  }

  /// A reading from the start of a text.
  public func reading(adapts: Bool) -> (any ModelReading)? {
    ByteReading(predictor(adapts: adapts))
  }

  /// Scores the tokens of `range`, after a reading of all before them.
  public func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  ) {
    let reading = ByteReading(predictor(adapts: false))
    reading.read(tokens.extracting(0..<range.lowerBound))
    reading.score(tokens.extracting(range), into: &scores)
  }

  /// How the probability of `byte` after `history` comes about, order by order; nil where the family
  /// has no orders to be told apart.
  public func explanation(of byte: UInt8, after history: [TokenID]) -> ByteExplanation? {
    guard let gated = predictor(adapts: false) as? GatedNGram else { return nil }
    ByteReading(gated).read(history.span)
    return gated.explanation(of: byte)
  }

  /// How the probability of each byte among `tokens` comes about, after those before it; nil where
  /// the family has no orders to be told apart.
  public func explanations(of tokens: [TokenID]) -> [ByteExplanation]? {
    guard let gated = predictor(adapts: false) as? GatedNGram else { return nil }
    let reading = ByteReading(gated)
    return tokens.compactMap { token in
      let explanation = ByteVocabulary.byte(token).map { gated.explanation(of: $0) }
      let read = [token]
      reading.read(read.span)
      return explanation
    }
  }

  /// The probability of every byte after `history`.
  public func distribution(after history: [TokenID]) -> [Double] {
    let reading = ByteReading(predictor(adapts: false))
    reading.read(history.span)
    return reading.distribution()
  }
}

extension ByteModelKind {
  fileprivate func predictor(
    _ parameters: [String: Int],
    _ memory: inout PredictorMemory
  ) throws(PredictorError) -> any BytePredictor {
    switch self {
    case .gated: try GatedNGram(parameters: parameters, memory: &memory)
    case .mixing: try ContextMixer(parameters: parameters, memory: &memory)
    }
  }
}
