import Foundation
import Records
import Testing

struct LineBlocksTests {
  private func blocks(_ text: String, of byteCount: Int) throws -> [LineBlocks.Block] {
    let path = NSTemporaryDirectory() + "blocks-\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var reader = try LineBlocks(path, blockByteCount: byteCount)
    var blocks: [LineBlocks.Block] = []
    while let block = try reader.next() { blocks.append(block) }
    return blocks
  }

  @Test(arguments: [1, 2, 3, 7, 10, 1000])
  func `blocks are whole lines and make the file together`(_ byteCount: Int) throws {
    for text in ["", "a", "a\n", "one\ntwo\n\nthree", "\u{FEFF}one\r\ntwo\r\n"] {
      let blocks = try blocks(text, of: max(byteCount, text.hasPrefix("\u{FEFF}") ? 3 : 1))
      let joined = blocks.flatMap(\.bytes)
      #expect(joined == Array(text.utf8.drop { $0 >= 0xbb }))
      var line = 1
      for block in blocks {
        #expect(block.firstLine == line)
        line += block.bytes.count { $0 == 10 }
      }
      for block in blocks.dropLast() { #expect(block.bytes.last == 10) }
    }
  }
}
