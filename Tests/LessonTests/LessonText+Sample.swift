import Foundation
import Statistics
import Tokenization

@testable import Lesson

/// Lines of which every tenth has a word and a mark that no other has, and every twentieth ends in two
/// words that never follow each other elsewhere.
let lessonSample: String = {
  let whos = ["the ferryman", "the old dog", "nobody", "Anna", "the miller", "a stranger", "he"]
  let dids = ["crossed", "left", "saw", "sang of", "slept by"]
  let wheres = ["the river", "the old house", "<b>&amp;</b>", "a bridge"]
  return (0..<120).map { index in
    let place = index % 10 == 9 ? "the weir\(index) ~" : wheres[index * 3 % 4]
    let end = index % 20 == 19 ? "in the house ." : "in the rain ."
    return "\(whos[index % 7]) \(dids[index % 5]) \(place) \(end)\n"
  }.joined()
}()

extension LessonText {
  /// Reads `content` from a file called `text.txt`.
  init(of content: String, byteLimit: Int = Self.byteLimit) throws {
    let path = NSTemporaryDirectory() + "perplex-lesson-\(UUID().uuidString)"
    try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try self.init(
      [.file(path)],
      name: "text.txt",
      byteLimit: byteLimit
    )
  }
}

/// A lesson on the sample, made once for all tests that only look at it.
enum LessonSample {
  /// The figures of the sample.
  static func figures() throws -> LessonFigures { try madeFigures.get() }

  private static let madeFigures = Result { () throws -> LessonFigures in
    try LessonFigures(LessonText(of: lessonSample), tokenizer: .words, resampling: Resampling())
  }
}
