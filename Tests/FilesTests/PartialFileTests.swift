import Files
import Foundation
import TestSupport
import Testing

@Suite struct PartialFileTests {
  @Test(arguments: [SIGHUP, SIGINT, SIGQUIT, SIGTERM])
  func `a signal removes what is being written and still ends the process`(
    number: Int32
  ) async throws {
    let folder = try TestFolder()
    try folder.write("old", to: "a")
    await #expect(processExitsWith: .signal(number)) { [path = folder.path as String, number] in
      let files = try ["a", "b"].map { try OutputFile("\(path)/\($0)") }
      let given = try OutputText("\(path)/c")
      for file in files { try file.write([UInt8](1...9).span, at: 0) }
      try given.commit()
      // To the process, since threads of the system's pool take no signals.
      kill(getpid(), number)
      sleep(60)
      withExtendedLifetime(files) {}
    }
    #expect(folder.names == ["a", "c"])
    #expect(folder.text(of: "a") == "old")
  }

  @Test func `more files than the table holds are written all the same`() throws {
    let folder = try TestFolder()
    let files = try (0..<70).map { try OutputFile(folder.file("\($0)")) }
    for file in files { try file.commit() }
    #expect(folder.names.count == 70)
  }

  @Test func `a signal that is ignored stays so`() async throws {
    let folder = try TestFolder()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      signal(SIGHUP, SIG_IGN)
      let file = try OutputFile("\(path)/f")
      kill(getpid(), SIGHUP)
      try file.commit()
    }
    #expect(folder.names == ["f"])
  }

  @Test func `the next writer removes what a killed one left, and no other file`() async throws {
    let folder = try TestFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
      let file = try OutputFile("\(path)/f")
      try file.write([UInt8](1...9).span, at: 0)
      raise(SIGKILL)
    }
    #expect(folder.names.count == 1)
    let others = ["f.1.partial.txt", "f.12a.partial", "f.partial", "f..partial", "ff.1.partial"]
    for name in others { try folder.write("", to: name) }
    try folder.write("", to: "f.1-2.partial")
    try FileManager.default.createDirectory(
      atPath: folder.file("f.2.partial"),
      withIntermediateDirectories: false
    )
    try OutputFile(folder.file("f")).commit()
    #expect(folder.names == (others + ["f", "f.2.partial"]).sorted())
  }

  @Test func `a writer leaves the file of one that lives, and the last to commit stands`() throws {
    let folder = try TestFolder()
    let files = try (0..<4).map { _ in try OutputFile(folder.file("f")) }
    #expect(folder.names.count == 4)
    for (index, file) in files.enumerated() {
      try file.write(Array("\(index)".utf8).span, at: 0)
    }
    for (index, file) in files.enumerated() {
      try file.commit()
      #expect(folder.text(of: "f") == "\(index)")
    }
    #expect(folder.names == ["f"])
  }

  @Test func `writers that begin and end at the same time never take each other's file`() throws {
    let folder = try TestFolder()
    let path = folder.file("f")
    try Parallel.forEach(8, threads: 8) { writer in
      for round in 0..<12 {
        let file = try OutputFile(path)
        try file.write(Array("\(writer) \(round)".utf8).span, at: 0)
        if round % 3 > 0 { try file.commit() }
      }
    }
    #expect(folder.names == ["f"])
  }
}
