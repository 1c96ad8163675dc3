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
  var factor = 1.0
  var label: String?
  var classes: [String] = []
  var weight: String?
  var classWeights: String?
  var positive: String?
  var ignoredLabel: String?
  var isMultiLabel = false
  var labels: String?
  var id: String?
  var results = OutputOptions()

  static let name = "loss"
  static let abstract = "Measure a classifier's predictions by cross-entropy and other losses."
  static let discussion = """
    A row is a prediction. A CSV or TSV file with a header has 'label' and 'probability' (or 'logit') \
    of the label 1; or 'label' and a column for each class, with its name ('logit_NAME' for logits); \
    or 'target_NAME' for each class in place of 'label'. Without a header a row has the label, then \
    one number of the label 1 or one for each class. JSON, an object a line or an array of objects: \
    {"label": 1, "probability": 0.9}, {"label": 2, "probabilities": [0.1, 0.2, 0.7]}, 'logit', \
    'logits', 'target' with a list in place of 'label', or the columns of a table. A NumPy array, \
    .npy, takes its labels from --labels. A teacher's predictions have the same form: 'teacher_NAME' \
    for each class beside its column, 'teacher' beside 'probability' or 'logit', and 'teacher' in JSON.

    Other names are understood where the numbers leave no doubt: classes are the columns whose \
    probabilities sum to one; 'index', 'fold' and the like are not read; 'weight' and 'sample_weight' \
    weigh every figure. The report names what is not read. --label, --classes and --weight say it. \
    Labels are the names of classes or the numbers that these end in; else their places, from 0. \
    Of two classes True is the second, and -1 the first where 1 is the other. Decimal commas and per \
    cent signs are read. With 0 or 1 for each class ('target_NAME', or a list), several of them 1, \
    each class is a prediction of its own.

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
    .group("Columns", \.self, columnArguments),
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
      "--multiply",
      value: \.factor,
      placeholder: "X",
      help: "Multiply probabilities by this; 0.01 reads per cent."
    ),
    .option(
      "--class-weights",
      value: \.classWeights,
      placeholder: "FILE",
      completion: .files,
      help: "Weigh each row's loss by its class: a row with name and weight for each, or weights."
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

  private static let columnArguments: [Argument<Self>] = [
    .option(
      "--label",
      value: \.label,
      placeholder: "NAME",
      help: "The column of the label."
    ),
    .option(
      "--classes",
      value: \.classes,
      takesWordsUpToNextOption: true,
      placeholder: "NAME",
      help: "The columns of the classes, in their order; or the one of the label 1."
    ),
    .option(
      "--weight",
      value: \.weight,
      placeholder: "NAME",
      help: "The column of the rows' weights: every figure is a weighted mean."
    ),
    .option(
      "--positive",
      value: \.positive,
      placeholder: "LABEL",
      help: "The label that one column of probabilities is of, such as spam; all others are not it."
    ),
    .option(
      "--ignore",
      value: \.ignoredLabel,
      placeholder: "LABEL",
      help: "Leave out and count the rows with this label, such as -100."
    ),
    .flag(
      "--multi-label",
      value: \.isMultiLabel,
      help: "Take each class by itself, as true or not, by its target."
    ),
    .option(
      "--labels",
      value: \.labels,
      placeholder: "FILE",
      completion: .files,
      help: "Take the labels from another file, in its order or by --id."
    ),
    .option(
      "--id",
      value: \.id,
      placeholder: "NAME",
      help: "The column by which a row finds its label in the file of --labels."
    ),
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
    try UsageError.check(factor, of: "--multiply", is: .finite(above: 0))
    if id != nil && labels == nil {
      throw .needs("--id", other: "--labels", reason: "it joins rows with labels of another file")
    }
    try UsageError.checkStandardInput([predictions] + [labels, classWeights].compactMap(\.self))
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
    settings.factor = factor
    settings.isMultiLabel = isMultiLabel
    var choice = ColumnChoice(label: label, classes: classes, weight: weight, id: id)
    choice.hasOtherLabels = labels != nil
    choice.areLogits = readsLogits
    choice.total = 1 / factor
    choice.normalizes = normalizes
    let bar = console.progress("reading", total: nil, unit: .bytes)
    defer { bar.finish() }
    let result = try PredictionReader(
      path: predictions,
      settings: settings,
      choice: choice,
      ignored: ignoredLabel,
      positive: positive,
      labels: try labels.map { try LabelFile($0, id: id, label: label) },
      classWeights: classWeights,
      threads: results.threadCount
    ).read { bar.advance(by: $0) }
    bar.finish()
    let report = LossReport(result: result, path: predictions, command: self)
    if results.printsJSON {
      try printResult(report.json, results, in: &console)
    } else {
      try report.print(in: &console)
    }
  }
}
