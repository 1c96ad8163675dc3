import Compression
import Files
import LanguageModels
import Records
import Terminal

/// `compress`: writes a text as a file as long as its surprisal.
struct CompressCommand: Command, Equatable {
  /// The end of the name of a compressed text.
  static let suffix = ".pxz"

  var text = "-"
  var model: String?
  var adapts = false
  var isFast = false
  var memory: ByteSize?
  var output: String?
  var results = OutputOptions()

  static let name = "compress"
  static let abstract = "Compress a text to the size of its cross-entropy."
  static let discussion = """
    An arithmetic coder writes the text with the model's probabilities. The file is as long as the \
    cross-entropy that score reports, to within 16 bytes, plus 48 bytes. decompress with the same \
    model restores the text byte for byte. A model is gated, mixing, or of n-grams of characters or \
    bytes without --lowercase and --normalize. Without a model, a new mixing model learns from the text \
    as it goes. The </s> at the end of a document is not coded. Characters that the model does not know \
    are spelled, which score does not charge.

    compress writes FILE.pxz and keeps FILE. Without a FILE, it compresses standard input to standard \
    output. It replaces an existing FILE.pxz only if --output names it.
    """
  static let examples = [
    Example(
      "perplex compress --model letters.perplex letter.txt",
      "Writes letter.txt.pxz and prints the bits per byte."
    ),
    Example("perplex compress letter.txt", "Without a model: any text, any bytes."),
    Example(
      "perplex compress --model letters.perplex < a.txt | perplex decompress --model letters.perplex -",
      "There and back through a pipe."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operand(
      "FILE",
      value: \.text,
      isRequired: false,
      completion: .files,
      help: "The text; '-' for standard input."
    ),
    .option(
      "-m",
      "--model",
      value: \.model,
      statedDefault: "none: a predictor that learns from the text alone",
      completion: .files,
      help: "A .perplex or ARPA file."
    ),
    .flag("--adapt", value: \.adapts, help: "Let the model learn from the text as it goes."),
    .flag("--fast", value: \.isFast, help: "Without a model: compress faster, and less well."),
    .option(
      "--memory",
      value: \.memory,
      statedDefault: "1G",
      help:
        "Without a model: the size of the predictor's tables, here and in decompress; at least about "
        + "80M, or 15M with --fast."
    ),
    .option(
      "-o",
      "--output",
      value: \.output,
      completion: .files,
      help: "The file to write; '-' for standard output."
    ),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  /// The file of the compressed text.
  var destination: String { output ?? (text == "-" ? "-" : text + Self.suffix) }

  mutating func validate() throws(UsageError) {
    try results.validate()
    if model == nil && adapts {
      throw .needs(
        "--adapt",
        other: "--model",
        reason: "without a model, the predictor always learns"
      )
    }
    if model != nil && (isFast || memory != nil) {
      throw .conflict(isFast ? "--fast" : "--memory", "--model", reason: "the model says both")
    }
    if let memory, !GeneralPredictor.memoryMebibytes.contains(Self.mebibytes(memory)) {
      throw .outOfRange(
        option: "--memory",
        bounds: "between 32M and 64G",
        found: "\(memory.byteCount) bytes"
      )
    }
    if destination == "-" && results.printsJSON {
      throw .onlyOneStandardOutput
    }
  }

  private static func mebibytes(_ size: ByteSize) -> UInt32 {
    UInt32(clamping: size.byteCount >> 20)
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try compress(in: &console) }
  }

  private func compress(in console: inout Console) throws {
    let destination = destination
    try CompressionFiles.check(
      destination,
      isNamed: output != nil,
      against: [text] + (model.map { [$0] } ?? []),
      isBinary: true,
      console
    )
    let stopwatch = Stopwatch()
    let opened = try model.map { try CodingModel.open($0, threads: results.threadCount) }
    let method = opened?.method(adapts: adapts) ?? generalMethod
    let coder = try opened?.coder(adapts: adapts) ?? GeneralPredictor.coder(for: method, path: text)
    let bar = console.progress("compressing", total: CompressionFiles.byteCount(of: text))
    defer { bar.finish() }
    let result = try Compressor(method, coder).compress(
      text,
      to: try OutputText(destination),
      progress: { bar.update($0) }
    )
    bar.finish()
    let seconds = stopwatch.seconds
    if results.printsJSON {
      try printResult(json(result, method, seconds: seconds), results, in: &console)
    } else {
      try CompressionFiles.say(report(result, seconds: seconds), of: destination, in: &console)
    }
  }

  /// The coding method without a model.
  private var generalMethod: CodingMethod {
    var method = GeneralPredictor.method(
      isFast: isFast,
      memoryMebibytes: memory.map { Self.mebibytes($0) }
        ?? GeneralPredictor.defaultMemoryMebibytes
    )
    method.textByteCount = CompressionFiles.byteCount(of: text)
    return method
  }

  private func json(
    _ result: CompressionResult,
    _ method: CodingMethod,
    seconds: Double
  ) -> JSONValue {
    [
      "text": .string(text),
      "output": .string(destination),
      "model": model.map { .string($0) } ?? .null,
      "model_fingerprint": model == nil ? .null : .string(method.fingerprint.hexadecimal),
      "adaptive": .bool(method.kind != .model),
      "bytes": .integer(result.textByteCount),
      "compressed_bytes": .integer(result.compressedByteCount),
      "framing_bytes": .integer(CompressionResult.framingByteCount),
      "code_bits": .integer(8 * result.codeByteCount),
      "surprisal_bits": .double(result.surprisalBits),
      "spelling_bits": .double(result.spellingBits),
      "bits_per_byte": .double(result.bitsPerByte),
      "timing": ["seconds": .double(seconds)],
    ]
  }

  private func report(_ result: CompressionResult, seconds: Double) -> String {
    let bitsPerByte =
      result.textByteCount == 0
      ? "" : ", \(NumberFormat.fixed(result.bitsPerByte, decimals: 4)) bits a byte"
    let spelling = result.spellingBits == 0 ? "" : " and the spelling of unknown characters"
    let expected = (result.surprisalBits + result.spellingBits) / 8
    return "\(text): \(NumberFormat.grouped(result.textByteCount)) bytes became "
      + "\(NumberFormat.grouped(result.compressedByteCount))\(bitsPerByte); the surprisal\(spelling) "
      + "is \(NumberFormat.fixed(expected, decimals: 1)) bytes; "
      + "\(NumberFormat.duration(seconds: seconds))"
  }
}
