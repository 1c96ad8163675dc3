import Foundation
import Testing

@Suite(
  "The article Use it from Swift",
  .enabled(
    if: ProcessInfo.processInfo.environment["PERPLEX_SLOW_TESTS"] == "1",
    "builds the package once more; set PERPLEX_SLOW_TESTS=1"
  )
)
struct UseItFromSwiftTests {
  private static let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The code between the fences of an article, block by block.
  private func blocks(of article: URL) throws -> [String] {
    let parts = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "\n```")
    return stride(from: 1, to: parts.count, by: 2).map { index in
      String(parts[index].drop { $0 != "\n" }.dropFirst()) + "\n"
    }
  }

  private func run(_ words: [String], in folder: URL) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test func `its code is a package that builds, and prints what the article shows`() throws {
    let article = Self.package
      .appendingPathComponent("Sources/PerplexKit/Documentation.docc/UseItFromSwift.md")
    let blocks = try blocks(of: article)
    try #require(blocks.count == 3)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("perplex-kit-\(UUID().uuidString)/ferry")
    let sources = folder.appendingPathComponent("Sources/ferry")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
    // The article calls the package perplex and has it beside its own.
    try FileManager.default.createSymbolicLink(
      at: folder.deletingLastPathComponent().appendingPathComponent("perplex"),
      withDestinationURL: Self.package
    )
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("corpora"),
      withDestinationURL: Self.package.appendingPathComponent("corpora")
    )
    try Data(blocks[0].utf8).write(to: folder.appendingPathComponent("Package.swift"))
    try Data(blocks[1].utf8).write(to: sources.appendingPathComponent("main.swift"))
    let build = try run(["swift", "build"], in: folder)
    #expect(build.code == 0, "\(build.output)")
    let outcome = try run([".build/debug/ferry"], in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.output == blocks[2])
  }
}
