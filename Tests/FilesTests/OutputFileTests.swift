import Files
import Foundation
import TestSupport
import Testing

@Suite struct OutputFileTests {
  private func write(_ text: String, to file: OutputFile, at offset: Int = 0) throws {
    try file.write(Array(text.utf8).span, at: offset)
  }

  @Test func `the older file stands until the new one is whole`() throws {
    let folder = try TestFolder()
    try folder.write("old and longer", to: "f")
    let file = try OutputFile(folder.file("f"))
    try write("newer", to: file)
    #expect(folder.text(of: "f") == "old and longer")
    #expect(folder.names == ["f", "f.\(getpid()).partial"])
    try file.commit()
    #expect(folder.text(of: "f") == "newer")
    #expect(folder.names == ["f"])
  }

  @Test func `a file that is given up leaves nothing, and the older one as it was`() throws {
    let folder = try TestFolder()
    for older in [nil, "old"] {
      if let older { try folder.write(older, to: "f") }
      do {
        let file = try OutputFile(folder.file("f"))
        try write("half", to: file)
      }
      #expect(folder.text(of: "f") == older)
      #expect(folder.names == (older == nil ? [] : ["f"]))
    }
  }

  @Test func `an error between writing and commit leaves nothing`() throws {
    struct Failure: Error {}
    let folder = try TestFolder()
    func fail() throws {
      let file = try OutputFile(folder.file("f"))
      try write("half", to: file)
      throw Failure()
    }
    #expect(throws: Failure.self) { try fail() }
    #expect(folder.names.isEmpty)
  }

  @Test func `what was left of a run that was killed is written over`() throws {
    let folder = try TestFolder()
    try folder.write("a long rest of a run that was killed", to: "f.\(getpid()).partial")
    let file = try OutputFile(folder.file("f"))
    try write("new", to: file)
    try file.commit()
    #expect(folder.text(of: "f") == "new")
    #expect(folder.names == ["f"])
  }

  @Test func `threads write to places of their own`() throws {
    let folder = try TestFolder()
    let file = try OutputFile(folder.file("f"))
    try Parallel.forEach(8, threads: 8) { index in
      for part in 0..<10 {
        try file.write(
          [UInt8](repeating: UInt8(65 + index), count: 100).span,
          at: index * 1000 + part * 100
        )
      }
    }
    try file.commit()
    let expected = (0..<8).map { index in
      String(repeating: String(UnicodeScalar(UInt8(65 + index))), count: 1000)
    }
    #expect(folder.text(of: "f") == expected.joined())
  }

  @Test func `what nobody wrote is zero`() throws {
    let folder = try TestFolder()
    let file = try OutputFile(folder.file("f"))
    try write("end", to: file, at: 5)
    try write("", to: file, at: 100)
    try file.commit()
    #expect(folder.text(of: "f") == "\0\0\0\0\0end")
  }

  @Test func `a folder or a missing folder is refused by name`() throws {
    let folder = try TestFolder()
    #expect(throws: FileError(.create, folder.path, code: EISDIR)) { try OutputFile(folder.path) }
    #expect(throws: FileError(.create, folder.file("a/b"), code: ENOENT)) {
      try OutputFile(folder.file("a/b"))
    }
    try folder.write("", to: "f")
    #expect(throws: FileError(.create, folder.file("f/b"), code: ENOTDIR)) {
      try OutputFile(folder.file("f/b"))
    }
    #expect(folder.names == ["f"])
  }

  @Test func `a folder that comes between is not replaced`() throws {
    let folder = try TestFolder()
    do {
      let file = try OutputFile(folder.file("f"))
      try FileManager.default.createDirectory(
        atPath: folder.file("f"),
        withIntermediateDirectories: false
      )
      #expect(throws: FileError(.rename, folder.file("f"), code: EISDIR)) { try file.commit() }
    }
    #expect(folder.names == ["f"])
  }

  @Test func `a link stays, and what it leads to is replaced`() throws {
    let folder = try TestFolder()
    try folder.write("old", to: "target")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"),
      withDestinationPath: "target"
    )
    let file = try OutputFile(folder.file("link"))
    try write("new", to: file)
    try file.commit()
    #expect(folder.text(of: "target") == "new")
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link"))
    #expect(target == "target")
    #expect(folder.names == ["link", "target"])
  }

  @Test func `a device is written to and stays what it is`() throws {
    let folder = try TestFolder()
    // A link, so that a mistake here costs the link and not the machine's /dev/null.
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("null"),
      withDestinationPath: "/dev/null"
    )
    let file = try OutputFile(folder.file("null"))
    try write("nowhere", to: file)
    try file.commit()
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("null"))
    #expect(target == "/dev/null")
    #expect(folder.names == ["null"])
  }

  @Test func `a full disk is told by name`() throws {
    let folder = try TestFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("full"),
      withDestinationPath: "/dev/full"
    )
    let file = try OutputFile(folder.file("full"))
    #expect(throws: FileError(.write, folder.file("full"), code: ENOSPC)) {
      try write("x", to: file)
    }
  }

  @Test func `a temporary file can be read as it grows`() throws {
    let file = try OutputFile(temporaryFor: "a test")
    #expect(file.path == "a test")
    #expect(try file.contents().count == 0)
    try write("hello", to: file)
    let first = try file.contents()
    try write(", world", to: file, at: 5)
    #expect(first.text == "hello")
    #expect(try file.contents().text == "hello, world")
  }

  @Test func `what is mapped of a temporary file outlives it`() throws {
    func contents() throws -> Bytes {
      let file = try OutputFile(temporaryFor: "a test")
      try write("hello", to: file)
      try file.commit()
      return try file.contents()
    }
    #expect(try contents().text == "hello")
  }

  @Test func `a temporary file is in the folder named, without a name`() throws {
    let folder = try TestFolder()
    let file = try OutputFile(temporaryFor: "a test", in: folder.path)
    try write("hello", to: file)
    #expect(try file.contents().text == "hello")
    #expect(folder.names.isEmpty)
    #expect(throws: FileError(.create, "/no/such/folder", code: ENOENT)) {
      try OutputFile(temporaryFor: "a test", in: "/no/such/folder")
    }
  }

  @Test func `a temporary file has no name in the folder of the environment`() async {
    // In a process of its own, since the environment is the whole process's.
    await #expect(processExitsWith: .success) {
      let folder = try TestFolder()
      setenv("TMPDIR", folder.path, 1)
      let file = try OutputFile(temporaryFor: "a test")
      try file.write([UInt8](1...3).span, at: 0)
      #expect(try file.contents().count == 3)
      #expect(folder.names.isEmpty)
      setenv("TMPDIR", "/no/such/folder", 1)
      #expect(throws: FileError(.create, "/no/such/folder", code: ENOENT)) {
        try OutputFile(temporaryFor: "a test")
      }
    }
  }
}
