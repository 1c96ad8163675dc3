import Files
import InformationTheory
import Tokenization

/// Texts of a source whose entropy is known, in files: one to train on, one to score.
struct GeneratedTexts {
  /// The least number of bytes of each.
  static let trainByteCount = 1_000_000
  static let heldOutByteCount = 200_000

  let train: TextSource
  let heldOut: TextSource

  /// Writes both into `folder`; they are functions of the source alone.
  ///
  /// - Throws: `FileError` if they cannot be written.
  init(of source: MarkovSource, in folder: TemporaryFolder) throws {
    train = .file(folder.file("train.txt"))
    heldOut = .file(folder.file("held-out.txt"))
    let parts = [(train, Self.trainByteCount, UInt64(1)), (heldOut, Self.heldOutByteCount, 2)]
    for (file, byteCount, seed) in parts {
      var output = try OutputText(file.name)
      try output.write(bytes: source.text(minimumByteCount: byteCount, seed: seed))
      try output.commit()
    }
  }
}
