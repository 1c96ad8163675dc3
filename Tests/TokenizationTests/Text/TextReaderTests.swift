import Files
import Foundation
import InformationTheory
import TestSupport
import Testing
import Tokenization

@Suite struct TextReaderTests {
  /// Checks all that is promised of the blocks of a text.
  private func expectWhole(_ blocks: [TextChunk], of bytes: [UInt8]) {
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
    var count = 0
    var start = 0
    while let end = bytes.span.firstIndex(of: 10, from: start) {
      count += 1
      start = end + 1
    }
    return count
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
    let folder = try TestFolder()
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
    let folder = try TestFolder()
    try folder.write([0xef, 0xbb, 0xbf, 97, 10, 0xff], to: "t")
    let error = TextError.invalidUTF8(path: folder.file("t"), line: 2, byteOffset: 5)
    #expect(throws: error) {
      var reader = try TextReader(.file(folder.file("t")), isRaw: false)
      _ = try reader.next()
    }
    #expect(
      error.description
        == "\(folder.file("t")):2: byte 5 of the file is not UTF-8; mend the file, or use "
        + "--invalid-utf8 replace"
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
    let folder = try TestFolder()
    #expect(throws: FileError(.open, folder.file("t"), code: ENOENT)) {
      _ = try TextReader(.file(folder.file("t")), isRaw: false)
    }
    #expect(throws: FileError(.open, folder.path, code: EISDIR)) {
      _ = try TextReader(.file(folder.path), isRaw: false)
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

  // MARK: Lines as they come

  /// The parts of each block, put together; the last may be one that only says so.
  private func joined(_ parts: [TextChunk]) -> [[UInt8]] {
    var blocks: [[UInt8]] = []
    for part in parts {
      if part.continuesBlock && !blocks.isEmpty {
        blocks[blocks.count - 1] += part.bytes
      } else {
        blocks.append(part.bytes)
      }
    }
    return blocks
  }

  /// Lines of very different lengths, by a seed.
  private func unevenText(_ seed: UInt64) -> [UInt8] {
    let size = TextReader.blockByteCount
    var generator = SplitMix64(seed: seed)
    var bytes: [UInt8] = []
    func next(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
    while bytes.count < 3 * size {
      let longest = [10, 1000, size / 4, size / 2, 2 * size][next(5)]
      bytes += [UInt8](repeating: 97, count: next(longest)) + [10]
    }
    if next(2) == 0 { bytes.removeLast() }
    return bytes
  }

  @Test(arguments: 1...(isWantedSlow ? 30 : 8) as ClosedRange<UInt64>)
  func `lines as they come make up the same blocks`(seed: UInt64) throws {
    let bytes = unevenText(seed)
    let parts = try fileBlocks(bytes, delivery: .lines)
    #expect(joined(parts) == (try fileBlocks(bytes)).map(\.bytes))
    #expect(parts.reduce(0) { $0 + $1.bytes.count } == bytes.count)
    #expect(parts.dropLast().allSatisfy { $0.bytes.last == 10 && !$0.isLast })
    #expect(parts.last?.isLast == true)
    #expect(parts.map(\.isFirst) == parts.indices.map { $0 == 0 })
    var line = 1
    var offset = 0
    for part in parts {
      #expect(part.firstLine == line)
      #expect(part.byteOffset == offset)
      line += lineEndCount(part.bytes)
      offset += part.bytes.count
    }
  }

  /// Around the limits by which blocks are cut.
  @Test(arguments: [-1, 0, 1], [1, 2])
  func `lines that end about where a block does fall into the same one`(
    difference: Int,
    blockCount: Int
  ) throws {
    let count = TextReader.blockByteCount * blockCount + difference
    for lineLength in [127, 70_000, TextReader.blockByteCount] {
      for hasEnd in [false, true] {
        var bytes = longText(count, lineLength: lineLength)
        bytes.removeLast(bytes.count - count)
        bytes[count - 1] = hasEnd ? 10 : 97
        let parts = try fileBlocks(bytes, delivery: .lines)
        #expect(joined(parts) == (try fileBlocks(bytes)).map(\.bytes), "\(lineLength) \(hasEnd)")
      }
    }
  }

  @Test func `an empty text has one part without bytes, a mark at its start is dropped`() throws {
    let empty = try fileBlocks([], delivery: .lines)
    #expect(empty.count == 1 && empty[0].bytes.isEmpty && empty[0].isFirst && empty[0].isLast)
    let marked = try fileBlocks(Array("\u{FEFF}a\nb".utf8), delivery: .lines)
    #expect(marked.map(\.bytes) == [Array("a\n".utf8), Array("b".utf8)])
    #expect(marked.map(\.byteOffset) == [3, 5])
  }

  @Test func `the lines before one that is not UTF-8 come before it is refused`() throws {
    let folder = try TestFolder()
    try folder.write(Array("a\nb\nc ".utf8) + [0xff, 10], to: "t")
    var reader = try TextReader(.file(folder.file("t")), isRaw: false, delivery: .lines)
    let sound = try reader.next()
    #expect(sound?.bytes == Array("a\nb\n".utf8))
    let expected = TextError.invalidUTF8(path: folder.file("t"), line: 3, byteOffset: 6)
    #expect(throws: expected) { _ = try reader.next() }
  }

  @Test func `a line comes from a pipe before the next is written`() async {
    await #expect(processExitsWith: .success) {
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      dup2(ends[0], 0)
      var reader = try TextReader(.standardInput, isRaw: false, delivery: .lines)
      for text in ["a\n", "b c\nd\n", "\n"] {
        #expect(write(ends[1], text, text.utf8.count) == text.utf8.count)
        let part = try reader.next()
        #expect(part?.bytes == Array(text.utf8))
      }
      #expect(write(ends[1], "half", 4) == 4)
      close(ends[1])
      let tail = try reader.next()
      #expect(tail?.bytes == Array("half".utf8) && tail?.isLast == true)
    }
  }
}
