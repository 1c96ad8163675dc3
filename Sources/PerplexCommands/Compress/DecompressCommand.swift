import Compression
import Files
import LanguageModels
import Records
import Terminal

/// `decompress`: restores the text of `compress`, byte for byte.
struct DecompressCommand: Command, Equatable {
  var file = "-"
  var model: String?
  var output: String?
  var results = OutputOptions()

  static let name = "decompress"
  static let abstract = "Restore a compressed text, byte for byte."
  static let discussion = """
    decompress writes FILE and keeps FILE.pxz; it decompresses standard input to standard output. It \
    replaces an existing FILE only if --output names it. The model must be the one that compress used, \
    unchanged; a text that was compressed without a model needs none. decompress refuses a damaged file \
    before it writes anything. It checks the text again at the end; a text that differs is an error.
    """
  static let examples = [
    Example("perplex decompress --model letters.perplex letter.txt.pxz", "Writes letter.txt."),
    Example(
      "perplex decompress --model letters.perplex letter.txt.pxz -o - | less",
      "Writes the text to a pipe."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operand(
      "FILE",
      value: \.file,
      isRequired: false,
      completion: .files,
      help: "The compressed text; '-' for standard input."
    ),
    .option(
      "-m",
      "--model",
      value: \.model,
      statedDefault: "none",
      completion: .files,
      help: "The model that the text was compressed with."
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

  /// The file of the text.
  var destination: String {
    output ?? (file == "-" ? "-" : String(file.dropLast(CompressCommand.suffix.count)))
  }

  mutating func validate() throws(UsageError) {
    try results.validate()
    if output == nil && file != "-" && !Self.hasSuffix(file) {
      throw UsageError(
        "the name '\(file)' does not end in \(CompressCommand.suffix): name the text with '--output'"
      )
    }
    if destination == "-" && results.printsJSON {
      throw .onlyOneStandardOutput
    }
  }

  /// Returns true where the suffix can be taken off and leaves a name.
  private static func hasSuffix(_ path: String) -> Bool {
    path.hasSuffix(CompressCommand.suffix) && !path.hasSuffix("/" + CompressCommand.suffix)
      && path != CompressCommand.suffix
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try decompress(in: &console) }
  }

  private func decompress(in console: inout Console) throws {
    let destination = destination
    try CompressionFiles.check(
      destination,
      isNamed: output != nil,
      against: [file] + (model.map { [$0] } ?? []),
      isBinary: false,
      console
    )
    let stopwatch = Stopwatch()
    let compressed = try CompressedText(try Bytes.whole(file), path: file)
    // A missing input is reported before a model is opened.
    if model == nil || compressed.method.kind == .general {
      try compressed.check(model: model.map { ($0, 0) })
    }
    let opened = try model.map { try CodingModel.open($0, threads: results.threadCount) }
    try compressed.check(model: opened.map { ($0.path, $0.fingerprint) })
    let coder =
      try opened?.coder(adapts: compressed.method.kind == .adaptiveModel)
      ?? GeneralPredictor.coder(for: compressed.method, path: file)
    let bar = console.progress("decompressing", total: compressed.textByteCount)
    defer { bar.finish() }
    try compressed.decode(
      with: coder,
      to: try OutputText(destination),
      progress: { bar.update($0) }
    )
    bar.finish()
    let seconds = stopwatch.seconds
    if results.printsJSON {
      try printResult(json(compressed, seconds: seconds), results, in: &console)
    } else {
      let report =
        "\(file): \(NumberFormat.grouped(compressed.textByteCount)) bytes, as they were compressed; "
        + NumberFormat.duration(seconds: seconds)
      try CompressionFiles.say(report, of: destination, in: &console)
    }
  }

  private func json(_ compressed: CompressedText, seconds: Double) -> JSONValue {
    [
      "file": .string(file),
      "output": .string(destination),
      "model": model.map { .string($0) } ?? .null,
      "model_fingerprint": model == nil
        ? .null : .string(compressed.method.fingerprint.hexadecimal),
      "adaptive": .bool(compressed.method.kind != .model),
      "bytes": .integer(compressed.textByteCount),
      "compressed_bytes": .integer(compressed.byteCount),
      "timing": ["seconds": .double(seconds)],
    ]
  }
}
