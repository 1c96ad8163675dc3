import Files
import Foundation
import TestSupport
import Testing

@Suite struct FilePathTests {
  @Test func `a file is the same by another spelling and by a link, and no other is`() throws {
    let files = try TestFolder()
    let folder = files.path
    for name in ["a", "b"] { try files.write("", to: name) }
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/link",
      withDestinationPath: "\(folder)/a"
    )
    #expect(FilePath.areSame("\(folder)/a", "\(folder)/./a"))
    #expect(FilePath.areSame("\(folder)/a", "\(folder)/link"))
    #expect(!FilePath.areSame("\(folder)/a", "\(folder)/b"))
    #expect(!FilePath.areSame("\(folder)/a", "\(folder)/none"))
  }

  @Test func `a path leads to a file, a folder, a stream or nothing`() throws {
    let files = try TestFolder()
    let folder = files.path
    for name in ["a", ".hidden"] { try files.write("abc", to: name) }
    #expect(FilePath.kind(of: "\(folder)/a") == .file)
    #expect(FilePath.kind(of: folder) == .folder)
    #expect(FilePath.kind(of: "/dev/null") == .stream)
    #expect(FilePath.kind(of: "\(folder)/b") == nil)
    #expect(FilePath.byteCount(ofFile: "\(folder)/a") == 3)
    #expect(FilePath.byteCount(ofFile: "/dev/null") == nil)
    #expect(try FilePath.names(in: folder) == ["a"])
    #expect(throws: FileError(.open, "\(folder)/b", code: ENOENT)) {
      try FilePath.kind(ofExisting: "\(folder)/b")
    }
    #expect(throws: FileError(.list, "\(folder)/b", code: ENOENT)) {
      try FilePath.names(in: "\(folder)/b")
    }
  }
}
