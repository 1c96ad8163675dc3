import Terminal

CommandGroup(
  name: "PerplexBenchmarks",
  version: "1",
  abstract: "Measure the stages of training and scoring, and the coverage of intervals.",
  commands: [Run.self, Coverage.self, Intervals.self]
).main()
