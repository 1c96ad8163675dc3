import Files
import Synchronization

/// A line on standard error that shows the progress of long work.
///
/// ```
/// counting  [=========>          ]  47 %  12.3 MB/s  8 s left
/// ```
///
/// It appears after one second, is redrawn at most ten times a second, and disappears at the end.
/// Any thread may report.
package final class ProgressBar: Sendable {
  /// The unit that work is counted in.
  package enum Unit: Sendable, Equatable {
    /// Bytes, shown as `12.3 MB`.
    case bytes
    /// Things with a name in the plural, shown as `12.3 M tokens`.
    case items(String)
  }

  private struct State {
    var done = 0
    var lastDrawn: Double?
    var isOnScreen = false
    var isFinished = false
  }

  private let label: String
  private let total: Int?
  private let unit: Unit
  private let isVisible: Bool
  /// The beginning of remarks; nil if none are wanted.
  private let remarkPrefix: String?
  private let width: Int
  private let start: Double
  private let now: @Sendable () -> Double
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Seconds before the first drawing.
  private static let delay = 1.0
  /// Seconds between drawings.
  private static let interval = 0.1
  private static let erasure = "\r\u{1B}[K"

  init(
    label: String,
    total: Int?,
    unit: Unit,
    isVisible: Bool,
    remarkPrefix: String? = nil,
    width: Int,
    now: @escaping @Sendable () -> Double = ProgressBar.monotonicSeconds,
    write: @escaping @Sendable (String) -> Void = ProgressBar.writeToStandardError
  ) {
    self.label = label
    self.total = total
    self.unit = unit
    self.isVisible = isVisible
    self.remarkPrefix = remarkPrefix
    self.width = width
    self.now = now
    self.write = write
    start = now()
  }

  deinit { finish() }

  /// Tells how much of the work is done in all; less than was told before is ignored.
  package func update(_ done: Int) { report { max($0, done) } }

  /// Tells how much more of the work is done.
  package func advance(by count: Int) { report { $0 + count } }

  /// Writes a remark on a separate line during the work, unless the console is quiet.
  package func remark(_ message: String) {
    guard let remarkPrefix else { return }
    state.withLock { state in
      write(
        (state.isOnScreen ? Self.erasure : "") + remarkPrefix + Console.onOneLine(message) + "\n"
      )
      state.isOnScreen = false
    }
  }

  /// Takes the line off the screen; later reports draw nothing.
  package func finish() {
    state.withLock { state in
      if state.isOnScreen { write(Self.erasure) }
      state.isOnScreen = false
      state.isFinished = true
    }
  }

  /// Makes room for another line; the next report draws again.
  func erase() {
    state.withLock { state in
      if state.isOnScreen { write(Self.erasure) }
      state.isOnScreen = false
    }
  }

  private func report(_ advanced: (Int) -> Int) {
    guard isVisible else { return }
    state.withLock { state in
      state.done = advanced(state.done)
      let time = now()
      guard !state.isFinished, time - start > Self.delay,
        time - (state.lastDrawn ?? -.infinity) >= Self.interval
      else { return }
      state.lastDrawn = time
      state.isOnScreen = true
      write(Self.erasure + line(done: state.done, secondsElapsed: time - start))
    }
  }

  /// The line, with the bar as wide as is left, or without where the terminal is narrow.
  func line(done: Int, secondsElapsed: Double) -> String {
    let rate = Double(done) / secondsElapsed
    guard let total, total > 0 else {
      let parts = [label, amount(Double(done)), "\(amount(rate))/s"]
      let time = NumberFormat.duration(seconds: secondsElapsed)
      return TextLayout.shortened((parts + [time]).joined(separator: "  "), to: width - 1)
    }
    let share = min(1, Double(done) / Double(total))
    let percent = TextLayout.padded(NumberFormat.percent(share, decimals: 0), to: 5, .before)
    var tail = "\(percent)  \(amount(rate))/s"
    if done > 0, done < total {
      let left = Double(total - done) / rate
      // Tenths of a second would claim more than an estimate knows.
      let seconds = max(1, left.rounded())
      let time =
        seconds < 60
        ? "\(NumberFormat.fixed(seconds, decimals: 0)) s" : NumberFormat.duration(seconds: seconds)
      tail += "  \(time) left"
    }
    // A bar of constant width does not jump when the time left becomes shorter.
    let room = min(30, width - 1 - TextLayout.columnCount(of: label) - 40)
    guard room >= 5 else { return TextLayout.shortened("\(label)  \(tail)", to: width - 1) }
    let filled = Int(share * Double(room))
    let blanks = String(repeating: " ", count: max(0, room - filled - 1))
    let bar = String(repeating: "=", count: filled) + (filled < room ? ">" : "") + blanks
    return TextLayout.shortened("\(label)  [\(bar)] \(tail)", to: width - 1)
  }

  private func amount(_ count: Double) -> String {
    switch unit {
    case .bytes: NumberFormat.bytes(Int(clamping: Int64(min(count, 9e18))))
    case .items(let name): "\(NumberFormat.abbreviated(count)) \(name)"
    }
  }

  private static let epoch = ContinuousClock.now

  private static func monotonicSeconds() -> Double {
    (ContinuousClock.now - epoch) / .seconds(1)
  }

  private static func writeToStandardError(_ text: String) {
    // A progress line that cannot be written is no reason to stop the work.
    try? StandardStream.error.write(Array(text.utf8))
  }
}
