import Foundation
import Testing

/// Opens pages as a reader's browser does, and drives them by script.
///
/// Tests that need one are skipped where there is none: `.enabled(if: HeadlessBrowser.isThere,
/// HeadlessBrowser.absence)`.
struct HeadlessBrowser {
  /// Whether this machine has one.
  static let isThere = executable != nil

  /// Why tests are skipped.
  static let absence: Comment = "no Chromium on this machine: pages are not opened in a browser"

  /// What became of a page.
  struct Outcome {
    /// What the script returned, as JSON.
    var result: Any
    /// What went to the console as an error or warning, was thrown, or was refused by the policy.
    var complaints: [String]
    /// The result as an object.
    var object: [String: Any] { result as? [String: Any] ?? [:] }
  }

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private static let executable: String? = ["chromium", "chromium-browser", "google-chrome"]
    .flatMap { name in ["/usr/bin/", "/usr/local/bin/", "/snap/bin/"].map { $0 + name } }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Opens `markup` in a window so many pixels wide, runs `script`, the body of a function, once the
  /// page's own have run, and gives what it returns.
  static func open(_ markup: String, width: Int = 1200, running script: String) throws -> Outcome {
    guard let executable else { throw Failure(description: "no browser") }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("perplex-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appendingPathComponent("page.html")
    try instrumented(markup, script).write(to: page, atomically: true, encoding: .utf8)
    let output = folder.appendingPathComponent("dom.html")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--no-first-run", "--user-data-dir=\(folder.path)/profile", "--window-size=\(width),900",
      "--virtual-time-budget=10000", "--dump-dom", "file://\(page.path)",
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let dom = try String(contentsOf: output, encoding: .utf8)
    guard let start = dom.range(of: "<pre id=\"outcome\">"),
      let end = dom.range(of: "</pre>", range: start.upperBound..<dom.endIndex)
    else { throw Failure(description: "the page did not come to its end: \(dom.suffix(2000))") }
    let text = dom[start.upperBound..<end.lowerBound]
      .replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
      .replacingOccurrences(of: "&nbsp;", with: "\u{A0}")
      .replacingOccurrences(of: "&amp;", with: "&")
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
    guard let outcome = parsed as? [String: Any] else { throw Failure(description: text) }
    return Outcome(
      result: outcome["result"] ?? NSNull(),
      complaints: outcome["complaints"] as? [String] ?? []
    )
  }

  /// The page with what listens for complaints before its own scripts, and the test's after them.
  private static func instrumented(_ markup: String, _ script: String) -> String {
    let listener = """
      <script>
      const complaints = [];
      addEventListener("error", (event) => complaints.push(String(event.message)), true);
      addEventListener("unhandledrejection", (event) => complaints.push(String(event.reason)));
      addEventListener("securitypolicyviolation",
        (event) => complaints.push("refused: " + event.violatedDirective + " " + event.blockedURI));
      for (const kind of ["error", "warn"]) {
        console[kind] = (...words) => complaints.push(kind + ": " + words.join(" "));
      }
      </script>
      """
    let driver = """
      <script>
      addEventListener("load", () => {
        let result = null;
        try { result = (() => { \(script) })(); } catch (error) { complaints.push(String(error)); }
        const outcome = document.createElement("pre");
        outcome.id = "outcome";
        outcome.textContent = JSON.stringify({ result, complaints });
        document.body.append(outcome);
      });
      </script>
      """
    // A page whose policy refuses scripts would refuse these too.
    return
      markup
      .replacingOccurrences(
        of: "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\"",
        with: "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; "
          + "script-src &#39;unsafe-inline&#39;\""
      )
      .replacingOccurrences(of: "<head>", with: "<head>" + listener)
      .replacingOccurrences(of: "</body>", with: driver + "</body>")
  }
}
