/// The score of one byte.
public struct ByteScore: Sendable, BitwiseCopyable {
  /// −log₂ p of the byte's probability p.
  public var surprisalBits: Double

  /// The length of the longest known string of bytes that ends with this byte; 0 where the byte is
  /// new after every history.
  public var matchedLength: UInt8

  /// A score.
  public init(surprisalBits: Double, matchedLength: UInt8) {
    self.surprisalBits = surprisalBits
    self.matchedLength = matchedLength
  }
}

/// Predicts each byte of a text from those before it, and may learn from them.
///
/// A predictor has a position in a text: it knows the bytes read since ``beginText()``. While
/// ``learns`` is set, it changes with each byte, as an adaptive compressor does; else everything
/// learned stays as it is, and the history alone moves on.
///
/// Probabilities come from exactly specified arithmetic alone (integers; or IEEE 754's + − × ÷ and
/// square root in a stated order, without fused operations and without a system's `exp` or `log`),
/// so an encoder and a decoder on two machines agree in every bit.
public protocol BytePredictor: AnyObject {
  /// The predictor with the memory that ``writeMemory(_:)`` wrote under these ``parameters``.
  ///
  /// - Throws: ``PredictorError`` if the two make no sense. No memory, however damaged, can
  ///   cause an access out of bounds.
  init(parameters: [String: Int], memory: inout PredictorMemory) throws(PredictorError)

  /// The numbers that determine the size of the memory and the predictions.
  var parameters: [String: Int] { get }

  /// Shows the memory to `write`, table by table, in the order in which the initializer takes them.
  func writeMemory(_ write: (RawSpan) throws -> Void) rethrows

  /// The bytes of memory that it takes.
  var memoryByteCount: Int { get }

  /// The predictor learns from what it reads.
  var learns: Bool { get set }

  /// Forgets the history, not what was learned: the next byte begins a text.
  func beginText()

  /// Learns from the next part of a training text.
  func train(_ text: Span<UInt8>)

  /// Ends the training, after the last part; from then on the predictor does not learn until
  /// ``learns`` is set.
  func finishTraining()

  /// Reads `text` and sets the score of each byte.
  func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>)

  /// Fills `probabilities` with those of the 256 values of the next byte; they sum to one.
  ///
  /// They are those of ``score(_:into:)``. This reads nothing.
  func distribution(into probabilities: inout MutableSpan<Double>)

  /// Reads `text` and writes each byte to `encoder`, at the cost that ``score(_:into:)`` gives.
  func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder)

  /// Fills `text` from `decoder`, which holds the code of ``encode(_:with:)``, and reads it.
  func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder)
}

/// Memory or parameters that make no predictor.
public struct PredictorError: Error, Hashable, Sendable {
  /// The table or the parameter that does not fit.
  public var part: String

  /// The error for this part.
  public init(_ part: String) { self.part = part }
}
