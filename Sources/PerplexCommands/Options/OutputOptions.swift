import Files
import Terminal

/// Options that most commands share.
struct OutputOptions: Equatable, Sendable {
  var printsJSON = false
  var threads: Int?
  var leavesOutTiming = false

  static let arguments: [Argument<Self>] = [
    .flag("--json", value: \.printsJSON, help: "Print one JSON object instead of a report."),
    .flag(
      "--no-timing",
      value: \.leavesOutTiming,
      help: "Leave times and speeds out of JSON: equal runs then give equal bytes."
    ),
    .option(
      "--threads",
      value: \.threads,
      statedDefault: "all cores",
      help: "Threads to use; the result is the same for every number."
    ),
  ]

  var threadCount: Int { threads ?? Parallel.processorCount }

  func validate() throws(UsageError) {
    if leavesOutTiming && !printsJSON { throw .needs("--no-timing", other: "--json") }
    if let threads { try UsageError.check(threads, of: "--threads", is: .between(1, 1024)) }
  }
}
