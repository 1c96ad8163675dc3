import Statistics
import Testing
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

/// A lesson on the sample, made once for all tests that only look at it.
enum LessonSample {
  /// The page.
  static func page() throws -> String { try madePage.get() }

  private static let madePage = Result {
    LessonPage(try figures(), program: "perplex 0.1.0").markup
  }

  /// The lines that the page is measured on, or those that it learns from.
  static func lines(heldOut isHeldOut: Bool) -> String {
    lessonSample.split(separator: "\n").enumerated()
      .filter { ($0.offset % 10 == 9) == isHeldOut }.map { $0.element + "\n" }.joined()
  }

  /// The figures that the page was made of.
  static func figures() throws -> LessonFigures { try madeFigures.get() }

  private static let madeFigures = Result { () throws -> LessonFigures in
    let bench = try Workbench()
    try bench.write(lessonSample, to: "sample.txt")
    let text = try LessonText(
      [.file(bench.path("sample.txt"))],
      name: "sample.txt"
    )
    return try LessonFigures(text, tokenizer: .words, resampling: Resampling())
  }
}
