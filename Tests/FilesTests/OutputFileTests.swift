import Files
import Foundation
import Testing

@Suite struct OutputFileTests {
  /// A folder that goes when the test ends.
  private final class Folder {
    let path = NSTemporaryDirectory() + "files-\(UUID().uuidString)"
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
    func text(_ name: String) -> String? {
      FileManager.default.contents(atPath: path + "/" + name).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }

  private func write(_ text: String, to file: OutputFile, at offset: Int = 0) throws {
    try Array(text.utf8).withUnsafeBytes { try file.write($0, at: offset) }
  }

  @Test func `the older file stands until the new one is whole`() throws {
    let folder = try Folder()
    try Data("old".utf8).write(to: URL(fileURLWithPath: folder.path + "/f"))
    let file = try OutputFile(folder.path + "/f")
    try write("newer", to: file)
    #expect(folder.text("f") == "old")
    try file.commit()
    #expect(folder.text("f") == "newer")
    #expect(folder.names == ["f"])
  }

  @Test func `a file that is given up leaves nothing`() throws {
    let folder = try Folder()
    do {
      let file = try OutputFile(folder.path + "/f")
      try write("half", to: file)
    }
    #expect(folder.names.isEmpty)
  }

  @Test func `threads write to places of their own`() throws {
    let folder = try Folder()
    let file = try OutputFile(folder.path + "/f")
    _ = try Parallel.run(8) { index in
      try [UInt8](repeating: UInt8(65 + index), count: 1000).withUnsafeBytes {
        try file.write($0, at: index * 1000)
      }
    }
    try file.commit()
    let expected = (0..<8).map { index in
      String(repeating: String(UnicodeScalar(UInt8(65 + index))), count: 1000)
    }
    #expect(folder.text("f") == expected.joined())
  }

  @Test func `a folder or a missing folder is refused by name`() throws {
    let folder = try Folder()
    #expect(throws: FileError(.create, folder.path, code: EISDIR)) { try OutputFile(folder.path) }
    #expect(throws: FileError(.create, folder.path + "/a/b", code: ENOENT)) {
      try OutputFile(folder.path + "/a/b")
    }
    #expect(
      FileError(.create, "x", code: EISDIR).description
        == "x: cannot create: Is a directory; name a file"
    )
  }

  @Test func `a temporary file can be read and has no name`() throws {
    let file = try OutputFile(temporaryFor: "a test")
    try write("hello", to: file)
    let bytes = try file.contents()
    #expect(bytes.withBytes(0..<5) { String(decoding: $0, as: UTF8.self) } == "hello")
  }

  @Test func `text goes through its buffer unharmed`() throws {
    let folder = try Folder()
    var output = try OutputText(folder.path + "/f")
    for number in 0..<30_000 { try output.write("\(number)\n") }
    try output.write(bytes: [0x65, 0x6e, 0x64])
    try output.commit()
    #expect(folder.text("f") == (0..<30_000).map { "\($0)\n" }.joined() + "end")
  }

  @Test func `values outside the bytes or off their alignment are not given`() throws {
    let bytes = [UInt8](0..<32).withUnsafeBytes { Bytes(copying: $0) }
    #expect(bytes.values(of: UInt32.self, at: 4, count: 7)?[6] == 0x1f1e_1d1c)
    for (offset, count) in [(4, 8), (2, 1), (-4, 1), (32, 1), (0, -1), (0, Int.max / 2)] {
      let isGiven = bytes.values(of: UInt32.self, at: offset, count: count) != nil
      #expect(!isGiven)
    }
    #expect(throws: FileError(.open, "/no/such", code: ENOENT)) { try Bytes(mapping: "/no/such") }
  }
}
