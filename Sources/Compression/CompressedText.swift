import BytePrediction
package import Files

/// A compressed text with verified checksums, to be decoded once.
package struct CompressedText {
  /// The method that coded the text.
  package let method: CodingMethod

  /// The number of bytes of the text.
  package let textByteCount: Int

  /// The number of bytes of the compressed text.
  package var byteCount: Int { code.count + CompressionResult.framingByteCount }

  private let path: String
  private let code: [UInt8]
  private let textChecksum: UInt64

  /// Reads the compressed text in `file`, which errors call `path`.
  ///
  /// - Throws: ``CompressionError`` if it is not a compressed text, or is damaged.
  ///
  /// - Complexity: Reads the whole file once.
  package init(_ file: Bytes, path: String) throws(CompressionError) {
    self.path = path
    func bytes(_ range: Range<Int>) -> [UInt8] { file.withBytes(range) { Array($0) } }
    let header = bytes(0..<min(file.count, CompressedFormat.headerByteCount))
    guard header.starts(with: CompressedFormat.magic) else { throw .notCompressed(path: path) }
    guard file.count >= CompressionResult.framingByteCount else { throw .cutShort(path: path) }
    guard header[4] == CompressedFormat.version else { throw .version(path: path, header[4]) }
    guard let method = CompressedFormat.method(header) else { throw .header(path: path) }
    self.method = method
    let codeEnd = file.count - CompressedFormat.trailerByteCount
    let trailer = bytes(codeEnd..<file.count)
    var hash = StreamingHash()
    file.withBytes(0..<(file.count - 8)) { hash.append($0) }
    guard CompressedFormat.number(trailer, at: 16, 8) == hash.value,
      let textByteCount = Int(exactly: CompressedFormat.number(trailer, at: 0, 8))
    else { throw .damaged(path: path) }
    self.textByteCount = textByteCount
    textChecksum = CompressedFormat.number(trailer, at: 8, 8)
    code = bytes(CompressedFormat.headerByteCount..<codeEnd)
  }

  /// Checks that `model` is the model that compressed the text, or nil if none did.
  ///
  /// - Throws: ``CompressionError``.
  package func check(model: (path: String, fingerprint: UInt64)?) throws(CompressionError) {
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

  /// Decodes the text with `coder` and writes it to `output`; `progress` gets the number of bytes
  /// done.
  ///
  /// If decoding fails, an output file is not put in place; bytes written to a pipe cannot be
  /// recalled.
  ///
  /// - Throws: `FileError`, and ``CompressionError/otherText(path:)`` if the decoded text differs
  ///   from the compressed one.
  package func decode(
    with coder: any TextCoder,
    to output: consuming OutputText,
    progress: (Int) -> Void = { _ in }
  ) throws {
    var output = output
    var decoder = ArithmeticDecoder(code)
    var hash = StreamingHash()
    var done = 0
    var chunk: [UInt8] = []
    while done < textByteCount {
      chunk.removeAll(keepingCapacity: true)
      let makesSense = coder.decode(
        min(Compressor.chunkByteCount, textByteCount - done),
        limit: textByteCount - done,
        into: &chunk,
        with: &decoder
      )
      // A valid code never reads more than eight bytes past its end. This check stops an endless
      // text from a forged length.
      guard makesSense, decoder.readPastEnd <= 8 else {
        throw CompressionError.otherText(path: path)
      }
      hash.append(chunk)
      done += chunk.count
      try output.write(bytes: chunk)
      progress(done)
    }
    guard hash.value == textChecksum else { throw CompressionError.otherText(path: path) }
    try output.commit()
  }
}
