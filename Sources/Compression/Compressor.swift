import BytePrediction
public import Files
import LanguageModels

/// What became of a text.
public struct CompressionResult: Hashable, Sendable {
  /// The number of bytes of the text.
  public var textByteCount = 0

  /// The number of bytes of the code.
  public var codeByteCount = 0

  /// The surprisal of the text by the model, in bits: what scoring sums, without the `</s>` of a
  /// document, which is not coded.
  public var surprisalBits = 0.0

  /// What the spelling of characters that the model does not know took besides, in bits.
  public var spellingBits = 0.0

  /// The bytes beside the code: header and trailer.
  public static let framingByteCount =
    CompressedFormat.headerByteCount + CompressedFormat.trailerByteCount

  /// The number of bytes of the compressed text.
  public var compressedByteCount: Int { codeByteCount + Self.framingByteCount }

  /// Bits of the compressed text for each byte of the text; not a number for an empty one.
  public var bitsPerByte: Double { Double(8 * compressedByteCount) / Double(textByteCount) }

  /// Nothing yet.
  public init() {}
}

/// Compresses texts: arithmetic coding with a model's probabilities (``CompressedFormat``).
///
/// The compressed text is as long as its surprisal, and ``CompressionResult/framingByteCount`` bytes.
public struct Compressor {
  /// The text is read in parts of so many bytes; their number does not matter to memory.
  static let partByteCount = 1 << 16

  private let method: CodingMethod
  private let coder: any TextCoder

  /// A compressor for one text, which `coder` codes as `method` says.
  public init(_ method: CodingMethod, _ coder: any TextCoder) {
    self.method = method
    self.coder = coder
  }

  /// Compresses the file at `path` to `output`; `progress` is told the bytes done.
  ///
  /// - Throws: `FileError`, and ``CompressionError`` for text that the model cannot code.
  public func compress(
    _ path: String,
    to output: consuming OutputText,
    progress: (Int) -> Void = { _ in }
  ) throws -> CompressionResult {
    var input = try InputBytes(path)
    var output = output
    var encoder = ArithmeticEncoder()
    var result = CompressionResult()
    var textHash = StreamingHash()
    var hash = StreamingHash()
    let header = CompressedFormat.header(method)
    hash.append(header)
    try output.write(bytes: header)
    var part: [UInt8] = []
    var position = TextPosition(path: path)
    var isLast = false
    while !isLast {
      let wanted = Self.partByteCount - part.count
      isLast = try input.read(wanted, into: &part) < wanted
      let taken: Int
      do {
        taken = try coder.encode(part.span, isLast: isLast, with: &encoder)
      } catch {
        throw position.error(error.byteOffsets.lowerBound, in: part)
      }
      let done = Array(part[..<taken])
      textHash.append(done)
      position.advance(past: done)
      part.removeSubrange(..<taken)
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

/// How far a text was read, for errors that name the line.
private struct TextPosition {
  let path: String
  var byteCount = 0
  var lineFeedCount = 0

  init(path: String) { self.path = path }

  mutating func advance(past bytes: [UInt8]) {
    byteCount += bytes.count
    lineFeedCount += bytes.span.count(of: 10)
  }

  /// The error for bytes at `offset` of `part`, which begins here.
  func error(_ offset: Int, in part: [UInt8]) -> CompressionError {
    let lineFeeds = part.span.extracting(..<offset).count(of: 10)
    return .invalidUTF8(
      path: path,
      line: lineFeedCount + lineFeeds + 1,
      byteOffset: byteCount + offset
    )
  }
}
