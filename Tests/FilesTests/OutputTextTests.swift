import Files
import Foundation
import TestSupport
import Testing

@Suite struct OutputTextTests {
  @Test func `text goes through its buffer unharmed`() throws {
    let folder = try TestFolder()
    var output = try OutputText(folder.file("f"))
    for number in 0..<30_000 { try output.write("\(number)\n") }
    try output.write(bytes: [0x65, 0x6e, 0x64])
    try output.commit()
    #expect(folder.text(of: "f") == (0..<30_000).map { "\($0)\n" }.joined() + "end")
  }

  /// Around the 65,536 bytes of the buffer.
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
  func `a piece of any size is written whole`(byteCount: Int) throws {
    let folder = try TestFolder()
    var output = try OutputText(folder.file("f"))
    try output.write("<")
    try output.write(bytes: repeatElement(0x78, count: byteCount))
    try output.write(">")
    try output.commit()
    #expect(folder.text(of: "f") == "<" + String(repeating: "x", count: byteCount) + ">")
  }

  @Test func `bytes that are no text are written as they are`() throws {
    let folder = try TestFolder()
    var output = try OutputText(folder.file("f"))
    try output.write(bytes: UInt8.min...UInt8.max)
    try output.commit()
    let bytes = try Bytes(mapping: folder.file("f"))
    #expect(bytes.withBytes(0..<256) { Array($0) } == Array(UInt8.min...UInt8.max))
  }

  @Test func `text that is given up leaves the older file as it was`() throws {
    let folder = try TestFolder()
    try folder.write("old", to: "f")
    do {
      var output = try OutputText(folder.file("f"))
      try output.write(String(repeating: "new", count: 50_000))
    }
    #expect(folder.text(of: "f") == "old")
    #expect(folder.names == ["f"])
  }

  @Test func `a text of nothing is an empty file`() throws {
    let folder = try TestFolder()
    try OutputText(folder.file("f")).commit()
    #expect(folder.text(of: "f")?.isEmpty == true)
  }

  @Test func `a folder is refused by name`() throws {
    let folder = try TestFolder()
    #expect(throws: FileError(.create, folder.path, code: EISDIR)) {
      let output = try OutputText(folder.path)
      try output.commit()
    }
  }

  @Test func `a pipe is written to from front to back`() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    var output = try OutputText("/proc/self/fd/\(ends[1])")
    close(ends[1])
    try output.write("to the ")
    try output.write("reader")
    try output.commit()
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(ends[0], &bytes, 64)
    #expect(String(decoding: bytes.prefix(count), as: UTF8.self) == "to the reader")
  }

  @Test func `a hyphen is standard output`() async throws {
    let result = await #expect(
      processExitsWith: .success,
      observing: [\.standardOutputContent]
    ) {
      var output = try OutputText("-")
      try output.write("to the ")
      try output.write(bytes: Array("terminal\n".utf8))
      try output.commit()
    }
    let written = try #require(result).standardOutputContent
    #expect(String(decoding: written, as: UTF8.self).contains("to the terminal\n"))
  }

  @Test func `a reader that went away is an error of standard output`() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_IGN)
      let standardOutput = dup(1)
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      close(ends[0])
      dup2(ends[1], 1)
      defer { dup2(standardOutput, 1) }
      #expect(throws: FileError(.write, "standard output", code: EPIPE)) {
        var output = try OutputText("-")
        try output.write("lost")
        try output.commit()
      }
    }
  }
}
