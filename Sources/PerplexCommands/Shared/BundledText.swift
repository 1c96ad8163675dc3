import BundledTexts
import Files
import Tokenization

/// An English text that the program carries: a file of the folder `corpora` of its source.
struct BundledText: Hashable {
  /// Kinds of text, each with a text to train on and one to score.
  enum Genre: Int, CaseIterable {
    case stories, letters, encyclopedia, recipes
  }

  /// Texts of one kind: no piece of writing is in both.
  enum Part: Int, CaseIterable {
    case train, heldOut
  }

  var genre: Genre
  var part: Part

  /// The texts of `part`, one of each genre.
  static func all(_ part: Part) -> [BundledText] {
    Genre.allCases.map { BundledText(genre: $0, part: part) }
  }

  /// The name of the text's file in its folder.
  var fileName: String { part == .train ? "train.txt" : "held-out.txt" }

  /// The text, in UTF-8, a sentence a line.
  var bytes: [UInt8] {
    let text = Int32(genre.rawValue * Part.allCases.count + part.rawValue)
    return (0..<bundled_text_size(text)).map { bundled_text_byte(text, $0) }
  }

  /// Writes the text to a file at `path`.
  ///
  /// - Throws: `FileError` when it cannot be written.
  func write(to path: String) throws {
    var output = try OutputText(path)
    try output.write(bytes: bytes)
    try output.commit()
  }

  /// Writes all texts into a new folder at `path`, in a folder for each genre.
  ///
  /// - Throws: `FileError` if the folder is there already, or cannot be written.
  static func writeAll(into path: String) throws {
    try Folder.create(path)
    for genre in Genre.allCases {
      let folder = "\(path)/\(genre)"
      try Folder.create(folder)
      for part in Part.allCases {
        let text = BundledText(genre: genre, part: part)
        try text.write(to: "\(folder)/\(text.fileName)")
      }
    }
  }
}
