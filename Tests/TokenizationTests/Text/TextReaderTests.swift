import Files
import Foundation
import Testing
import Tokenization

@Suite struct TextReaderTests {
  /// Checks all that is promised of the blocks of a text.
  private func expectWhole(_ blocks: [TextBlock], of bytes: [UInt8]) {
    #expect(blocks.reduce(into: []) { $0 += $1.bytes } == bytes)
    #expect(blocks.dropLast().allSatisfy { $0.bytes.last == 10 })
    #expect(blocks.dropLast().allSatisfy { $0.bytes.count <= TextReader.blockByteCount * 8 })
    #expect(blocks.map(\.isFirst) == blocks.indices.map { $0 == 0 })
    #expect(blocks.map(\.isLast) == blocks.indices.map { $0 == blocks.count - 1 })
    var offset = 0
    var line = 1
    for block in blocks {
      #expect(block.byteOffset == offset)
      #expect(block.firstLine == line)
      offset += block.bytes.count
      line += lineEndCount(block.bytes)
    }
  }

  /// With `memchr`, since a loop over so many bytes is slow in debug builds.
  private func lineEndCount(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { buffer in
      var count = 0
      var rest = buffer[...]
      while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress,
        let found = memchr(base, 10, rest.count)
      {
        count += 1
        rest = rest.dropFirst(UnsafeRawPointer(found) - base + 1)
      }
      return count
    }
  }

  @Test(arguments: [10, 1000, TextReader.blockByteCount, 1 << 20], [false, true])
  func `blocks are cut at line ends and make up the text`(lineLength: Int, hasEnd: Bool) throws {
    var bytes = longText(TextReader.blockByteCount * 5 / 2, lineLength: lineLength)
    if !hasEnd { bytes += Array("no end".utf8) }
    let blocks = try fileBlocks(bytes)
    #expect(blocks.count > 1 || lineLength == 1 << 20)
    expectWhole(blocks, of: bytes)
  }

  @Test func `a text of one line is one block, whatever its length`() throws {
    let bytes = [UInt8](repeating: 97, count: (1 << 20) + 1)
    let blocks = try fileBlocks(bytes)
    #expect(blocks.count == 1)
    expectWhole(blocks, of: bytes)
  }

  /// Around the size of a block, where the last read finds nothing.
  @Test(arguments: [-1, 0, 1], [1, 2])
  func `no block but that of an empty text is empty`(difference: Int, blockCount: Int) throws {
    let count = TextReader.blockByteCount * blockCount + difference
    var bytes = longText(count, lineLength: 127)
    bytes.removeLast(bytes.count - count)
    bytes[count - 1] = 10
    let blocks = try fileBlocks(bytes)
    #expect(blocks.allSatisfy { !$0.bytes.isEmpty })
    expectWhole(blocks, of: bytes)
  }

  @Test func `an empty text has one block without bytes`() throws {
    let blocks = try fileBlocks([])
    #expect(blocks.count == 1)
    #expect(blocks[0].bytes.isEmpty && blocks[0].isFirst && blocks[0].isLast)
  }

  @Test func `a byte-order mark is dropped, and kept in raw bytes`() throws {
    let bytes = Array("\u{FEFF}a\n\u{FEFF}b".utf8)
    #expect(
      try fileBlocks(bytes)[0].bytes == Array("a\n\u{FEFF}b".utf8),
      "only the first is a mark"
    )
    #expect(try fileBlocks(bytes)[0].byteOffset == 3)
    #expect(try fileBlocks(bytes, isRaw: true)[0].bytes == bytes)
    #expect(try fileBlocks(bytes, isRaw: true)[0].byteOffset == 0)
    let mark = try fileBlocks(Array("\u{FEFF}".utf8))
    #expect(mark.count == 1 && mark[0].bytes.isEmpty)
  }

  @Test func `after a byte-order mark the blocks stay where they are in the file`() throws {
    let text = longText(TextReader.blockByteCount * 3 / 2, lineLength: 99)
    let blocks = try fileBlocks(Array("\u{FEFF}".utf8) + text)
    try #require(blocks.count == 2)
    #expect(blocks[1].byteOffset == blocks[0].bytes.count + 3)
    #expect(blocks.reduce(into: []) { $0 += $1.bytes } == text)
  }

  @Test func `line ends and controls are kept as they are`() throws {
    let bytes = Array("a\r\nb\rc\u{0}d\n\n\u{85}e\u{2028}f\r".utf8)
    for isRaw in [false, true] {
      let blocks = try fileBlocks(bytes, isRaw: isRaw)
      expectWhole(blocks, of: bytes)
    }
  }

  /// What is in the text, at which byte it is wrong.
  @Test(arguments: [
    ([0xff], 0), ([0x80], 0), ([0xc0, 0x80], 0), ([0xed, 0xa0, 0x80], 0), ([0xf5, 0x80], 0),
    ([0xe2, 0x82], 0), ([0xc3], 0), ([0xc3, 0xa9, 0xc3, 0x28], 2),
    ([0xe2, 0x82, 0xac, 0xf0, 0x9f], 3),
  ])
  func `bytes that are not UTF-8 are named by line and offset, in any block`(
    wrong: [UInt8],
    place: Int
  ) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("t")
    for start in [[], longText(TextReader.blockByteCount * 3 / 2, lineLength: 99)] {
      let bytes = start + Array("ok\nbäd ".utf8) + wrong + [10] + wrong
      try folder.write(bytes, to: "t")
      let expected = TextError.invalidUTF8(
        path: path,
        line: start.count / 100 + 2,
        byteOffset: start.count + 8 + place
      )
      #expect(throws: expected) {
        var reader = try TextReader(.file(path), isRaw: false)
        while try reader.next() != nil {}
      }
    }
  }

  @Test func `a byte-order mark counts in the offset of a wrong byte`() throws {
    let folder = try TemporaryFolder()
    try folder.write([0xef, 0xbb, 0xbf, 97, 10, 0xff], to: "t")
    let error = TextError.invalidUTF8(path: folder.file("t"), line: 2, byteOffset: 5)
    #expect(throws: error) {
      var reader = try TextReader(.file(folder.file("t")), isRaw: false)
      _ = try reader.next()
    }
    #expect(
      error.description
        == "\(folder.file("t")):2: byte 5 of the file is not UTF-8; convert the file, or use "
        + "--invalid-utf8 replace, or --tokenizer bytes"
    )
  }

  /// U+FFFD for each longest beginning of a sequence, as in chapter 3 of the Unicode Standard.
  @Test(arguments: [
    ([97, 0xff, 98], "a\u{FFFD}b"), ([0xe2, 0x82, 98], "\u{FFFD}b"),
    ([0x80, 0x80], "\u{FFFD}\u{FFFD}"), ([0xc3, 0xa9, 0xc3], "é\u{FFFD}"),
    ([0xf0, 0x9f, 0x98], "\u{FFFD}"), ([0xc0, 0x80, 10, 97], "\u{FFFD}\u{FFFD}\na"),
  ])
  func `bytes that are not UTF-8 are replaced, or left where bytes are asked for`(
    bytes: [UInt8],
    replaced: String
  ) throws {
    let blocks = try fileBlocks(bytes, invalidUTF8: .replace)
    #expect(blocks.count == 1)
    #expect(String(decoding: blocks[0].bytes, as: UTF8.self) == replaced)
    #expect(String(validating: blocks[0].bytes, as: UTF8.self) != nil)
    expectWhole(try fileBlocks(bytes, isRaw: true), of: bytes)
  }

  @Test func `a block after a replaced one begins where it does in the file`() throws {
    let start = [0xff] + longText(TextReader.blockByteCount * 3 / 2, lineLength: 99)
    let blocks = try fileBlocks(start, invalidUTF8: .replace)
    try #require(blocks.count == 2)
    // U+FFFD has three bytes for the one in the file.
    #expect(blocks[1].byteOffset == blocks[0].bytes.count - 2)
    #expect(blocks[1].firstLine == blocks[1].byteOffset / 100 + 1)
  }

  @Test func `a missing file and a folder are refused by name`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError(.open, folder.file("t"), code: ENOENT)) {
      _ = try TextReader(.file(folder.file("t")), isRaw: false)
    }
    #expect(throws: FileError(.read, folder.path, code: EISDIR)) {
      var reader = try TextReader(.file(folder.path), isRaw: false)
      _ = try reader.next()
    }
  }

  @Test func `standard input has the blocks of a file, however it comes`() async {
    // In a process of its own, whose standard input is a pipe that gives a little at a time.
    await #expect(processExitsWith: .success) {
      let bytes = longText(TextReader.blockByteCount * 3 / 2, lineLength: 99)
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      dup2(ends[0], 0)
      let input = ends[1]
      let writer = Thread {
        var start = 0
        while start < bytes.count {
          start += bytes[start..<min(bytes.count, start + 4099)].withUnsafeBytes {
            write(input, $0.baseAddress, $0.count)
          }
        }
        close(input)
      }
      writer.start()
      let expected = try fileBlocks(bytes)
      var reader = try TextReader(.standardInput, isRaw: false)
      for block in expected { #expect(try reader.next()?.bytes == block.bytes) }
      let end = try reader.next()
      #expect(end == nil)
    }
  }
}
