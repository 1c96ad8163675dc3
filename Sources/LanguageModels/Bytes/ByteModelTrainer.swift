package import BytePrediction
package import Files
package import Records
package import Tokenization

/// Trains a predictor of bytes on texts and writes it as a model file.
package struct ByteModelTrainer: ~Copyable {
  private static let stepByteCount = 1 << 14

  private let predictor: any BytePredictor
  private var description: ByteModelDescription
  private var fingerprint = StreamingHash()
  private var spans: TrainingSpansBuilder

  /// The records read and left out; nil for plain text.
  package private(set) var records: RecordTally?

  /// A trainer of `predictor`, which has read nothing; `tokenizer` cuts the tokens that figures
  /// count.
  package init(_ kind: ByteModelKind, _ predictor: any BytePredictor, tokenizer: TokenizerName) {
    self.predictor = predictor
    description = ByteModelDescription(
      kind: kind,
      tokenizer: tokenizer,
      parameters: predictor.parameters
    )
    spans = TrainingSpansBuilder(description.settings, limit: ByteVocabulary.vocabulary.count)
  }

  /// Learns from a text; `progress` gets the number of its bytes done so far.
  ///
  /// - Throws: `FileError` when reading fails, `TextError` for bytes that are not UTF-8 where a
  ///   token is a scalar.
  package mutating func train(
    on source: TextSource,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse,
    progress: (Int) -> Void = { _ in }
  ) throws {
    var reader = try TextReader(
      source,
      isRaw: description.settings.readsRawBytes,
      invalidUTF8: invalidUTF8
    )
    var done = 0
    while let block = try reader.next() {
      for index in 0..<block.pieceCount {
        let piece = block.piece(index)
        if piece.isFirst {
          predictor.beginText()
          spans.beginText()
          description.documentCount += 1
        }
        // In steps, as a block can take seconds.
        for start in stride(
          from: piece.range.lowerBound,
          to: piece.range.upperBound,
          by: Self.stepByteCount
        ) {
          let end = min(start + Self.stepByteCount, piece.range.upperBound)
          predictor.train(block.bytes.span.extracting(start..<end))
          progress(done + end)
        }
        spans.read(block.bytes.span.extracting(piece.range))
      }
      block.appendContent(to: &fingerprint)
      if let tally = block.tally { records = (records ?? RecordTally()) + tally }
      done += block.bytes.count
    }
    description.trainedByteCount += done
  }

  /// Ends the training and writes the model.
  ///
  /// - Throws: `TextError` if the texts were empty, `FileError` when the disk is full or fails.
  package consuming func finish(
    to file: OutputFile,
    paths: [String]
  ) throws -> ByteModelDescription {
    guard description.trainedByteCount > 0 else {
      throw TextError.empty(paths: paths, leftOut: records?.leftOutAll)
    }
    predictor.finishTraining()
    description.parameters = predictor.parameters
    description.textFingerprint = fingerprint.value
    let text = Array(description.text.utf8)
    let sections = ModelLayout.Kind.bytes.sections
    let textStart = ModelLayout.aligned(ModelLayout.tableEnd(sectionCount: sections.count))
    let spans = spans.values()
    let spansStart = ModelLayout.aligned(textStart + text.count)
    let spansByteCount = spans.count * MemoryLayout<UInt64>.stride
    let memoryStart = ModelLayout.aligned(spansStart + spansByteCount)
    var end = memoryStart
    var checksum = StreamingHash()
    try predictor.writeMemory { table in
      try PredictorMemory.write(table) { piece in
        try piece.withBytes { bytes in
          try file.write(bytes, at: end)
          checksum.append(bytes)
        }
        end += piece.byteCount
      }
    }
    let textChecksum = try ModelWriter.write(text, file, at: textStart)
    let spansChecksum = try ModelWriter.write(spans, file, at: spansStart)
    try ModelWriter.writeHeader(
      file,
      .bytes,
      sections,
      [
        (textStart, text.count), (spansStart, spansByteCount), (memoryStart, end - memoryStart),
      ],
      [textChecksum, spansChecksum, checksum.value],
      end
    )
    try file.commit()
    return description
  }
}
