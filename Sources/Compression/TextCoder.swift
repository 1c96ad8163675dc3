public import BytePrediction
public import LanguageModels

/// Turns a text into the decisions of a model, and decisions into the text.
///
/// A coder is on its way through one text, in one direction.
public protocol TextCoder: AnyObject {
  /// Encodes `text`, the next part of a text, as far as it has whole characters.
  ///
  /// - Returns: The number of bytes encoded; the others, none of the last part, are to be given again
  ///   with what follows them.
  /// - Throws: `UTF8.ValidationError` for bytes that the model has no tokens for.
  func encode(
    _ text: Span<UInt8>,
    isLast: Bool,
    with encoder: inout ArithmeticEncoder
  ) throws(UTF8.ValidationError) -> Int

  /// Decodes the next `byteCount` bytes, some more where a character ends later, and appends them.
  ///
  /// - Returns: False where the code makes no sense, or what was decoded has more than `limit` bytes.
  func decode(
    _ byteCount: Int,
    limit: Int,
    into text: inout [UInt8],
    with decoder: inout ArithmeticDecoder
  ) -> Bool

  /// The surprisal of what was encoded with `encoder`, in bits, as scoring has it.
  func surprisalBits(of encoder: ArithmeticEncoder) -> Double

  /// What of the code is no surprisal of the model: the spelling of unknown characters, in bits.
  var spellingBits: Double { get }
}

/// Codes with a predictor of bytes: any text, its surprisal that of the encoder.
public final class ByteCoder: TextCoder {
  private let predictor: any BytePredictor

  /// A coder at the start of a text.
  public init(_ predictor: any BytePredictor) {
    self.predictor = predictor
    predictor.beginText()
  }

  /// Encodes all of `text`.
  public func encode(
    _ text: Span<UInt8>,
    isLast: Bool,
    with encoder: inout ArithmeticEncoder
  ) throws(UTF8.ValidationError) -> Int {
    predictor.encode(text, with: &encoder)
    return text.count
  }

  /// Decodes `byteCount` bytes, which always make sense.
  public func decode(
    _ byteCount: Int,
    limit: Int,
    into text: inout [UInt8],
    with decoder: inout ArithmeticDecoder
  ) -> Bool {
    var part = [UInt8](repeating: 0, count: min(byteCount, limit))
    var span = part.mutableSpan
    predictor.decode(into: &span, with: &decoder)
    text += part
    return true
  }

  /// What the encoder tells: each byte has the cost that the predictor's score of it gives.
  public func surprisalBits(of encoder: ArithmeticEncoder) -> Double { encoder.informationBits }

  /// Every byte is known.
  public var spellingBits: Double { 0 }
}

extension NGramCoder: TextCoder {
  /// What the model says of the text.
  public func surprisalBits(of encoder: ArithmeticEncoder) -> Double { surprisalBits }
}
