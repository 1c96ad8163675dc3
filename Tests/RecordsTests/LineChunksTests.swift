import Foundation
import Records
import Testing

struct LineChunksTests {
  private func chunks(_ text: String, of byteCount: Int) throws -> [LineChunks.Chunk] {
    let path = NSTemporaryDirectory() + "chunks-\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var reader = try LineChunks(path, chunkByteCount: byteCount)
    var chunks: [LineChunks.Chunk] = []
    while let chunk = try reader.next() { chunks.append(chunk) }
    return chunks
  }

  @Test(arguments: [1, 2, 3, 7, 10, 1000])
  func `chunks are whole lines and make the file together`(_ byteCount: Int) throws {
    for text in ["", "a", "a\n", "one\ntwo\n\nthree", "\u{FEFF}one\r\ntwo\r\n"] {
      let chunks = try chunks(text, of: max(byteCount, text.hasPrefix("\u{FEFF}") ? 3 : 1))
      let joined = chunks.flatMap(\.bytes)
      #expect(joined == Array(text.utf8.drop { $0 >= 0xbb }))
      var line = 1
      for chunk in chunks {
        #expect(chunk.firstLine == line)
        line += chunk.bytes.count { $0 == 10 }
      }
      for chunk in chunks.dropLast() { #expect(chunk.bytes.last == 10) }
    }
  }
}
