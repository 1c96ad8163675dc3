import Files

/// The streams of a command: results go to standard output, all else to standard error.
///
/// Results are buffered and each write is checked, so a full disk is an error and not a short file.
/// Pass it `inout`; a copy would write its share of the buffer a second time.
///
/// ```swift
/// var console = Console.recording(width: 60)
/// try console.print("result")
/// console.note("a remark")
/// console.output  // "result\n"
/// console.errors  // "perplex: a remark\n"
/// ```
package struct Console: Sendable {
  /// True leaves out notes and progress.
  package var isQuiet = false

  /// When colour is used.
  package var colorChoice = ColorChoice.auto

  /// The prefix of each note and error.
  package var programName: String

  /// A person reads standard output.
  package let outputIsTerminal: Bool

  /// A person reads standard error.
  package let errorIsTerminal: Bool

  /// The columns of the terminal, or of the environment's `COLUMNS`, or else 80.
  package let width: Int

  private let allowsColor: Bool
  private var standardOutput: OutputBuffer
  private var standardError: OutputBuffer
  private var latestProgress: ProgressBar?

  private init(
    programName: String,
    outputIsTerminal: Bool,
    errorIsTerminal: Bool,
    width: Int,
    allowsColor: Bool,
    isRecording: Bool
  ) {
    self.programName = programName
    self.outputIsTerminal = outputIsTerminal
    self.errorIsTerminal = errorIsTerminal
    self.width = width
    self.allowsColor = allowsColor
    standardOutput = OutputBuffer(
      isRecording ? nil : .output,
      isLineBuffered: outputIsTerminal
    )
    standardError = OutputBuffer(
      isRecording ? nil : .error,
      isLineBuffered: true
    )
  }

  /// The streams of this process.
  ///
  /// From now on a pipe whose reader has gone is an error of a write and not the process's end.
  package static func standard(programName: String) -> Console {
    Platform.reportClosedPipes()
    let outputIsTerminal = StandardStream.output.isTerminal
    let errorIsTerminal = StandardStream.error.isTerminal
    return Console(
      programName: programName,
      outputIsTerminal: outputIsTerminal,
      errorIsTerminal: errorIsTerminal,
      width: measuredWidth(),
      allowsColor: (Platform.environment("NO_COLOR") ?? "").isEmpty
        && Platform.environment("TERM") != "dumb",
      isRecording: false
    )
  }

  /// A console for tests, which keeps its output and is not a terminal.
  ///
  /// - Parameters:
  ///   - width: The columns that it claims to have.
  ///   - color: When colour is used.
  /// - Returns: A console whose ``output`` and ``errors`` can be read.
  package static func recording(width: Int = 80, color: ColorChoice = .never) -> Console {
    var console = Console(
      programName: "perplex",
      outputIsTerminal: false,
      errorIsTerminal: false,
      width: width,
      allowsColor: true,
      isRecording: true
    )
    console.colorChoice = color
    return console
  }

  /// The text that a recording console was given for standard output.
  package var output: String { standardOutput.text }

  /// The text that a recording console was given for standard error.
  package var errors: String { standardError.text }

  /// The style for standard output.
  package var style: Style {
    switch colorChoice {
    case .auto: Style(isColored: outputIsTerminal && allowsColor)
    case .always: .colored
    case .never: .plain
    }
  }
}

extension Console {
  /// Writes a text to standard output as it is.
  package mutating func write(_ text: String) throws(ConsoleError) {
    if outputIsTerminal { latestProgress?.erase() }
    try standardOutput.append(text.utf8)
  }

  /// Writes bytes to standard output as they are.
  package mutating func write(bytes: some Collection<UInt8>) throws(ConsoleError) {
    try standardOutput.append(bytes)
  }

  /// Writes a text and a line feed to standard output.
  package mutating func print(_ line: String = "") throws(ConsoleError) {
    try write(line + "\n")
  }

  /// Writes the buffered bytes; the program's end does so too.
  package mutating func flush() throws(ConsoleError) { try standardOutput.flush() }

  /// Writes a remark to standard error, unless quiet.
  package mutating func note(_ message: String) {
    guard !isQuiet else { return }
    writeError(message)
  }

  /// Writes what went wrong to standard error as one line, also when quiet.
  ///
  /// Line feeds of the message become blanks, and other control characters are shown and not sent
  /// to the terminal.
  package mutating func writeError(_ message: String) {
    latestProgress?.erase()
    // The order of results and remarks is kept where a person sees both.
    if outputIsTerminal { try? standardOutput.flush() }
    // There is nowhere left to report that standard error cannot be written.
    try? standardError.append("\(programName): \(Self.onOneLine(message))\n".utf8)
  }

  /// A bar for long work on standard error; it stays unseen where no person reads it.
  ///
  /// - Parameters:
  ///   - label: What is being done, such as `counting`.
  ///   - total: The amount of work, if known.
  ///   - unit: What the work is counted in.
  /// - Returns: The bar, to be told of each step and finished at the end.
  package mutating func progress(
    _ label: String,
    total: Int? = nil,
    unit: ProgressBar.Unit = .bytes
  ) -> ProgressBar {
    latestProgress?.finish()
    let bar = ProgressBar(
      label: label,
      total: total,
      unit: unit,
      isVisible: errorIsTerminal && !isQuiet,
      remarkPrefix: isQuiet ? nil : "\(programName): ",
      width: width
    )
    latestProgress = bar
    return bar
  }

  /// Takes the last bar off the screen.
  mutating func finishProgress() {
    latestProgress?.finish()
    latestProgress = nil
  }

  static func onOneLine(_ message: String) -> String {
    var line = ""
    for scalar in message.unicodeScalars {
      switch scalar {
      case "\n", "\t": line += " "
      case "\r": continue
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  private static func measuredWidth() -> Int {
    let terminalWidth = StandardStream.output.columnCount ?? StandardStream.error.columnCount
    if let terminalWidth { return terminalWidth }
    if let columns = Platform.environment("COLUMNS").flatMap({ Int($0) }), columns > 0 {
      return columns
    }
    return 80
  }
}
