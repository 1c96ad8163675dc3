import Files

/// One run of a stage.
struct Lap {
  var stage: String
  /// Seconds of the clock.
  var seconds: Double
  /// Seconds of all processors together.
  var processorSeconds: Double
  var byteCount = 0
  var tokenCount = 0
  /// The bytes that the stage left behind; nil where they say nothing.
  var resultByteCount: Int?
  /// True where the time is the system's more than the program's, so that no baseline has it.
  var isOfTheSystem = false

  /// The time that `body` took, as a run of `stage`.
  static func measuring(_ stage: String, _ body: () throws -> Void) rethrows -> Lap {
    let start = Moment()
    try body()
    return Lap(stage, from: start, to: Moment())
  }

  /// The time from one moment to another, as a run of `stage`.
  init(_ stage: String, from start: Moment, to end: Moment) {
    self.stage = stage
    seconds = end.seconds - start.seconds
    processorSeconds = end.processorSeconds - start.processorSeconds
  }
}

/// A reading of the clocks.
struct Moment: Sendable {
  let seconds: Double
  let processorSeconds: Double

  /// Now.
  init() {
    seconds = Platform.seconds(of: .wall)
    processorSeconds = Platform.seconds(of: .processor)
  }
}
