import Terminal

/// The reason why a text makes no lesson.
package enum LessonError: Error, Hashable, Sendable {
  /// The text has fewer lines than models and intervals need.
  case tooFewLines(path: String, lineCount: Int)
}

extension LessonError: CustomStringConvertible {
  /// One line: the path, the fault, the remedy.
  package var description: String {
    switch self {
    case .tooFewLines(let path, let lineCount):
      """
      \(path): a lesson needs \(LessonText.fewestLines) lines with words on them, and there \
      \(lineCount == 1 ? "is 1" : "are \(lineCount)"); give a longer text, or end a line after each \
      sentence (lines above \(NumberFormat.bytes(LessonText.lineByteLimit)) do not count)
      """
    }
  }
}
