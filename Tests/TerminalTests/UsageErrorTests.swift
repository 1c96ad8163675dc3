import Terminal
import Testing

@Suite struct `Facts of a wrong command line` {
  @Test(arguments: [
    (
      UsageError.conflict("--back-off", "katz", reason: "it has one form only"),
      "'--back-off' does not go with katz: it has one form only"
    ),
    (.conflict("--order", "--model mixing"), "'--order' does not go with '--model mixing'"),
    (.needs("--alpha", other: "--smoothing additive"), "'--alpha' needs '--smoothing additive'"),
    (
      .needsFile("--output", reason: "a model is mapped, not piped"),
      "'--output' must be a file, not '-': a model is mapped, not piped"
    ),
    (.onlyOneStandardOutput, "only one result can go to standard output"),
    (.readsStandardInputTwice, "standard input, '-', can be read only once"),
  ])
  func `have their words in one place`(error: UsageError, words: String) {
    #expect(error.description == words)
  }

  @Test func `standard input is read once`() throws {
    try UsageError.checkStandardInput(["-", "a"])
    #expect(throws: UsageError.readsStandardInputTwice) {
      try UsageError.checkStandardInput(["-", "a", "-"])
    }
  }

  @Test(arguments: [
    (NumberBounds.between(1, 16), "between 1 and 16", [1, 16], [0, 17]),
    (.atLeast(100), "at least 100", [100, .max], [99]),
    (.between(0, 100_000), "between 0 and 100,000", [0], [-1]),
  ])
  func `bounds of whole numbers are kept and told`(
    bounds: NumberBounds<Int>,
    words: String,
    inside: [Int],
    outside: [Int]
  ) {
    #expect(bounds.description == words)
    #expect(inside.allSatisfy(bounds.contains))
    #expect(!outside.contains(where: bounds.contains))
  }

  @Test(arguments: [
    (NumberBounds.above(0, below: 1), "above 0 and below 1", [0.5], [0, 1, .nan]),
    (.above(0, atMost: 1), "above 0 and at most 1", [1], [0]),
    (.between(1e-9, 1e9), "between 1e-9 and 1e9", [1e-9, 1e9], [0, 1e10]),
    (.finite(above: 0), "above 0", [1e300], [0, .infinity, .nan]),
    (.finite(atLeast: 0), "at least 0", [0], [-0.1, .infinity]),
  ])
  func `bounds of numbers are kept and told`(
    bounds: NumberBounds<Double>,
    words: String,
    inside: [Double],
    outside: [Double]
  ) {
    #expect(bounds.description == words)
    #expect(inside.allSatisfy(bounds.contains))
    #expect(!outside.contains(where: bounds.contains))
  }

  @Test func `options that were given are found by the table that reads them`() throws {
    let given = try SampleTrain.parse(["-o", "m", "a", "--temporary", "t", "--lowercase"])
    var blank = SampleTrain()
    #expect(
      SampleTrain.arguments.namesOfChanges(in: given, from: blank)
        == ["TEXT", "--lowercase", "--output", "--temporary"]
    )
    blank = given
    #expect(SampleTrain.arguments.namesOfChanges(in: given, from: blank) == [])
  }
}
