import Files
import Foundation
import Testing
import Tokenization

@Suite struct TextReaderTests {
  private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "text-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private func blocks(
    _ bytes: [UInt8],
    isRaw: Bool = false,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse
  ) throws -> [TextBlock] {
    try withFolder { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/t"))
      var reader = try TextReader(.file(folder + "/t"), isRaw: isRaw, invalidUTF8: invalidUTF8)
      var blocks: [TextBlock] = []
      while let block = try reader.next() { blocks.append(block) }
      return blocks
    }
  }

  @Test(arguments: [10, 1000, TextReader.blockByteCount * 2])
  func `blocks are cut at line ends and make up the text`(lineLength: Int) throws {
    var bytes: [UInt8] = []
    var line = 0
    while bytes.count < 3 * TextReader.blockByteCount {
      bytes += [UInt8](repeating: UInt8(97 + line % 26), count: lineLength) + [10]
      line += 1
    }
    bytes += Array("no end".utf8)
    let blocks = try blocks(bytes)
    #expect(blocks.count > 1)
    #expect(Array(blocks.map(\.bytes).joined()) == bytes)
    #expect(blocks.dropLast().allSatisfy { $0.bytes.last == 10 })
    #expect(blocks.map(\.isFirst) == [true] + Array(repeating: false, count: blocks.count - 1))
    #expect(blocks.map(\.isLast) == Array(repeating: false, count: blocks.count - 1) + [true])
    var offset = 0
    var lines = 1
    for block in blocks {
      #expect(block.byteOffset == offset)
      #expect(block.firstLine == lines)
      offset += block.bytes.count
      lines += block.bytes.count { $0 == 10 }
    }
  }

  @Test func `a byte-order mark is dropped, and kept in raw bytes`() throws {
    let bytes = Array("\u{FEFF}a\n".utf8)
    #expect(try blocks(bytes)[0].bytes == Array("a\n".utf8))
    #expect(try blocks(bytes)[0].byteOffset == 3)
    #expect(try blocks(bytes, isRaw: true)[0].bytes == bytes)
  }

  @Test func `bytes that are not UTF-8 are named by line and offset, in any block`() throws {
    let padding = [UInt8](repeating: 97, count: 99) + [10]
    let before = Array(repeatElement(padding, count: 8000).joined())
    for start in [[], before] {
      let bytes = start + Array("ok\nbad ".utf8) + [0xff, 10]
      let error = #expect(throws: TextError.self) { try blocks(bytes) }
      guard case .invalidUTF8(_, let line, let offset) = error else {
        Issue.record("another error: \(String(describing: error))")
        continue
      }
      #expect(offset == start.count + 7)
      #expect(line == start.count / 100 + 2)
    }
    let replaced = try blocks([97, 0xff, 98], invalidUTF8: .replace)
    #expect(String(decoding: replaced[0].bytes, as: UTF8.self) == "a\u{FFFD}b")
    #expect(try blocks([97, 0xff, 98], isRaw: true)[0].bytes == [97, 0xff, 98])
  }

  @Test func `an empty text has one block without bytes`() throws {
    let blocks = try blocks([])
    #expect(blocks.count == 1)
    #expect(blocks[0].bytes.isEmpty && blocks[0].isFirst && blocks[0].isLast)
  }

  @Test func `a folder is read recursively in the order of names`() throws {
    try withFolder { folder in
      for name in ["b.txt", "a/z.md", "a/x.txt", "a/x.csv", ".hidden.txt", "c/no.pdf"] {
        let url = URL(fileURLWithPath: folder + "/" + name)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(),
          withIntermediateDirectories: true
        )
        try Data().write(to: url)
      }
      let names = try TextSource.expand([folder, "-"]).map(\.name)
      #expect(names == [folder + "/a/x.txt", folder + "/a/z.md", folder + "/b.txt", "-"])
      #expect(throws: TextError.noTexts(folder: folder + "/c")) {
        try TextSource.expand([folder + "/c"])
      }
      #expect(throws: FileError(.open, folder + "/d", code: ENOENT)) {
        try TextSource.expand([folder + "/d"])
      }
    }
  }
}
