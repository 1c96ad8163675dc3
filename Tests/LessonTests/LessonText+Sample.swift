import Statistics
import TestSupport
import Tokenization

@testable import Lesson

extension LessonText {
  /// Reads `content` from a file called `text.txt`.
  init(of content: String, byteLimit: Int = Self.byteLimit) throws {
    self = try withTemporaryFile(content) { path in
      try Self([.file(path)], name: "text.txt", byteLimit: byteLimit)
    }
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
