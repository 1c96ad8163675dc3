import Foundation
import Testing

@testable import PerplexCommands

@Suite struct BundledTextTests {
  @Test(arguments: BundledText.all(.train) + BundledText.all(.heldOut))
  func `a bundled text is a file of corpora`(text: BundledText) throws {
    let path = "corpora/\(text.genre)/\(text.fileName)"
    let file = try Data(contentsOf: Article.package.appendingPathComponent(path))
    #expect(text.bytes == Array(file))
  }

  @Test func `demo writes the texts as files into a new folder`() throws {
    let bench = try Workbench()
    #expect(bench.run("demo", "--texts", "@texts").code == 0)
    let text = BundledText(genre: .letters, part: .heldOut)
    #expect(bench.bytes(of: "texts/letters/held-out.txt") == text.bytes)
    #expect(bench.bytes(of: "texts/stories/train.txt")?.count == 28_124)
  }

  @Test func `demo reads a folder in place of the bundled texts`() throws {
    let bench = try Workbench()
    let absent = bench.run("demo", "@absent")
    #expect(absent.code == 1)
    #expect(absent.errors.contains("absent/stories/train.txt: cannot open"))
    let both = bench.run("demo", "@absent", "--texts", "@texts")
    #expect(both.code == 64 && both.errors.contains("it writes the bundled texts"))
  }

  /// Runs the commands of a `console` block with a copy of the program, in a folder with nothing else.
  private func checkCopied(_ session: String) throws {
    let bench = try Workbench()
    let program = ShownCommand.products.appendingPathComponent("perplex")
    try FileManager.default.copyItem(at: program, to: URL(fileURLWithPath: bench.path("copied")))
    let blocks = Article(name: "Copied", text: "```console\n\(session)\n```").blocks
    for command in try #require(blocks.first.flatMap(ShownCommand.commands)) {
      let outcome = try command.run(in: bench.folder)
      #expect(command.shows(outcome), "\(outcome.output)")
    }
  }

  @Test func `a copied program has its texts with it`() throws {
    try checkCopied(
      """
      $ ./copied demo --texts texts && ls texts
      perplex: texts is written; next: perplex train texts/stories/train.txt
      encyclopedia
      letters
      recipes
      stories

      $ cat texts/*/*.txt | wc -c
      130775
      """
    )
  }

  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["PERPLEX_SLOW_TESTS"] == "1",
      "trains large models unoptimised; set PERPLEX_SLOW_TESTS=1"
    )
  )
  func `a copied program runs demo and lesson on its texts`() throws {
    try checkCopied(
      """
      $ ./copied demo --quiet | head -n 2
      text       model                                   bits/token  perplexity  bits/byte  unknown  true entropy  distance
      English    1-gram words, modified Kneser-Ney            8.826      453.86      2.060    7.2 %

      $ ./copied lesson --quiet -o lesson.html && grep -c '</html>' lesson.html
      1
      """
    )
  }
}
