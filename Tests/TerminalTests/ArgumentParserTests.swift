import Terminal
import Testing

@Suite struct `Parsing words` {
  @Test(arguments: [
    ["-n", "3", "-o", "m", "a"],
    ["-n3", "-om", "a"],
    ["-n=3", "-o=m", "a"],
    ["--order", "3", "--output", "m", "a"],
    ["--order=3", "--output=m", "a"],
    ["a", "--order=3", "-o", "m"],
    ["--order", "9", "--order", "3", "-o", "m", "--", "a"],
  ])
  func `all spellings of an option mean the same`(words: [String]) throws {
    var expected = SampleTrain()
    expected.order = 3
    expected.output = "m"
    expected.files = ["a"]
    #expect(try SampleTrain.parse(words) == expected)
  }

  @Test func `every kind of value is read into its property`() throws {
    let words = [
      "--smoothing", "witten-bell", "--seed", "18446744073709551615", "--alpha", "1e-3",
      "--prune", "0,0,1", "--source", "x", "--source=y", "--threads", "2", "--memory", "1.5G",
      "--temporary", "/tmp", "-lb", "-o", "-", "a", "-",
    ]
    var expected = SampleTrain()
    expected.method = .wittenBell
    expected.seed = .max
    expected.alpha = 0.001
    expected.prune = [0, 0, 1]
    expected.sources = ["x", "y"]
    expected.threads = 2
    expected.corpus = SampleCorpus(memory: ByteSize(byteCount: 3 << 29), folder: "/tmp")
    expected.lowercases = true
    expected.interpolates = false
    expected.output = "-"
    expected.files = ["a", "-"]
    #expect(try SampleTrain.parse(words) == expected)
  }

  @Test func `after two dashes every word is an operand`() throws {
    let command = try SampleTrain.parse(["-o", "m", "--", "--order", "-", "--", "x"])
    #expect(command.files == ["--order", "-", "--", "x"])
  }

  @Test func `a value may begin with a dash unless it is an option's name`() throws {
    #expect(try SampleTrain.parse(["-o", "m", "a", "--alpha", "-1"]).alpha == -1)
    #expect(try SampleTrain.parse(["-o", "m", "a", "--source", "-x"]).sources == ["-x"])
    #expect(try SampleTrain.parse(["-o", "m", "a", "--source=--order"]).sources == ["--order"])
  }

  @Test func `an option may take all words up to the next option`() throws {
    let command = try SampleCompare.parse(["b", "m1", "m2", "--on", "x", "-", "y"])
    #expect(command.texts == ["x", "-", "y"])
    #expect(command.baseline == "b")
    #expect(command.models == ["m1", "m2"])
    let parted = try SampleCompare.parse(["--on", "x", "--on", "y", "--", "b", "m"])
    #expect(parted.texts == ["x", "y"])
    #expect(parted.models == ["m"])
  }

  @Test(arguments: [
    (["--ordr", "3"], UsageError.unknownOption("--ordr", suggestion: "--order")),
    (["-order", "3"], .unknownOption("-order", suggestion: "--order")),
    (["--out", "m"], .unknownOption("--out", suggestion: "--output")),
    (["--nothing-like-it"], .unknownOption("--nothing-like-it", suggestion: nil)),
    (["-z"], .unknownOption("-z", suggestion: nil)),
    (["-lz"], .unknownOption("-z", suggestion: nil)),
    (["--order"], .missingValue(option: "--order", placeholder: "N")),
    (["-n", "--lowercase"], .missingValue(option: "-n", placeholder: "N")),
    (["-n", "--order=3"], .missingValue(option: "-n", placeholder: "N")),
    (["--lowercase=no"], .unexpectedValue(option: "--lowercase", value: "no")),
    (["-l=no"], .unexpectedValue(option: "-l", value: "no")),
    (["a"], .missingOption("--output", placeholder: "MODEL")),
    (["-o", "m"], .missingOperand("TEXT")),
    (
      ["-o", "m", "a", "-n", "17"],
      .outOfRange(option: "--order", bounds: "between 1 and 16", found: "17")
    ),
  ])
  func `a wrong word is named`(words: [String], error: UsageError) {
    #expect(throws: error) { try SampleTrain.parse(words) }
  }

  @Test(arguments: [
    (["--order", "five"], "'--order' must be a whole number, not 'five'"),
    (["-n", ""], "'-n' must be a whole number, not ''"),
    (["--seed=-1"], "'--seed' must be a whole number that is not negative, not '-1'"),
    (["--alpha", "nan"], "'--alpha' must be a number, not 'nan'"),
    (["--alpha", "0x1p3"], "'--alpha' must be a number, not '0x1p3'"),
    (["--memory", "4X"], "'--memory' must be a size such as 512M or 4G, not '4X'"),
    (
      ["--prune", "0,,1"],
      "'--prune' must be whole numbers with commas between them, such as 0,0,1, not '0,,1'"
    ),
    (
      ["--smoothing", "kneser-nye"],
      """
      '--smoothing' must be one of kneser-ney, modified-kneser-ney, witten-bell, not 'kneser-nye'; \
      did you mean 'kneser-ney'?
      """
    ),
  ])
  func `a wrong value is quoted with what is right`(words: [String], message: String) {
    let error = #expect(throws: UsageError.self) { try SampleTrain.parse(words) }
    #expect(error?.description == message)
  }

  @Test func `too many and too few operands are errors`() {
    #expect(throws: UsageError.unexpectedOperand("zsh")) {
      try SampleCompletions.parse(["bash", "zsh"])
    }
    #expect(throws: UsageError.missingOperand("SHELL")) { try SampleCompletions.parse([]) }
    #expect(throws: UsageError.missingOperand("MODEL")) { try SampleCompare.parse(["b"]) }
  }
}

@Suite struct `Values of arguments` {
  @Test(arguments: [
    ("0", 0), ("4096", 4096), ("1K", 1024), ("512M", 512 << 20), ("4g", 4 << 30),
    ("1.5G", 3 << 29), ("2T", 2 << 40), ("1KiB", 1024), ("1kB", 1000), ("12.5MB", 12_500_000),
    ("7b", 7),
  ])
  func `sizes are read with their units`(text: String, byteCount: Int) {
    #expect(ByteSize(argument: text)?.byteCount == byteCount)
  }

  @Test(arguments: ["", "G", "-1", "1.5", "1..5G", "4X", "1 G", "99999999999T", "9e9", "٣M", ".G"])
  func `what is no size is refused`(text: String) {
    #expect(ByteSize(argument: text) == nil)
  }

  @Test(arguments: [0, 1, 1000, 1024, 3 << 29, 4 << 30, 5 << 40, Int.max])
  func `the word for a size reads back as the size`(byteCount: Int) {
    let size = ByteSize(byteCount: byteCount)
    #expect(ByteSize(argument: size.argument) == size)
  }

  @Test func `the words for other values read back as the values`() {
    for value in [0.5, 1e-8, 12, -3.25, .leastNonzeroMagnitude] {
      #expect(Double(argument: value.argument) == value)
    }
    for value: IntegerList in [[0, 0, 1], [-1, 2]] {
      #expect(IntegerList(argument: value.argument) == value)
    }
    #expect(SampleMethod.allCases.allSatisfy { SampleMethod(argument: $0.argument) == $0 })
    #expect(12.0.argument == "12")
  }
}
