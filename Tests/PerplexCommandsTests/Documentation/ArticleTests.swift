import Foundation
import TestSupport
import Testing

@Suite struct ArticleTests {
  /// A folder as an article finds it: empty but for the bundled corpora.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("corpora"),
      withDestinationPath: Article.package.appendingPathComponent("corpora").path
    )
    return bench
  }

  /// What in an article is not as it says, and the article as it should be.
  private func check(_ article: Article) throws -> (problems: [String], mended: Article) {
    let bench = try bench()
    var problems: [String] = []
    var replacements: [(lines: Range<Int>, by: [String])] = []
    for block in article.blocks where block.language == "console" {
      guard let commands = ShownCommand.commands(of: block) else {
        problems.append("\(article.name).md:\(block.line): a block must begin with '$ '")
        continue
      }
      for command in commands {
        let outcome = try command.run(in: bench.folder)
        guard !command.shows(outcome) else { continue }
        let actual = outcome.output.joined(separator: "\n")
        problems.append(
          "\(article.name).md:\(command.line): '\(command.command)' ends with \(outcome.code) and "
            + "prints\n\(actual)\ninstead of\n\(command.output.joined(separator: "\n"))"
        )
        replacements.append((command.outputLines, outcome.output))
      }
    }
    var mended = article
    for replacement in replacements.reversed() {
      let lines = replacement.lines
      mended.lines.replaceSubrange(
        lines.lowerBound - 1..<lines.upperBound - 1,
        with: replacement.by
      )
    }
    return (problems, mended)
  }

  /// With `RECORD_SNAPSHOTS` in the environment the page is written anew where it was wrong; what it
  /// left out by `…` is in it then.
  @Test(arguments: isWantedSlow ? Article.sessions : ["README.md"])
  func `an article shows what the commands print`(path: String) throws {
    let article = try Article(at: path)
    let (problems, mended) = try check(article)
    for problem in problems { Issue.record("\(problem)") }
    if !problems.isEmpty, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      let file = Article.package.appendingPathComponent(path)
      try Data(mended.lines.joined(separator: "\n").utf8).write(to: file)
    }
  }

  @Test func `the articles that the entrance lists are there, and no others`() throws {
    let entrance = try Article(named: "PerplexCommands")
    let listed = entrance.lines.compactMap { line in
      line.hasPrefix("- <doc:") ? String(line.dropFirst(7).dropLast()) : nil
    }
    #expect(listed.contains("FromTextToPerplexity"))
    #expect(Article.names.filter { $0 != "PerplexCommands" } == listed.sorted())
  }

  @Test(arguments: Article.names)
  func `an article has no code but what is run`(name: String) throws {
    for block in try Article(named: name).blocks {
      #expect(["console", "swift"].contains(block.language), "\(name).md:\(block.line)")
    }
  }

  @Test func `README is short, and shows no command that is not run`() throws {
    let readme = try Article(at: "README.md")
    #expect(readme.lines.count <= 161)
    #expect(readme.lines.filter { $0.count > 100 && !$0.contains("](") } == [])
    // Building and installing are what brought this test here.
    let shell = readme.blocks.filter { $0.language == "sh" }.flatMap(\.lines)
    #expect(shell.allSatisfy { $0.hasPrefix("swift ") || $0.hasPrefix("cp ") }, "\(shell)")
    #expect(Set(readme.blocks.map(\.language)) == ["console", "sh"])
  }

  @Test func `what README links to is there`() throws {
    let links = try Article(at: "README.md").lines.filter { $0.hasPrefix("[") }
      .compactMap { $0.components(separatedBy: "]: ").last }
    #expect(links.count == 13)
    for link in links {
      let path = Article.package.appendingPathComponent(link).path
      #expect(FileManager.default.fileExists(atPath: path), "\(link)")
    }
  }

  private func article(_ text: String) -> Article { Article(name: "Small", text: text) }

  @Test func `an article that is right has no problems`() throws {
    let text = """
      ```console
      $ printf '%s\\n' 'a b' \\
          'b a' > text.txt
      $ perplex train text.txt -o m.perplex --tokenizer whitespace --smoothing witten-bell
      m.perplex: 5-gram model of whitespace, …
      …
      ```

      ```console
      $ wc -c < text.txt
      8

      $ perplex score m.perplex text.txt
      m.perplex on text.txt
      6 tokens (whitespace, …), 8
      …
      ```
      """
    #expect(try check(article(text)).problems == [])
  }

  @Test func `a wrong figure is found, its line named, and mended`() throws {
    let right = """
      Text.

      ```console
      $ printf 'a b' > text.txt
      $ wc -c < text.txt
      3

      $ cat text.txt
      a b
      ```
      """
    #expect(try check(article(right)).problems == [])
    let wrong = right.replacingOccurrences(of: "\n3\n", with: "\n4\n")
    let (problems, mended) = try check(article(wrong))
    #expect(problems.count == 1)
    #expect(
      problems.first?.hasPrefix("Small.md:5: 'wc -c < text.txt' ends with 0 and prints\n3") == true
    )
    #expect(mended.lines == article(right).lines)
  }

  @Test func `a command that fails is shown by its one line, and no other command fails`() throws {
    func problems(_ output: String) throws -> Int {
      try check(article("```console\n$ perplex score none.perplex text.txt\n\(output)\n```"))
        .problems
        .count
    }
    #expect(try problems("perplex: …") == 0)
    #expect(try problems("…") == 1)
    #expect(try problems("") == 1)
    #expect(try problems("perplex: none.perplex: another mistake") == 1)
  }

  @Test func `a block that does not begin with a command is a problem`() throws {
    #expect(try check(article("```console\nperplex\n```")).problems.count == 1)
  }

  @Test func `the sign for what is left out stands for lines, or for a part of one`() {
    #expect(ShownText.matches("a\n…\nd", "a\nb\nc\nd"))
    #expect(!ShownText.matches("a\n…\nd", "a\nd"))
    #expect(!ShownText.matches("a\n…\nd", "a\nb\ne"))
    #expect(ShownText.matches("in …; next: x", "in 6.6 ms; next: x"))
    #expect(!ShownText.matches("in …; next", "in 1\n; next"))
    #expect(!ShownText.matches("1.5", "1x5"))
    #expect(!ShownText.matches("1.5", "1.55"))
    #expect(ShownText.matches("", ""))
  }
}
