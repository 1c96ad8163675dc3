package import Files
import LanguageModels
package import Perplexity
import Synchronization
package import Tokenization

/// The log-probabilities that another program gave to the tokens of one text.
///
/// ```swift
/// let model = try ExternalModel.open("gpt.jsonl")
/// let evaluation = try model.evaluate(.file("held-out.txt"), progress: { _ in })
/// evaluation.bitsPerByte  // 1.02
/// model.notes             // ["9 bytes of line ends outside all documents, so without a score"]
/// ```
///
/// Tokens are matched with the text byte by byte, so the figures belong to exactly this text. A
/// token without a score, like the first of a text, counts as unscored with its bytes; none is
/// dropped. ``ExternalForm`` lists the forms of files.
package final class ExternalModel: TextScorer {
  /// The path of the file.
  package let path: String

  /// The size of the file in bytes.
  package var byteCount: Int { file.count }

  /// A hash of the file's bytes.
  package var fingerprint: UInt64 {
    file.withBytes(0..<file.count) { bytes in
      var hash = StreamingHash()
      hash.append(bytes)
      return hash.value
    }
  }

  private let file: Bytes
  private let invalidUTF8: TextReader.InvalidUTF8
  private let state = Mutex(State())

  private struct State {
    var notes: [String] = []
    var form: ExternalForm?
    var name: String?
  }

  private init(_ path: String, _ file: Bytes, invalidUTF8: TextReader.InvalidUTF8) {
    self.path = path
    self.file = file
    self.invalidUTF8 = invalidUTF8
  }

  /// True if `file` begins like a file of log-probabilities, as no model does.
  package static func isExternal(_ file: Bytes) -> Bool {
    if ExternalForm.of(file) != nil { return true }
    return JSONStream.isStart(file.withBytes(0..<min(file.count, 1 << 14)) { Array($0) })
  }

  /// Opens the file at `path` and reads its first document to find the form.
  ///
  /// - Throws: `FileError`, ``ExternalModelError``.
  package static func open(
    _ path: String,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse
  ) throws -> ExternalModel {
    try open(path, try Bytes.whole(path), invalidUTF8: invalidUTF8)
  }

  /// Opens `file`, called `path`, and reads its first document to find the form.
  ///
  /// - Throws: ``ExternalModelError``.
  package static func open(
    _ path: String,
    _ file: Bytes,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse
  ) throws -> ExternalModel {
    let model = ExternalModel(path, file, invalidUTF8: invalidUTF8)
    var reader = try DocumentReader(file, path: path)
    guard try reader.next() != nil else { throw FileLine(path: path, number: 0).error(.empty) }
    model.state.withLock {
      $0.form = reader.facts.form?.value
      $0.name = reader.facts.model?.value
    }
    return model
  }

  /// The form of the file.
  package var form: ExternalForm { state.withLock { $0.form } ?? .neutral }

  /// The model's name; nil if the file does not give it.
  package var name: String? { state.withLock { $0.name } }

  /// Notes on the figures of the latest evaluation, one sentence each.
  package var notes: [String] { state.withLock { $0.notes } }

  /// The scoring terms: the text's own bytes, without predicted ends.
  package var terms: ScoringTerms {
    ScoringTerms(
      tokenizer: form == .evaluationHarness ? "whole documents" : "another program's",
      ends: .none,
      unknown: .none
    )
  }

  /// Checks that at most one text is given, since the file scores one text.
  ///
  /// - Throws: ``ExternalModelError/Reason/severalTexts(_:)``.
  package func check(_ texts: [TextSource]) throws(ExternalModelError) {
    guard texts.count == 1 else {
      throw FileLine(path: path, number: 0).error(.severalTexts(texts.count))
    }
  }

  /// Evaluates the text of `source` with all documents of the file.
  ///
  /// - Throws: `FileError`, `TextError`, ``ExternalModelError``.
  package func evaluate(_ source: TextSource, progress: (Int) -> Void) throws -> Evaluation {
    try evaluate(source, visit: { _ in }, progress: progress)
  }

  /// Evaluates the text of `source` and calls `visit` with each part of it, in order.
  ///
  /// A token belongs to the line that it begins on.
  ///
  /// - Complexity: O(*n*) time; memory for one document of the file and one part of the text.
  ///
  /// - Throws: `FileError`, `TextError`, ``ExternalModelError``, and the errors of `visit`.
  package func evaluate(
    _ source: TextSource,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void
  ) throws -> Evaluation {
    var reader = try DocumentReader(file, path: path)
    var placer = try TextPlacer(path, on: source, invalidUTF8: invalidUTF8)
    var evaluation = Evaluation()
    func add(_ part: ScoredText) throws {
      evaluation.add(part)
      try visit(part)
      progress(evaluation.measure.bytes)
    }
    while let document = try reader.next() {
      try placer.add(document)
      while let part = placer.takePart(isLast: false) { try add(part) }
    }
    try placer.finish(mayEndEarly: reader.facts.form?.value == .llamaLogits)
    while let part = placer.takePart(isLast: true) { try add(part) }
    evaluation.endText()
    evaluation.textFingerprint = placer.fingerprint
    evaluation.firstZeroProbability = placer.firstZero
    guard evaluation.measure.tokens > 0 else {
      throw FileLine(path: path, number: 0).error(.unscored)
    }
    let notes =
      reader.notes.sentences(bitsPerToken: evaluation.crossEntropyBits) + placer.notes.sentences
    state.withLock { $0.notes = notes }
    return evaluation
  }
}
