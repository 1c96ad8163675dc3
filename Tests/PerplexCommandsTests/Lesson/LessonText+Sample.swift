import Statistics
import TestSupport
import Testing
import Tokenization

@testable import Lesson

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
