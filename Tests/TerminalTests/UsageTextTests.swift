import Terminal
import Testing

@Suite struct `Help screens` {
  @Test func `the program's screen lists the commands`() {
    let help = """
      Measure how well models predict text.

      Usage: perplex COMMAND [OPTIONS]

      Commands:
        train          Estimate a model from text.
        compare        Compare models.
        completions    Print a completion script.

      Options:
        -h, --help     Show this help.
            --version  Show the version.

      Examples:
        perplex train a.txt -o a.perplex
            Train a model.

      See 'perplex help COMMAND' for the options of a command.

      """
    #expect(run() == (0, help, ""))
    #expect(run("--help") == (0, help, ""))
    #expect(run("-h") == (0, help, ""))
    #expect(run("help") == (0, help, ""))
  }

  @Test func `a command's screen has choices, defaults, groups and examples`() {
    let help = """
      Estimate a model from text.

      Usage: perplex train [OPTIONS] TEXT... --output MODEL

      Operands:
        TEXT...               Files or folders of text.

      Options:
        -n, --order N         The longest n-gram. (default: 5)
            --smoothing NAME  How counts become probabilities. (kneser-ney,
                              modified-kneser-ney, witten-bell; default:
                              modified-kneser-ney)
            --seed N          The seed of chance. (default: 1)
            --alpha X         What is added to each count.
            --prune N,N,...   Counts to drop, by order.
            --source TEXT     Where it is from. (may be repeated)
        -l, --lowercase       Fold capitals.
        -b, --back-off        Back off.
            --threads N       Threads to use. (default: all cores)
        -o, --output MODEL    The model to write. (required)

      Corpus:
            --memory SIZE     The most memory to use. (default: 4G)
            --temporary DIR   Where to spill.

      General:
        -q, --quiet           Print no notes and no progress.
            --color WHEN      When to use colour. (auto, always, never; default: auto)
        -h, --help            Show this help.

      The text is read once. A folder is read in the order of names.

      Examples:
        perplex train a.txt --output a.perplex
            Train on one file.

      """
    #expect(run("help", "train") == (0, help, ""))
    #expect(run("train", "--help") == (0, help, ""))
    #expect(run("train", "--order", "x", "-h") == (0, help, ""))
    #expect(SampleTrain.help(program: "perplex") == help)
  }

  @Test func `operands show how often they may stand`() {
    #expect(
      run("help", "compare").output.contains("Usage: perplex compare [OPTIONS] BASELINE MODEL...\n")
    )
    #expect(
      run("help", "compare").output.contains("--on TEXT...  The texts. (default: default.txt)")
    )
  }

  @Test(arguments: [40, 60, 80, 100, 200])
  func `no line is wider than the terminal`(width: Int) {
    for topic in ["train", "compare", "completions"] {
      let help = run("help", topic, width: width).output
      let lines = help.split(separator: "\n").filter { !$0.hasPrefix("  perplex") }
      #expect(lines.allSatisfy { TextLayout.columnCount(of: String($0)) <= min(width, 100) })
    }
  }

  @Test func `headings are bold where colour is on`() {
    let plain = run("help", "train").output
    let colored = run("help", "train", color: .always).output
    #expect(colored.contains("\u{1B}[1mOptions:\u{1B}[0m\n"))
    #expect(!plain.contains("\u{1B}"))
  }
}

@Suite struct `Running a program` {
  @Test func `a command writes results and notes to their streams`() {
    #expect(
      run("train", "a", "-o", "m") == (0, "order 5\n", "perplex: reading 1 files\n")
    )
    #expect(run("train", "a", "-o", "m", "--quiet") == (0, "order 5\n", ""))
    #expect(run("--version") == (0, "perplex 1.2.3\n", ""))
  }

  @Test(arguments: [
    (["trian"], "unknown command 'trian'; did you mean 'train'? see 'perplex help'"),
    (["xyzzy"], "unknown command 'xyzzy'; see 'perplex help'"),
    (["help", "trian"], "unknown command 'trian'; did you mean 'train'? see 'perplex help'"),
    (["--verison"], "unknown option '--verison'; did you mean '--version'? see 'perplex help'"),
    (["--quiet", "train"], "'--quiet' comes after the command; see 'perplex help'"),
    (
      ["train", "--ordr", "3"],
      "unknown option '--ordr'; did you mean '--order'? see 'perplex help train'"
    ),
    (["train", "-n"], "'-n' needs a value: -n N; see 'perplex help train'"),
    (["train", "a"], "'--output MODEL' is missing; see 'perplex help train'"),
    (["train", "-o", "m"], "TEXT is missing; see 'perplex help train'"),
    (["completions", "bash", "x"], "unexpected word 'x'; see 'perplex help completions'"),
    (
      ["completions", "fsh"],
      "'SHELL' must be one of bash, zsh, fish, not 'fsh'; did you mean 'fish'? "
        + "see 'perplex help completions'"
    ),
  ])
  func `a wrong command line is one line and exit code 64`(words: [String], message: String) {
    var console = Console.recording()
    #expect(sampleProgram.run(words, in: &console) == 64)
    #expect(console.errors == "perplex: \(message)\n")
    #expect(console.output == "")
  }

  @Test func `a failure is one harmless line and exit code 1`() {
    #expect(
      run("compare", "a", "b") == (1, "", "perplex: first line second \\u{1B}[31mline\n")
    )
  }
}
