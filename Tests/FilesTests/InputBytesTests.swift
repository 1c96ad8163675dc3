import Files
import TestSupport
import Testing

@Suite struct InputBytesTests {
  @Test(arguments: [0, 1, 4095, 4096, 4097, 10_000])
  func `pieces are those of the file, and the last is shorter`(count: Int) throws {
    let folder = try TestFolder()
    let contents = String((0..<count).map { Character(UnicodeScalar(UInt8(32 + $0 % 90))) })
    let path = try folder.write(contents, to: "text")
    var input = try InputBytes(path)
    var bytes: [UInt8] = [33]
    var pieces: [Int] = []
    repeat { pieces.append(try input.read(4096, into: &bytes)) } while pieces.last == 4096
    #expect(bytes == [33] + Array(contents.utf8))
    #expect(pieces.dropLast().allSatisfy { $0 == 4096 })
    #expect(try input.read(10, into: &bytes) == 0)
    #expect(try Bytes.whole(path).text == contents)
  }

  @Test func `what cannot be read is named`() {
    #expect(throws: FileError(.open, "/nowhere/text", code: 2)) {
      _ = try InputBytes("/nowhere/text").isOpen
    }
    #expect(throws: FileError(.open, "/", code: 21)) { _ = try InputBytes("/").isOpen }
  }

  @Test func `what is no file is read whole`() throws {
    #expect(try Bytes.whole("/dev/null").count == 0)
  }
}

extension InputBytes {
  /// For who wants a value and no file.
  fileprivate var isOpen: Bool { true }
}
