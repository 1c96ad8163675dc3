import Files
import Foundation
import TestSupport
import Testing
import Tokenization

@Suite struct TextSourceTests {
  @Test func `a folder is read recursively in the order of names`() throws {
    let folder = try TestFolder()
    for name in [
      "b.txt", "a/z.md", "a/x.txt", "a/x.csv", "a/b/c/deep.txt", ".hidden.txt", ".git/x.txt",
      "c/no.pdf", "txt", "d.txt/inside.md", "e.md",
    ] {
      try folder.write("", to: name)
    }
    #expect(
      try TextSource.expand([folder.path]).map(\.name)
        == ["a/b/c/deep.txt", "a/x.txt", "a/z.md", "b.txt", "d.txt/inside.md", "e.md"]
        .map(folder.file)
    )
  }

  @Test func `paths stay in the order they are given, a file whatever its name`() throws {
    let folder = try TestFolder()
    try folder.write("", to: "z.csv")
    try folder.write("", to: "texts/a.txt")
    try folder.write("", to: "texts/b.txt")
    let sources = try TextSource.expand([
      folder.file("z.csv"), "-", folder.file("texts/"), folder.file("z.csv"),
    ])
    #expect(
      sources == [
        .file(folder.file("z.csv")), .standardInput, .file(folder.file("texts/a.txt")),
        .file(folder.file("texts/b.txt")), .file(folder.file("z.csv")),
      ]
    )
    #expect(sources[1].name == "-")
    #expect(try TextSource.expand([]).isEmpty)
  }

  @Test func `a folder without texts and a missing path are refused`() throws {
    let folder = try TestFolder()
    try folder.write("", to: "c/no.pdf")
    try folder.write("", to: "c/.hidden.txt")
    let error = TextError.noTexts(
      folder: folder.file("c"),
      patterns: ["*.txt", "*.md"],
      others: ".pdf 1"
    )
    #expect(throws: error) { try TextSource.expand([folder.file("c")]) }
    #expect(
      error.description
        == "\(folder.file("c")): the folder has no *.txt or *.md file, but .pdf 1; choose with "
        + "--include"
    )
    #expect(throws: FileError(.open, folder.file("d"), code: ENOENT)) {
      try TextSource.expand([folder.file("d")])
    }
  }

  @Test func `links are followed, but not round in circles`() throws {
    let folder = try TestFolder()
    try folder.write("", to: "texts/a.txt")
    try folder.write("", to: "elsewhere/b.txt")
    let manager = FileManager.default
    for (link, target) in [
      ("texts/up", "../texts"), ("texts/side", "../elsewhere"), ("texts/broken.txt", "nothing"),
    ] {
      try manager.createSymbolicLink(atPath: folder.file(link), withDestinationPath: target)
    }
    #expect(
      try TextSource.expand([folder.file("texts")]).map(\.name)
        == [folder.file("texts/a.txt"), folder.file("texts/side/b.txt")]
    )
  }

  @Test func `what is neither file nor folder is passed over and counted`() throws {
    let folder = try TestFolder()
    try folder.write("", to: "a.txt")
    try folder.write("", to: "sub/b.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("c.txt"),
      withDestinationPath: "nothing"
    )
    #expect(mkfifo(folder.file("d.txt"), 0o600) == 0)
    var passedOver = PassedOver()
    let sources = try TextSource.expand(
      [folder.path],
      including: FileChoice(["**/*.txt"]),
      passedOver: &passedOver
    )
    #expect(sources.map(\.name) == ["a.txt", "sub/b.txt"].map(folder.file))
    #expect(passedOver.kinds == "broken link 1, pipe or device 1")
  }

  @Test func `patterns choose the files of a folder, and the others are counted by kind`() throws {
    let folder = try TestFolder()
    for name in [
      "a.TXT", "b.txt", "c.csv", "d.txt.gz", "sub/e.CSV", "sub/notes", "sub/f.txt", "README",
    ] {
      try folder.write("", to: name)
    }
    func found(_ patterns: [String]) throws -> ([String], String) {
      var passedOver = PassedOver()
      let choice = FileChoice(patterns)
      let sources = try TextSource.expand(
        [folder.path],
        including: choice,
        passedOver: &passedOver
      )
      let names = sources.map { String($0.name.dropFirst(folder.path.count + 1)) }
      return (names, passedOver.kinds)
    }
    #expect(
      try found(["*.txt"]) == (["a.TXT", "b.txt", "sub/f.txt"], ".csv 2, no ending 2, .gz 1")
    )
    #expect(try found(["*.csv", "*.gz"]).0 == ["c.csv", "d.txt.gz", "sub/e.CSV"])
    #expect(try found(["sub/*"]).0 == ["sub/e.CSV", "sub/f.txt", "sub/notes"])
    #expect(try found(["[ab].*"]).0 == ["a.TXT", "b.txt"])
    #expect(try found(["*"]) == (try found(["*"]).0, ""))
  }
}
