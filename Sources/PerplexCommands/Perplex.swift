package import Terminal

/// The program: its name, its version, its commands.
package let perplex = CommandGroup(
  name: "perplex",
  version: "0.1.0",
  abstract: "Measure how well models predict text.",
  commands: [
    DemoCommand.self, TrainCommand.self, ScoreCommand.self, ExplainCommand.self,
    CompareCommand.self, SweepCommand.self, ReportCommand.self,
    DivergenceCommand.self, LossCommand.self, LessonCommand.self, SampleCommand.self,
    InspectCommand.self,
    ConvertCommand.self, CompressCommand.self, DecompressCommand.self, CompletionsCommand.self,
  ]
)
