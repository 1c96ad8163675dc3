import Terminal

CommandGroup(
  name: "PerplexBenchmarks",
  version: "1",
  abstract: "Measure each stage of training and scoring.",
  commands: [Run.self]
).main()
