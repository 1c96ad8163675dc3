import Files
import Foundation
import Testing

@Suite struct TemporaryFolderTests {
  @Test func `a temporary folder is new, and goes with the files in it`() throws {
    let first = try Files.TemporaryFolder()
    let second = try Files.TemporaryFolder()
    #expect(first.path != second.path)
    for name in ["a", "b", ".hidden"] {
      try Data([1]).write(to: URL(fileURLWithPath: first.path + "/" + name))
    }
    first.remove()
    #expect(!FileManager.default.fileExists(atPath: first.path))
    #expect(FileManager.default.fileExists(atPath: second.path))
    second.remove()
    #expect(!FileManager.default.fileExists(atPath: second.path))
    second.remove()
  }

  @Test func `where TMPDIR is empty a temporary folder is in the usual place`() async {
    await #expect(processExitsWith: .success) {
      setenv("TMPDIR", "", 1)
      let folder = try Files.TemporaryFolder()
      #expect(folder.path.hasPrefix("/tmp/perplex."))
      folder.remove()
    }
  }

  @Test func `a signal that ends the process takes the folder and its files along`() async throws {
    let parent = NSTemporaryDirectory() + "perplex-signal-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: parent) }
    await #expect(processExitsWith: .signal(SIGTERM)) { [parent = parent as String] in
      setenv("TMPDIR", parent, 1)
      let folder = try Files.TemporaryFolder()
      for name in ["a", "b"] {
        try Data([1]).write(to: URL(fileURLWithPath: folder.file(name)))
      }
      // To the process, since threads of the system's pool take no signals.
      kill(getpid(), SIGTERM)
      sleep(60)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == [])
  }
}
