package import BytePrediction
package import LanguageModels

/// Encodes a text as decisions of a model, or decodes it.
///
/// A coder goes through one text, in one direction.
package protocol TextCoder: AnyObject {
  /// Encodes the whole characters of `text`, the next piece of a text.
  ///
  /// - Returns: The number of bytes encoded. The caller passes the remaining bytes again, followed
  ///   by more; none remain of the last piece.
  ///
  /// - Throws: `UTF8.ValidationError` for bytes that the model has no tokens for.
  func encode(
    _ text: Span<UInt8>,
    isLast: Bool,
    with encoder: inout ArithmeticEncoder
  ) throws(UTF8.ValidationError) -> Int

  /// Decodes and appends the next `byteCount` bytes, or a few more to complete a character.
  ///
  /// - Returns: False if the code is invalid, or if the decoded text exceeds `limit` bytes.
  func decode(
    _ byteCount: Int,
    limit: Int,
    into text: inout [UInt8],
    with decoder: inout ArithmeticDecoder
  ) -> Bool

  /// The surprisal of the text encoded with `encoder`, in bits, as in scoring.
  func surprisalBits(of encoder: ArithmeticEncoder) -> Double

  /// The bits of the code for the spelling of unknown characters, which are not surprisal of the
  /// model.
  var spellingBits: Double { get }
}

/// A coder with a byte predictor, for any text; the surprisal is that of the encoder.
package final class ByteCoder: TextCoder {
  private let predictor: any BytePredictor

  /// A coder at the start of a text.
  package init(_ predictor: any BytePredictor) {
    self.predictor = predictor
    predictor.beginText()
  }

  /// Encodes all of `text`.
  package func encode(
    _ text: Span<UInt8>,
    isLast: Bool,
    with encoder: inout ArithmeticEncoder
  ) throws(UTF8.ValidationError) -> Int {
    predictor.encode(text, with: &encoder)
    return text.count
  }

  /// Decodes `byteCount` bytes; any code is valid.
  package func decode(
    _ byteCount: Int,
    limit: Int,
    into text: inout [UInt8],
    with decoder: inout ArithmeticDecoder
  ) -> Bool {
    var bytes = [UInt8](repeating: 0, count: min(byteCount, limit))
    var span = bytes.mutableSpan
    predictor.decode(into: &span, with: &decoder)
    text += bytes
    return true
  }

  /// The encoder's information content, which equals the sum of the predictor's scores.
  package func surprisalBits(of encoder: ArithmeticEncoder) -> Double { encoder.informationBits }

  /// The bits for unknown bytes: 0, since a byte predictor knows every byte.
  package var spellingBits: Double { 0 }
}

extension NGramCoder: TextCoder {
  /// The surprisal of the text by the model.
  package func surprisalBits(of encoder: ArithmeticEncoder) -> Double { surprisalBits }
}
