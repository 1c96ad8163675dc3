import Foundation
import Records
import TestSupport
import Testing

struct JSONElementsTests {
  private func elements(_ text: String, chunk: Int = 1 << 20) throws -> [(String, Int)] {
    let folder = try TestFolder()
    try folder.write(text, to: "array.json")
    var elements = try LineChunks(folder.file("array.json"), chunkByteCount: chunk).elements()
    var result: [(String, Int)] = []
    while let chunk = try elements.next() {
      for (range, line) in chunk.elements {
        result.append((String(decoding: chunk.bytes[range], as: UTF8.self), line))
      }
    }
    return result
  }

  @Test(arguments: [3, 4, 7, 64, 1 << 20])
  func `the values of an array are whole, however the file is cut`(_ chunk: Int) throws {
    let text = "\u{feff} [ {\"a\": \"]},\\\"\\\\\"},\n[1, [2]],\n\n \"x,y\",\n3 , null\n]\n"
    let found = try elements(text, chunk: chunk)
    #expect(
      found.map { $0.0.trimmingCharacters(in: .whitespacesAndNewlines) }
        == ["{\"a\": \"]},\\\"\\\\\"}", "[1, [2]]", "\"x,y\"", "3", "null"]
    )
    #expect(found.map(\.1) == [1, 2, 4, 5, 5])
    #expect(try elements("[]").isEmpty)
  }

  @Test(arguments: [
    ("[1, 2", "array.json:1: not JSON: the array is not closed"),
    ("[1,\n\"x]", "array.json:2: not JSON: the array is not closed"),
    ("[1,\n, 2]", "array.json:2: not JSON: expected a value between commas"),
    ("[1,\n]", "array.json:2: not JSON: expected a value between commas"),
    ("[1]\n[2]", "array.json:2: not JSON: something follows the array"),
  ])
  func `what is no array is named with its line`(_ text: String, _ message: String) throws {
    let error = #expect(throws: RecordError.self) { try elements(text) }
    #expect(try #require(error).description.contains(message))
  }
}
