import BytePrediction
package import Files
import LanguageModels

/// The sizes of a text and of its code.
package struct CompressionResult: Hashable, Sendable {
  /// The number of bytes of the text.
  package var textByteCount = 0

  /// The number of bytes of the code.
  package var codeByteCount = 0

  /// The surprisal of the text by the model, in bits.
  ///
  /// It is the sum that scoring gives, without the `</s>` of a document, which is not coded.
  package var surprisalBits = 0.0

  /// The bits for the spelling of characters that the model does not know.
  package var spellingBits = 0.0

  /// The number of bytes of header and trailer.
  package static let framingByteCount =
    CompressedFormat.headerByteCount + CompressedFormat.trailerByteCount

  /// The number of bytes of the compressed text.
  package var compressedByteCount: Int { codeByteCount + Self.framingByteCount }

  /// Bits of the compressed text per byte of the text; NaN for an empty text.
  package var bitsPerByte: Double { Double(8 * compressedByteCount) / Double(textByteCount) }

  /// The result for an empty text without a code.
  package init() {}
}

/// Compresses texts by arithmetic coding with a model's probabilities (``CompressedFormat``).
///
/// The size of a compressed text is its surprisal plus ``CompressionResult/framingByteCount``
/// bytes.
package struct Compressor {
  /// The number of bytes read at a time; it hardly affects memory use.
  static let chunkByteCount = 1 << 16

  private let method: CodingMethod
  private let coder: any TextCoder

  /// A compressor for one text, which `coder` codes by `method`.
  package init(_ method: CodingMethod, _ coder: any TextCoder) {
    self.method = method
    self.coder = coder
  }

  /// Compresses the file at `path` to `output`; `progress` gets the number of bytes done.
  ///
  /// - Throws: `FileError`, and ``CompressionError`` for text that the model cannot code.
  package func compress(
    _ path: String,
    to output: consuming OutputText,
    progress: (Int) -> Void = { _ in }
  ) throws -> CompressionResult {
    var input = try InputBytes(path, unpacks: false)
    var output = output
    var encoder = ArithmeticEncoder()
    var result = CompressionResult()
    var textHash = StreamingHash()
    var hash = StreamingHash()
    let header = CompressedFormat.header(method)
    hash.append(header)
    try output.write(bytes: header)
    var chunk: [UInt8] = []
    var position = TextPosition(path: path)
    var isLast = false
    while !isLast {
      let wanted = Self.chunkByteCount - chunk.count
      isLast = try input.read(wanted, into: &chunk) < wanted
      let taken: Int
      do {
        taken = try coder.encode(chunk.span, isLast: isLast, with: &encoder)
      } catch {
        throw position.error(error.byteOffsets.lowerBound, in: chunk)
      }
      let done = Array(chunk[..<taken])
      textHash.append(done)
      position.advance(past: done)
      chunk.removeSubrange(..<taken)
      if isLast {
        result.surprisalBits = coder.surprisalBits(of: encoder)
        result.spellingBits = coder.spellingBits
        encoder.finish()
      }
      let code = encoder.takeBytes()
      hash.append(code)
      result.codeByteCount += code.count
      try output.write(bytes: code)
      progress(position.byteCount)
    }
    result.textByteCount = position.byteCount
    var trailer = CompressedFormat.trailer(
      textByteCount: UInt64(result.textByteCount),
      textChecksum: textHash.value
    )
    hash.append(trailer)
    CompressedFormat.append(hash.value, 8, to: &trailer)
    try output.write(bytes: trailer)
    try output.commit()
    return result
  }
}

/// The position in the text, for errors that name the line.
private struct TextPosition {
  let path: String
  var byteCount = 0
  var lineFeedCount = 0

  init(path: String) { self.path = path }

  mutating func advance(past bytes: [UInt8]) {
    byteCount += bytes.count
    lineFeedCount += bytes.span.count(of: 10)
  }

  /// The error for the byte at `offset` of `chunk`, which begins at this position.
  func error(_ offset: Int, in chunk: [UInt8]) -> CompressionError {
    let lineFeeds = chunk.span.extracting(..<offset).count(of: 10)
    return .invalidUTF8(
      path: path,
      line: lineFeedCount + lineFeeds + 1,
      byteOffset: byteCount + offset
    )
  }
}
