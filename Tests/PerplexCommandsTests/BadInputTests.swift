import Foundation
import PerplexCommands
import TestSupport
import Testing

@Suite struct BadInputTests {
  /// One mistake: the command line, the exit code, and the line it must print.
  struct Case: CustomTestStringConvertible, Sendable {
    var words: [String]
    var code: Int32
    var message: String
    var testDescription: String { words.joined(separator: " ") }
  }

  static let cases: [Case] = [
    Case(
      words: ["train", "@missing.txt", "-o", "@old.perplex"],
      code: 1,
      message: "perplex: missing.txt: cannot open: No such file or directory; check the name\n"
    ),
    Case(
      words: ["train", "@folder", "-o", "@old.perplex"],
      code: 1,
      message: "perplex: folder: the folder has no *.txt or *.md file; name a text\n"
    ),
    Case(
      words: ["train", "@empty.txt", "-o", "@old.perplex"],
      code: 1,
      message: "perplex: empty.txt: the text has no tokens; give a text with words\n"
    ),
    Case(
      words: ["train", "@blank.txt", "-o", "@old.perplex"],
      code: 1,
      message: "perplex: blank.txt: the text has no tokens; give a text with words\n"
    ),
    Case(
      words: ["train", "@latin.txt", "-o", "@old.perplex"],
      code: 1,
      message: "perplex: latin.txt:2: byte 8 of the file is not UTF-8; it seems to be "
        + "Latin-1 or Windows-1252: convert it with iconv -f WINDOWS-1252 -t UTF-8 first\n"
    ),
    Case(
      words: ["train", "--tokenizer", "whitespace", "@marker.txt", "-o", "@old.perplex"],
      code: 1,
      message: "perplex: marker.txt:1: the line has a literal '</s>', which marks sentences; "
        + "remove it, or use --markers skip to read it as white space\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--vocabulary", "@empty.txt"],
      code: 1,
      message: "perplex: empty.txt: the vocabulary has no words; list one word per line\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--min-count", "1000"],
      code: 1,
      message: "perplex: good.txt: the vocabulary contains no token of the text; check "
        + "--vocabulary, or lower --min-count\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@good.txt"],
      code: 1,
      message:
        "perplex: good.txt: this file is read or written already, and would be replaced; name "
        + "another file\n"
    ),
    Case(
      words: ["score", "@tiny.arpa", "@good.txt", "--per-line", "@good.txt"],
      code: 1,
      message:
        "perplex: good.txt: this file is read or written already, and would be replaced; name "
        + "another file\n"
    ),
    Case(
      words: ["score", "@tiny.arpa", "@good.txt", "--per-token", "@tiny.arpa"],
      code: 1,
      message:
        "perplex: tiny.arpa: this file is read or written already, and would be replaced; name "
        + "another file\n"
    ),
    Case(
      words: ["score", "@tiny.arpa", "-", "-"],
      code: 64,
      message: "perplex: standard input, '-', can be read only once; see 'perplex help score'\n"
    ),
    Case(
      words: ["convert", "@tiny.arpa", "@tiny.arpa"],
      code: 1,
      message: "perplex: tiny.arpa: a model cannot be converted onto itself; name another file\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "/dev/null"],
      code: 1,
      message: "perplex: /dev/null: a model must be a file, because it is mapped; "
        + "name a file\n"
    ),
    Case(
      words: [
        "train", "@good.txt", "-o", "@old.perplex", "--smoothing", "jelinek-mercer", "--dev",
        "@blank.txt",
      ],
      code: 1,
      message: "perplex: blank.txt: the text has no tokens; give a text with words\n"
    ),
    Case(
      words: [
        "train", "@good.txt", "-o", "@old.perplex", "--smoothing", "additive", "--alpha", "0",
      ],
      code: 64,
      message:
        "perplex: '--alpha' must be between 1e-9 and 1e9, not 0.0; see 'perplex help train'\n"
    ),
    Case(
      words: ["score", "@old.perplex", "@good.txt", "--per-token", "@t", "--per-line", "@t"],
      code: 64,
      message: "perplex: '--per-token' and '--per-line' must be two files; "
        + "see 'perplex help score'\n"
    ),
    Case(
      words: ["score", "@old.perplex", "@good.txt", "--per-line", "-", "--json"],
      code: 64,
      message: "perplex: only one result can go to standard output; see 'perplex help score'\n"
    ),
    Case(
      words: ["demo", "--texts", "@folder"],
      code: 1,
      message: "perplex: folder: cannot create: File exists\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@folder"],
      code: 1,
      message: "perplex: folder: cannot create: Is a directory; name a file\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@none/m.perplex"],
      code: 1,
      message: "perplex: none/m.perplex: cannot create: No such file or directory; check the name\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--order", "0"],
      code: 64,
      message: "perplex: '--order' must be between 1 and 16, not 0; see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--order", "99"],
      code: 64,
      message: "perplex: '--order' must be between 1 and 16, not 99; see 'perplex help train'\n"
    ),
    Case(
      words: [
        "train", "@good.txt", "-o", "@old.perplex", "--smoothing", "jelinek-mercer", "--back-off",
      ],
      code: 64,
      message: "perplex: '--back-off' does not go with jelinek-mercer: it has one form only; "
        + "see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--order", "3", "--prune", "0,0,1,2"],
      code: 64,
      message:
        "perplex: '--prune' has 4 cut-offs, but the model has 3 orders; see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--prune", "1"],
      code: 64,
      message:
        "perplex: '--prune' must begin with 0, not 1: '--min-count' with '--rare drop' leaves out rare words; see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--prune", "0,2,1"],
      code: 64,
      message:
        "perplex: '--prune' must not decrease, as from 2 to 1: an n-gram needs the shorter ones in it; see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--prune", "0,,1"],
      code: 64,
      message:
        "perplex: '--prune' must be whole numbers with commas between them, such as 0,0,1, not '0,,1'; see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@old.perplex", "--rare", "drop"],
      code: 64,
      message:
        "perplex: '--rare drop' needs '--min-count' or '--vocabulary'; see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "--discount", "0.5", "-o", "@old.perplex"],
      code: 64,
      message: "perplex: '--discount' needs '--smoothing absolute-discounting' or '--smoothing "
        + "kneser-ney'; see 'perplex help train'\n"
    ),
    Case(
      words: ["trian", "@good.txt"],
      code: 64,
      message: "perplex: unknown command 'trian'; did you mean 'train'? see 'perplex help'\n"
    ),
    Case(
      words: ["score", "@old.perplex", "@good.txt"],
      code: 1,
      message:
        "perplex: old.perplex: this is neither a perplex model nor an ARPA file; give a model\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@m.perplex", "--memory", "1M"],
      code: 64,
      message:
        "perplex: '--memory' must be at least 32M, not 1048576 bytes; see 'perplex help train'\n"
    ),
    Case(
      words: ["train", "@good.txt", "-o", "@m.perplex", "--temporary", "@nowhere"],
      code: 1,
      message: "perplex: nowhere: cannot create: No such file or directory; check the name\n"
    ),
    Case(
      words: ["score", "@zip.gz", "@good.txt"],
      code: 1,
      message: "perplex: zip.gz: gzip cannot unpack it: stdin: unexpected end of file; the "
        + "file is damaged, cut short, or has other bytes behind its end\n"
    ),
    Case(
      words: ["score", "@folder", "@good.txt"],
      code: 1,
      message: "perplex: folder: cannot open: Is a directory; name a file\n"
    ),
    Case(
      words: ["score", "@zeros.perplex", "@good.txt"],
      code: 1,
      message: "perplex: zeros.perplex: the model was not written to its end; train it anew\n"
    ),
  ]

  @Test(arguments: cases)
  func `a mistake gives one line, its exit code, and leaves files alone`(mistake: Case) throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "good.txt")
    try bench.write("", to: "empty.txt")
    try bench.write("\n\n\n", to: "blank.txt")
    try bench.write(Array("good\ncaf".utf8) + [0xe9, 10], to: "latin.txt")
    try bench.write("a </s> b\n", to: "marker.txt")
    try bench.write("an older file\n", to: "old.perplex")
    try bench.write(
      "\\data\\\nngram 1=2\n\n\\1-grams:\n-0.5\t<unk>\n-0.5\t</s>\n\n\\end\\\n",
      to: "tiny.arpa"
    )
    try bench.write([0x1f, 0x8b, 8, 0, 0], to: "zip.gz")
    try bench.write([UInt8](repeating: 0, count: 500), to: "zeros.perplex")
    try FileManager.default.createDirectory(
      atPath: bench.path("folder"),
      withIntermediateDirectories: true
    )
    let names = bench.names
    let outcome = bench.run(mistake.words)
    #expect(outcome.code == mistake.code)
    #expect(outcome.errors == mistake.message)
    #expect(outcome.output.isEmpty)
    #expect(bench.names == names)
    #expect(bench.bytes(of: "old.perplex") == Array("an older file\n".utf8))
  }

  @Test func `a model cut short is refused`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex", "--quiet")
    let whole = try #require(bench.bytes(of: "m.perplex"))
    try bench.write(Array(whole.dropLast(8)), to: "cut.perplex")
    let outcome = bench.run("score", "@cut.perplex", "@train.txt")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "perplex: cut.perplex: the model has \(whole.count - 8) bytes and should have "
        + "\(whole.count); copy it anew\n"
    )
  }

  @Test func `verify finds a changed byte that score does not look at`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex", "--quiet")
    var bytes = try #require(bench.bytes(of: "m.perplex"))
    bytes[bytes.count - 3] ^= 1
    try bench.write(bytes, to: "m.perplex")
    #expect(bench.run("score", "@m.perplex", "@train.txt").code == 0)
    for command in [
      ["inspect", "@m.perplex", "--verify"], ["score", "@m.perplex", "@train.txt", "--verify"],
    ] {
      let outcome = bench.run(command)
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "perplex: m.perplex: the model's region 0 is damaged; copy or train it anew\n"
      )
    }
  }

  @Test(arguments: ["whitespace", "words", "characters", "graphemes", "bytes"])
  func `odd but ordinary text trains and scores`(tokenizer: String) throws {
    let bench = try Workbench()
    // Longer than a block of the reader, where that is few tokens.
    let isLong = isWantedSlow || tokenizer == "words" || tokenizer == "whitespace"
    let long = [UInt8](repeating: 120, count: isLong ? 270_000 : 9000)
    try bench.write(
      Array("\u{FEFF}a b\u{0}c\r\n\n\n\u{2028}d e\r\n".utf8) + long + Array(" no end".utf8),
      to: "odd.txt"
    )
    let train = bench.run(
      "train",
      "@odd.txt",
      "-o",
      "@m.perplex",
      "--tokenizer",
      tokenizer,
      "--quiet",
      "--order",
      "4"
    )
    #expect(train.code == 0)
    let score = bench.run("score", "@m.perplex", "@odd.txt", "--json")
    #expect(score.code == 0)
    #expect((score.json["total"] as? [String: Any])?["out_of_vocabulary"] as? Int == 0)
  }
}
