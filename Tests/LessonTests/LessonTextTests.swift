import Testing

@testable import Lesson

@Suite("lesson: its text") struct LessonTextTests {
  private func text(_ content: String, limit: Int = LessonText.byteLimit) throws -> LessonText {
    try LessonText(of: content, byteLimit: limit)
  }

  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { String($0) }
  }

  @Test func `every tenth line is kept from training`() throws {
    let text = try text((1...60).map { "\($0)\r\n\r\n" }.joined())
    #expect(lines(text.heldOut) == ["10", "20", "30", "40", "50", "60"])
    #expect(lines(text.training).count == 54)
    #expect(text.heldOutLineCount == 6 && text.trainingLineCount == 54)
    #expect(!text.isCut)
  }

  @Test func `of many lines whole pieces are kept`() throws {
    let text = try text((0..<1000).map { "\($0)\n" }.joined())
    #expect(lines(text.heldOut).prefix(6) == ["45", "46", "47", "48", "49", "95"])
    #expect(text.heldOutLineCount == 100)
    #expect(text.split == "every tenth piece of 5 lines, which training does not have")
  }

  @Test func `a long text is cut at the end of a line`() throws {
    let text = try text((100..<999).map { "\($0)\n" }.joined(), limit: 403)
    #expect(text.isCut)
    #expect(text.trainingLineCount + text.heldOutLineCount == 100)
  }

  @Test func `a text of few lines is refused`() throws {
    #expect(throws: LessonError.tooFewLines(path: "text.txt", lineCount: 2)) {
      try text("one line .\n\n \nanother .\n")
    }
  }
}
