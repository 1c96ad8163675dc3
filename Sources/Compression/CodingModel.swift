package import LanguageModels
import Files

/// A model that compresses and decompresses texts.
package struct CodingModel {
  /// The model's file.
  package let path: String

  /// A hash of the model; it changes if the model changes.
  package let fingerprint: UInt64

  private let makeCoder: (_ adapts: Bool) throws -> any TextCoder

  /// A coding model from a function that makes coders; the function throws if the model cannot
  /// learn.
  package init(
    path: String,
    fingerprint: UInt64,
    makeCoder: @escaping (_ adapts: Bool) throws -> any TextCoder
  ) {
    self.path = path
    self.fingerprint = fingerprint
    self.makeCoder = makeCoder
  }

  /// An opened model whose checksums are verified.
  ///
  /// A damaged model could code a text that the intact model cannot decode.
  ///
  /// - Throws: `ModelFileError` for a damaged model.
  ///
  /// - Complexity: Reads the whole model once.
  package init(_ model: StoredModel, path: String) throws {
    try model.verifyChecksums(path: path)
    self.init(path: path, fingerprint: model.fingerprint) { adapts in
      switch model {
      case .ngrams(let model):
        if adapts { throw ModelError.notAdaptive(path: path) }
        return try NGramCoder(model, path: path)
      case .bytes(let model):
        return ByteCoder(model.predictor(adapts: adapts))
      }
    }
  }

  /// A coder at the start of a text; it continues learning if it `adapts`.
  ///
  /// - Throws: `ModelError` if the model cannot learn.
  package func coder(adapts: Bool) throws -> any TextCoder { try makeCoder(adapts) }

  /// The method that a compressed text records for this model.
  package func method(adapts: Bool) -> CodingMethod {
    CodingMethod(fingerprint: fingerprint, adapts: adapts)
  }
}
