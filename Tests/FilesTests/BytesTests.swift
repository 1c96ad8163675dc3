import Files
import Foundation
import TestSupport
import Testing

@Suite struct BytesTests {
  private let bytes = Bytes(copying: [UInt8](0..<32).span)

  @Test func `values are read where they are aligned and inside`() throws {
    let words = try #require(bytes.values(of: UInt32.self, at: 4, count: 7))
    #expect(words.count == 7)
    #expect(words[0] == 0x0706_0504)
    #expect(words[6] == 0x1f1e_1d1c)
    #expect(words.withElements { $0[6] } == 0x1f1e_1d1c)
    #expect(words.withBytes(1..<2) { Array($0) } == [8, 9, 10, 11])
    #expect(bytes.values(of: UInt64.self, at: 32, count: 0)?.count == 0)
    #expect(bytes.values(of: UInt8.self, at: 31, count: 1)?[0] == 31)
  }

  @Test(arguments: [
    (4, 8), (0, 9), (2, 1), (1, 1), (-4, 1), (32, 1), (36, 0), (0, -1), (0, Int.max / 2),
    (4, Int.max / 4), (Int.max - 3, 1), (Int.min, 1),
  ])
  func `values outside the bytes or off their alignment are not given`(offset: Int, count: Int) {
    let isGiven = bytes.values(of: UInt32.self, at: offset, count: count) != nil
    #expect(!isGiven)
  }

  @Test func `values keep the bytes alive`() throws {
    func values() throws -> Values<UInt16> {
      let bytes = Bytes(copying: [UInt8](repeating: 7, count: 4096).span)
      return try #require(bytes.values(at: 0, count: 2048))
    }
    let kept = try values()
    #expect((0..<2048).allSatisfy { kept[$0] == 0x0707 })
  }

  @Test func `a file is mapped as it is`() throws {
    let folder = try TestFolder()
    let text = String(repeating: "0123456789", count: 1000)
    let bytes = try Bytes(mapping: folder.write(text, to: "f"))
    #expect(bytes.count == 10_000)
    #expect(bytes.text == text)
    #expect(bytes.values(of: UInt64.self, at: 8, count: 1249)?.count == 1249)
    // The map outlives the file's name.
    try FileManager.default.removeItem(atPath: folder.file("f"))
    #expect(bytes.withBytes(9990..<10_000) { Array($0) } == Array("0123456789".utf8))
  }

  @Test func `an empty file and a device have no bytes`() throws {
    let folder = try TestFolder()
    #expect(try Bytes(mapping: folder.write("", to: "f")).count == 0)
    #expect(try Bytes(mapping: "/dev/null").count == 0)
    #expect(Bytes(copying: [UInt8]().span).count == 0)
  }

  @Test func `a missing file and a folder are refused by name`() throws {
    let folder = try TestFolder()
    #expect(throws: FileError(.open, folder.file("f"), code: ENOENT)) {
      try Bytes(mapping: folder.file("f"))
    }
    #expect(throws: FileError(.open, folder.path, code: EISDIR)) {
      try Bytes(mapping: folder.path)
    }
  }

  @Test func `an index or a range out of bounds stops the program`() async {
    await #expect(processExitsWith: .failure) {
      let bytes = Bytes(copying: [UInt8](0..<8).span)
      bytes.withBytes(4..<9) { _ in }
    }
    await #expect(processExitsWith: .failure) {
      let bytes = Bytes(copying: [UInt8](0..<8).span)
      _ = bytes.values(of: UInt32.self, at: 0, count: 2)?[2]
    }
    await #expect(processExitsWith: .failure) {
      let bytes = Bytes(copying: [UInt8](0..<8).span)
      bytes.values(of: UInt32.self, at: 0, count: 2)?.withBytes(1..<3) { _ in }
    }
  }
}
