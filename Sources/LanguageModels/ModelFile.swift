package import Files
import Tokenization

/// Opens model files; the only code that detects their formats.
package enum ModelFile {
  /// The forms of a file that a model is written in.
  package enum Format: String, Sendable {
    case perplex, arpa
  }

  /// Opens the model at `path`: a `.perplex` file is mapped, an ARPA file is read.
  ///
  /// - Parameters:
  ///   - path: The model.
  ///   - threads: The number of threads that sort an ARPA file's n-grams.
  /// - Returns: The model, as a case of its family.
  /// - Throws: `FileError`, ``ModelFileError`` or ``ARPAError``.
  package static func open(
    _ path: String,
    threads: Int = Parallel.processorCount
  ) throws -> StoredModel {
    try model(in: try Bytes.whole(path), path: path, threads: threads)
  }

  /// Opens the model `file`, called `path`.
  ///
  /// - Throws: as ``open(_:threads:)``.
  package static func open(
    _ file: Bytes,
    path: String,
    threads: Int = Parallel.processorCount
  ) throws -> StoredModel {
    try model(in: file, path: path, threads: threads)
  }

  private static func model(in bytes: Bytes, path: String, threads: Int) throws -> StoredModel {
    guard isModel(bytes) else {
      return .ngrams(try readARPA(bytes, path: path, threads: threads))
    }
    return switch try ModelSections(bytes, path: path).kind {
    case .ngrams: .ngrams(try NGramModel(bytes, path: path))
    case .bytes: .bytes(try ByteModel(bytes, path: path))
    }
  }

  /// Opens the n-gram model at `path`.
  ///
  /// - Throws: as ``open(_:threads:)``, and ``ModelError/noNGrams(path:kind:)``.
  package static func openNGrams(
    _ path: String,
    threads: Int = Parallel.processorCount
  ) throws -> NGramModel {
    try ngrams(in: try Bytes.whole(path), path: path, threads: threads)
  }

  private static func ngrams(in bytes: Bytes, path: String, threads: Int) throws -> NGramModel {
    switch try model(in: bytes, path: path, threads: threads) {
    case .ngrams(let model): return model
    case .bytes(let model):
      throw ModelError.noNGrams(path: path, kind: model.description.kind)
    }
  }

  private static func readARPA(
    _ bytes: Bytes,
    path: String,
    threads: Int
  ) throws -> NGramModel {
    let file = try OutputFile(temporaryFor: path)
    _ = try importARPA(bytes, path: path, to: file, threads: threads)
    return try NGramModel(try file.contents(), path: path)
  }

  /// Writes the model at `path` in the other format: an ARPA file as `.perplex`, a `.perplex` file
  /// as ARPA.
  ///
  /// An ARPA file to a name that ends in `.arpa`, or to `-`, which is standard output, is written
  /// as ARPA again, in this program's dialect.
  ///
  /// - Parameters:
  ///   - path: The model.
  ///   - output: The file to write.
  ///   - threads: The number of threads; the result is the same for every number.
  /// - Returns: The form that was written, what is in it, and sentences on the words that other
  ///   programs read otherwise.
  /// - Throws: as ``open(_:threads:)``, and ``ModelError``.
  @discardableResult
  package static func convert(
    _ path: String,
    to output: String,
    threads: Int = Parallel.processorCount
  ) throws -> (format: Format, description: ModelDescription, notes: [String]) {
    let bytes = try Bytes.whole(path)
    if FilePath.areSame(path, output) { throw ModelError.ontoItself(path: path) }
    if isModel(bytes) && output.hasSuffix(".perplex") {
      throw ModelError.sameFormat(path: path, output: output)
    }
    if isModel(bytes) || output.hasSuffix(".arpa") || output == "-" {
      let model = try ngrams(in: bytes, path: path, threads: threads)
      let notes = try ARPAWriter(model, path: path).write(to: output)
      return (.arpa, model.description, notes)
    }
    let file = try OutputFile(output)
    return (.perplex, try importARPA(bytes, path: path, to: file, threads: threads), [])
  }

  /// True where the bytes are a `.perplex` file, or the beginnings of one.
  private static func isModel(_ bytes: Bytes) -> Bool {
    guard let first: Values<UInt64> = bytes.values(at: 0, count: 1) else { return false }
    return first[0] == ModelLayout.magic || first[0] == 0
  }

  private static func importARPA(
    _ bytes: Bytes,
    path: String,
    to file: OutputFile,
    threads: Int
  ) throws -> ModelDescription {
    let contents = try ARPAReader(bytes, path: path).read()
    let importer = NGramImporter(
      contents.table,
      vocabulary: contents.vocabulary,
      code: contents.description.wordCode(vocabularySize: contents.vocabulary.count)
    )
    try importer.write(
      to: file,
      description: contents.description,
      from: path,
      threads: threads
    )
    return contents.description
  }
}
