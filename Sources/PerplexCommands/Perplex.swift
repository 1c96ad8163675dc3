public import Terminal

/// The program: its name, its version, its commands.
public let perplex = CommandGroup(
  name: "perplex",
  version: "0.1.0",
  abstract: "Measure how well models predict text.",
  commands: [
    Demo.self, Train.self, Score.self, ExplainCommand.self, Compare.self, Sweep.self, Report.self,
    DivergenceCommand.self, LossCommand.self, Lesson.self, Sample.self, Inspect.self,
    Convert.self, Compress.self, Decompress.self, Completions.self,
  ]
)
