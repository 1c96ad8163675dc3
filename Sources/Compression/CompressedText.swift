import BytePrediction
public import Files

/// A compressed text that is whole, as its checksums say; to be decoded once.
public struct CompressedText {
  /// What it was coded with.
  public let method: CodingMethod

  /// The number of bytes of the text.
  public let textByteCount: Int

  /// The number of bytes of the compressed text.
  public var byteCount: Int { code.count + CompressionResult.framingByteCount }

  private let path: String
  private let code: [UInt8]
  private let textChecksum: UInt64

  /// Reads the compressed text in `file`, which errors call `path`.
  ///
  /// - Throws: ``CompressionError`` where it is none, or is not as it was written.
  /// - Complexity: reads the whole file once.
  public init(_ file: Bytes, path: String) throws(CompressionError) {
    self.path = path
    func part(_ range: Range<Int>) -> [UInt8] { file.withBytes(range) { Array($0) } }
    let header = part(0..<min(file.count, CompressedFormat.headerByteCount))
    guard header.starts(with: CompressedFormat.magic) else { throw .notCompressed(path: path) }
    guard file.count >= CompressionResult.framingByteCount else { throw .cutShort(path: path) }
    guard header[4] == CompressedFormat.version else { throw .version(path: path, header[4]) }
    guard let method = CompressedFormat.method(header) else { throw .header(path: path) }
    self.method = method
    let codeEnd = file.count - CompressedFormat.trailerByteCount
    let trailer = part(codeEnd..<file.count)
    var hash = StreamingHash()
    file.withBytes(0..<(file.count - 8)) { hash.append($0) }
    guard CompressedFormat.number(trailer, at: 16, 8) == hash.value,
      let textByteCount = Int(exactly: CompressedFormat.number(trailer, at: 0, 8))
    else { throw .damaged(path: path) }
    self.textByteCount = textByteCount
    textChecksum = CompressedFormat.number(trailer, at: 8, 8)
    code = part(CompressedFormat.headerByteCount..<codeEnd)
  }

  /// Checks that the right model is given, or none where none was used.
  ///
  /// - Throws: ``CompressionError``.
  public func check(model: (path: String, fingerprint: UInt64)?) throws(CompressionError) {
    switch (method.kind, model) {
    case (.general, nil): return
    case (.general, _): throw .needsNoModel(path: path)
    case (_, nil): throw .needsModel(path: path, fingerprint: method.fingerprint)
    case (_, let model?):
      guard model.fingerprint == method.fingerprint else {
        throw .otherModel(
          path: path,
          expected: method.fingerprint,
          model: model.path,
          found: model.fingerprint
        )
      }
    }
  }

  /// Decodes the text with `coder` and writes it to `output`; `progress` is told the bytes done.
  ///
  /// - Throws: `FileError`, and ``CompressionError/otherText(path:)`` where the text is not the one that
  ///   was compressed. A file is not put in its place then; what went to a pipe has gone.
  public func decode(
    with coder: any TextCoder,
    to output: consuming OutputText,
    progress: (Int) -> Void = { _ in }
  ) throws {
    var output = output
    var decoder = ArithmeticDecoder(code)
    var hash = StreamingHash()
    var done = 0
    var part: [UInt8] = []
    while done < textByteCount {
      part.removeAll(keepingCapacity: true)
      let makesSense = coder.decode(
        min(Compressor.partByteCount, textByteCount - done),
        limit: textByteCount - done,
        into: &part,
        with: &decoder
      )
      // What is written never needs more than eight bytes that are not there: a text without end from
      // a forged length stops here.
      guard makesSense, decoder.readPastEnd <= 8 else {
        throw CompressionError.otherText(path: path)
      }
      hash.append(part)
      done += part.count
      try output.write(bytes: part)
      progress(done)
    }
    guard hash.value == textChecksum else { throw CompressionError.otherText(path: path) }
    try output.commit()
  }
}
