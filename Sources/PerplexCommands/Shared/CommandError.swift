import Files
import Tokenization

/// The reason why a command cannot do what a well-formed command line asks.
enum CommandError: Error, Equatable {
  /// A result would replace a file that the command reads, or another result.
  case outputIsInput(String)
  /// A file exists that nobody asked to replace.
  case outputExists(String)
  /// A model would go to a device or a pipe, which cannot be mapped.
  case outputIsNoFile(String)
  /// A compressed text would go to a terminal.
  case outputIsTerminal
  /// A text is a pipe, and each of several models has to read it.
  case inputIsPipe(String)
  /// The held-out text changed before a model of a sweep scored it.
  case inputChanged(model: String)
  /// A training text has less than a size of a sweep.
  case inputTooShort(String, size: String, tokenCount: Int, lineCount: Int)
  /// A model has scores, which are not enough for this use.
  case noProbabilities(model: String, Use)
  /// A model's sequences are not the lines that SRILM's output has.
  case noSentences(model: String)
  /// A model's probabilities cannot be explained.
  case notExplainable(model: String, Obstacle)
  /// A model's distribution after a context does not sum to one.
  case unsound(model: String, context: [String], deviation: Double, isImported: Bool)

  /// The use of a model that needs probabilities.
  enum Use {
    case comparison, breakdown, policy, srilm
  }

  /// The reason why a model's probabilities cannot be explained.
  enum Obstacle: Equatable {
    /// The file has the log-probabilities of another program.
    case scoresOnly
    /// A mixing model has no orders.
    case mixing
    /// `inspect --explain` shows the orders of gated models only.
    case notGated
    /// A training text does not tell the model's counts; the reason in words.
    case counts(String)
  }
}

extension CommandError {
  /// Checks that `path` is not a file of `others`, also under another spelling.
  static func checkOutput(_ path: String, against others: [String]) throws(CommandError) {
    guard path != "-" else { return }
    for other in others where other != "-" && (other == path || FilePath.areSame(other, path)) {
      throw .outputIsInput(path)
    }
  }

  /// Checks that a model may be written to `path` when `sources` are to be read.
  static func checkModelOutput(
    _ path: String,
    against sources: [TextSource]
  ) throws(CommandError) {
    // A folder is refused by those who open it.
    guard FilePath.kind(of: path) != .stream else { throw .outputIsNoFile(path) }
    try checkOutput(path, against: sources.map(\.name))
  }

  /// Checks that each of `sources` is a file, which can be read more than once.
  static func checkRereadable(_ sources: [TextSource]) throws(CommandError) {
    for source in sources {
      // A missing file is reported when it is opened.
      guard let kind = FilePath.kind(of: source.name), kind != .file else { continue }
      throw .inputIsPipe(source.name)
    }
  }
}

extension CommandError: CustomStringConvertible {
  /// One line: the path, the fault, the remedy.
  var description: String {
    switch self {
    case .outputIsInput(let path):
      "\(path): this file is read or written already, and would be replaced; name another file"
    case .outputExists(let path):
      "\(path): this file exists and would be replaced; name it with --output to replace it"
    case .outputIsNoFile(let path):
      "\(path): a model must be a file, because it is mapped; name a file"
    case .outputIsTerminal:
      "standard output is a terminal; name a file with --output, or write to a pipe"
    case .inputIsPipe(let path):
      "\(path): this is not a file, and each model reads the text; save it to a file"
    case .inputChanged(let model):
      "the held-out text changed before \(model) scored it; it must not change during a sweep"
    case .inputTooShort(let texts, let size, let tokenCount, let lineCount):
      "\(texts): the text has \(tokenCount) tokens in \(lineCount) lines, less than the size "
        + "'\(size)'; ask for less with '--sizes', or in per cent"
    case .noProbabilities(let model, let use):
      "\(model): stupid back-off gives scores, not probabilities: \(use.lack)"
    case .noSentences(let model):
      "\(model): SRILM's output has a sentence a line, and this model reads other sequences; "
        + "use --per-token"
    case .notExplainable(let model, let obstacle):
      "\(model): \(obstacle.description)"
    case .unsound(let model, let context, let deviation, let isImported):
      "\(model): the distribution after '\(context.joined(separator: " "))' is \(deviation) away from "
        + "summing to one; "
        + (isImported
          ? "many ARPA files give <s> a part of the sum, or round to four decimals; the figures are "
            + "used as they stand"
          : "train the model anew")
    }
  }
}

extension CommandError.Use {
  /// The consequence of having no probabilities, and the remedy.
  fileprivate var lack: String {
    switch self {
    case .comparison: "it has no perplexity to compare; train with another --smoothing"
    case .breakdown: "it has no bits to break down; train with another --smoothing"
    case .policy: "--policy has nothing to count; train with another --smoothing"
    case .srilm: "it has no SRILM output; use --per-token"
    }
  }
}

extension CommandError.Obstacle: CustomStringConvertible {
  /// The obstacle and the remedy.
  var description: String {
    switch self {
    case .scoresOnly:
      "the file has another program's log-probabilities, not how they came about; "
        + "score --per-token lists them"
    case .mixing:
      "a mixing model predicts bits from many contexts at once and has no orders to show; "
        + "explain a model of n-grams or --model gated"
    case .notGated:
      "only a gated model shows what each order gives to a token here; leave out --explain, "
        + "or use perplex explain for n-grams"
    case .counts(let obstacle):
      "a training text does not show its counts, because \(obstacle); leave out --training"
    }
  }
}
