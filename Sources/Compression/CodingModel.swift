public import LanguageModels
import Files

/// A model that texts are compressed and decompressed with.
public struct CodingModel {
  /// The model's file.
  public let path: String

  /// A hash that tells the model from others, and from itself before a change.
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

  /// An opened model, after its checksums were verified: the sound model does not give back a text that
  /// a damaged one coded.
  ///
  /// - Throws: `ModelFileError` for a damaged model.
  /// - Complexity: reads the whole model once.
  public init(_ model: StoredModel, path: String) throws {
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

  /// A coder at the start of a text; one that `adapts` goes on learning.
  ///
  /// - Throws: `ModelError` where the model cannot.
  public func coder(adapts: Bool) throws -> any TextCoder { try makeCoder(adapts) }

  /// The method by which this model codes a text, as the file names it.
  public func method(adapts: Bool) -> CodingMethod {
    CodingMethod(fingerprint: fingerprint, adapts: adapts)
  }
}
