import InformationTheory
import Records
import Terminal

/// `loss`: measures a classifier by cross-entropy and related losses.
struct LossCommand: Command, Equatable {
  var predictions = ""
  var readsLogits = false
  var normalizes = false
  var temperature = 1.0
  var distillationTemperature: Double?
  var labelSmoothing = 0.0
  var focalGamma = 2.0
  var bins = 15
  var top = 10
  var floor: Double?
  var results = OutputOptions()

  static let name = "loss"
  static let abstract = "Measure a classifier's predictions by cross-entropy and other losses."
  static let discussion = """
    A row is a prediction. A CSV or TSV file with a header has 'label' and 'probability' (or 'logit') \
    of the label 1; or 'label' and a column for each class, with its name ('logit_NAME' for logits); \
    or 'target_NAME' for each class in place of 'label'. The columns 'id', 'row' and 'text' are not \
    read. Labels are the names of classes, or their numbers from 0. Without a header a row has the \
    label, then one number of the label 1 or one for each class. JSON lines: \
    {"label": 1, "probability": 0.9}, {"label": 2, "probabilities": [0.1, 0.2, 0.7]}, 'logit', \
    'logits', and 'target' with a list in place of 'label'. A teacher's predictions have the same form: \
    'teacher_NAME' for each class beside its column, 'teacher' beside 'probability' or 'logit', and \
    'teacher' in JSON.

    Cross-entropy is the mean of -log p of the true class. It is 0 where every prediction is certain \
    and right, and infinite where one gave probability zero to the true class. The report names that \
    row. Only --floor replaces zeros, and then the report has the figure without it too. Files of any \
    size are read in little memory.

    With a teacher, the distillation loss is T^2 times the mean of KL(teacher || student), both with \
    logits divided by T (for probabilities: p^(1/T), normalized). T^2 keeps the size of its gradient \
    the same at any T (Hinton, Vinyals and Dean 2015). --temperature flattens the predictions for \
    every figure; --distillation-temperature flattens them for this one alone. --floor does not \
    change it.
    """
  static let examples = [
    Example("perplex loss predictions.csv", "Every figure, by class, and the costliest rows."),
    Example("perplex loss - --logits --temperature 2 < logits.csv", "Flatter predictions."),
    Example(
      "perplex loss students.jsonl --distillation-temperature 4",
      "What a student loses to its teacher."
    ),
    Example("perplex loss predictions.jsonl --label-smoothing 0.1 --json", "For a program."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand(
      "PREDICTIONS",
      value: \.predictions,
      completion: .files,
      help: "A CSV, TSV or JSON lines file; '-' is standard input."
    ),
    .flag(
      "--logits",
      value: \.readsLogits,
      help: "Read the columns of classes as logits, not as probabilities."
    ),
    .option("--temperature", value: \.temperature, help: "The divisor of logits."),
    .option(
      "--distillation-temperature",
      value: \.distillationTemperature,
      placeholder: "T",
      statedDefault: "that of --temperature",
      help: "What the logits of student and teacher are divided by in the distillation loss."
    ),
    .flag(
      "--normalize",
      value: \.normalizes,
      help: "Divide each row's probabilities by their sum."
    ),
    .option(
      "--label-smoothing",
      value: \.labelSmoothing,
      help: "Also give the loss with this share of every target spread over all classes."
    ),
    .option("--focal-gamma", value: \.focalGamma, help: "The exponent of the focal loss."),
    .option("--bins", value: \.bins, help: "The number of bins of confidence in the calibration."),
    .option("--top", value: \.top, help: "The number of costliest rows to show."),
    .option(
      "--floor",
      value: \.floor,
      placeholder: "P",
      help: "Raise smaller probabilities of the true class to this, and say what that hides."
    ),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    try UsageError.check(temperature, of: "--temperature", is: .finite(above: 0))
    if let distillationTemperature {
      try UsageError.check(
        distillationTemperature,
        of: "--distillation-temperature",
        is: .finite(above: 0)
      )
    }
    try UsageError.check(labelSmoothing, of: "--label-smoothing", is: .between(0, 1))
    try UsageError.check(focalGamma, of: "--focal-gamma", is: .finite(atLeast: 0))
    try UsageError.check(bins, of: "--bins", is: .between(1, 10_000))
    try UsageError.check(top, of: "--top", is: .between(0, 100_000))
    if let floor { try UsageError.check(floor, of: "--floor", is: .above(0, below: 1)) }
  }

  func run(in console: inout Console) throws {
    var settings = PredictionTally.Settings()
    settings.areLogits = readsLogits
    settings.normalizes = normalizes
    settings.temperature = temperature
    settings.distillationTemperature = distillationTemperature
    settings.options.labelSmoothing = labelSmoothing
    settings.options.focalGamma = focalGamma
    settings.options.calibrationBins = bins
    settings.options.costliestCount = top
    settings.options.floor = floor
    let bar = console.progress("reading", total: nil, unit: .bytes)
    defer { bar.finish() }
    let result = try PredictionReader(
      path: predictions,
      settings: settings,
      threads: results.threadCount
    ).read { bar.advance(by: $0) }
    bar.finish()
    let report = LossReport(result: result, path: predictions, command: self)
    if results.printsJSON {
      try console.print(report.json)
    } else {
      try report.print(in: &console)
    }
  }
}
