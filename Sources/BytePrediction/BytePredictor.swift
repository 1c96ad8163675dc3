/// What a predictor says of one byte.
public struct ByteScore: Sendable, BitwiseCopyable {
  /// Minus the logarithm to base 2 of the byte's probability.
  public var surprisalBits: Double

  /// The number of bytes before it, and the byte itself, that were known together; 0 where the byte
  /// is new to every history.
  public var matchedLength: UInt8

  /// A score.
  public init(surprisalBits: Double, matchedLength: UInt8) {
    self.surprisalBits = surprisalBits
    self.matchedLength = matchedLength
  }
}

/// Predicts each byte of a text from those before it, and may learn from them.
///
/// A predictor is on its way through a text: it knows what it has read since ``beginText()``. While
/// ``learns`` it changes with each byte, as an adaptive compressor does; else all that it learned
/// stays as it is, and only the history moves on.
///
/// All that decides a probability is exactly specified arithmetic (integers; or IEEE 754's + − × ÷
/// and square root in a stated order, without fused operations and without a system's `exp` or
/// `log`), so that an encoder and a decoder on two machines agree in every bit.
public protocol BytePredictor: AnyObject {
  /// The predictor with the memory that ``writeMemory(_:)`` wrote under these ``parameters``.
  ///
  /// - Throws: ``PredictorError`` where the two make no sense. Nothing in the memory can make reading
  ///   go out of bounds.
  init(parameters: [String: Int], memory: inout PredictorMemory) throws(PredictorError)

  /// The numbers that the size of the memory and the way of predicting follow from.
  var parameters: [String: Int] { get }

  /// Shows the memory to `write`, block by block, in the order that the initializer takes them.
  func writeMemory(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows

  /// The bytes of memory that it takes.
  var memoryByteCount: Int { get }

  /// Whether it learns from what it reads.
  var learns: Bool { get set }

  /// Forgets the history, not what was learned: what follows is the start of a text.
  func beginText()

  /// Learns from a part of a training text, which follows what it has read.
  func train(_ text: Span<UInt8>)

  /// Ends the training, after the last part; from then on it does not learn unless told to.
  func finishTraining()

  /// Reads `text`; what was expected of each byte goes to the score of its place.
  func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>)

  /// Fills `probabilities`, 256 of them, with those of the next byte; they sum to one.
  ///
  /// They are those that ``score(_:into:)`` would give. Nothing is read.
  func distribution(into probabilities: inout MutableSpan<Double>)

  /// Reads `text` and hands each byte to `encoder`, at the cost that ``score(_:into:)`` gives it.
  func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder)

  /// Fills `text` from `decoder`, which has what ``encode(_:with:)`` wrote, and reads it.
  func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder)
}

/// Memory or parameters that make no predictor.
public struct PredictorError: Error, Hashable, Sendable {
  /// What does not fit.
  public var part: String

  /// The error for this part.
  public init(_ part: String) { self.part = part }
}
