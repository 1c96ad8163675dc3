import Files
import Foundation
import Testing

@Suite struct FilePathTests {
  @Test func `a file is the same by another spelling and by a link, and no other is`() throws {
    let folder = NSTemporaryDirectory() + "paths-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["a", "b"] { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/link",
      withDestinationPath: "\(folder)/a"
    )
    #expect(FilePath.areSame("\(folder)/a", "\(folder)/./a"))
    #expect(FilePath.areSame("\(folder)/a", "\(folder)/link"))
    #expect(!FilePath.areSame("\(folder)/a", "\(folder)/b"))
    #expect(!FilePath.areSame("\(folder)/a", "\(folder)/none"))
  }
}
