public import LanguageModels
import Files

/// A model as compressing and decompressing know it.
public struct CodingModel {
  /// The model's file.
  public let path: String

  /// What tells the model from others, and from itself before a change.
  public let fingerprint: UInt64

  private let makeCoder: (_ adapts: Bool) throws -> any TextCoder

  /// The model that `makeCoder` makes coders with; it throws where the model cannot learn.
  public init(
    path: String,
    fingerprint: UInt64,
    makeCoder: @escaping (_ adapts: Bool) throws -> any TextCoder
  ) {
    self.path = path
    self.fingerprint = fingerprint
    self.makeCoder = makeCoder
  }

  /// A model that was opened, all of it as its checksums say: coding with a damaged one would make a
  /// text that the sound one does not give back.
  ///
  /// - Throws: `ModelFileError` for a damaged model.
  /// - Complexity: reads the whole model once.
  public init(_ model: any StoredModel, path: String) throws {
    try model.verifyChecksums(path: path)
    self.init(path: path, fingerprint: model.fingerprint) { adapts in
      switch model {
      case let model as ByteModel:
        return ByteCoder(model.predictor(adapts: adapts))
      case let model as NGramModel:
        if adapts { throw ModelError.notAdaptive(path: path) }
        return try NGramCoder(model, path: path)
      default: preconditionFailure("a model file holds n-grams or a predictor of bytes")
      }
    }
  }

  /// A coder at the start of a text; it goes on learning if it `adapts`.
  ///
  /// - Throws: `ModelError` where the model cannot.
  public func coder(adapts: Bool) throws -> any TextCoder { try makeCoder(adapts) }

  /// What a text is coded by with this model.
  public func method(adapts: Bool) -> CodingMethod {
    CodingMethod(fingerprint: fingerprint, adapts: adapts)
  }
}
