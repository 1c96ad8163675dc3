import InformationTheory
import LanguageModels
import Records
import Terminal
import Tokenization

/// `sample`: draws text from a model.
struct SampleCommand: Command, Equatable {
  var model = ""
  var count = 1
  var prompt = ""
  var temperature = 1.0
  var topProbability = 1.0
  var maximumTokens = 200
  var seed: UInt64 = 1
  var results = OutputOptions()

  static let name = "sample"
  static let abstract = "Draw text from a model."
  static let discussion = """
    Each sample begins a sequence, continues the prompt, and ends with the model's </s> or after \
    --max-tokens. The same seed gives the same text.
    """
  static let examples = [
    Example("perplex sample stories.perplex --count 5", "Five sentences."),
    Example(
      "perplex sample letters.perplex --prompt \"Dear Ann\" --temperature 0.7 --seed 7",
      "A likelier continuation of a text."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("MODEL", value: \.model, help: "A .perplex or ARPA file."),
    .option("--count", value: \.count, help: "The number of samples."),
    .option("--prompt", value: \.prompt, placeholder: "TEXT", help: "A text to continue."),
    .option(
      "--temperature",
      value: \.temperature,
      help: "Below 1, likely tokens become likelier; above 1, probabilities become more alike."
    ),
    .option(
      "--top-p",
      value: \.topProbability,
      help: "Draw only from the likeliest tokens that make up this much probability."
    ),
    .option("--max-tokens", value: \.maximumTokens, help: "The greatest length of a sample."),
    .option("--seed", value: \.seed, help: "The seed of the random numbers."),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    try UsageError.check(count, of: "--count", is: .atLeast(1))
    try UsageError.check(temperature, of: "--temperature", is: .finite(above: 0))
    try UsageError.check(topProbability, of: "--top-p", is: .above(0, atMost: 1))
    try UsageError.check(maximumTokens, of: "--max-tokens", is: .atLeast(1))
  }

  func run(in console: inout Console) throws {
    let opened = try ModelFile.open(model, threads: results.threadCount)
    var sampler = Sampler(opened)
    sampler.temperature = temperature
    sampler.topProbability = topProbability
    sampler.maximumLength = maximumTokens
    let start = try opened.prompt(prompt, in: &console)
    console.note("the seed is \(seed)")
    var generator = SplitMix64(seed: seed)
    var samples: [JSONValue] = []
    for _ in 0..<count {
      let drawn = sampler.sample(after: start, using: &generator)
      let text = String(decoding: sampler.text(of: start + drawn), as: UTF8.self)
      if results.printsJSON { samples.append(.string(text)) } else { try console.print(text) }
    }
    if results.printsJSON {
      try printResult(
        ["model": .string(model), "seed": .unsigned(seed), "samples": .array(samples)],
        results,
        in: &console
      )
    }
  }
}
