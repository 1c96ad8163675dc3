import Foundation
import PerplexCommands
import Terminal
import TestSupport

/// A folder for one test, and the program run in it without a process.
final class Workbench {
  private let files: TestFolder

  init() throws { files = try TestFolder() }

  var folder: String { files.path }

  /// What a run printed and its exit code.
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String

    /// The output as a JSON object.
    var json: [String: Any] {
      let value = try? JSONSerialization.jsonObject(with: Data(output.utf8))
      return value as? [String: Any] ?? [:]
    }

    /// The keys of an object of the output but for those that stand at the head of each result.
    func keys(in object: Any?) -> Set<String> {
      Set((object as? [String: Any] ?? [:]).keys).subtracting(["schema", "perplex", "command"])
    }
  }

  func path(_ name: String) -> String { files.file(name) }

  func write(_ text: String, to name: String) throws { try files.write(text, to: name) }

  func write(_ bytes: [UInt8], to name: String) throws { try files.write(bytes, to: name) }

  func bytes(of name: String) -> [UInt8]? { files.bytes(of: name) }

  var names: [String] { files.names }

  /// Runs the program; `@name` in a word stands for a file of the folder.
  func run(_ words: String...) -> Outcome { run(words) }

  func run(_ words: [String], width: Int = 100) -> Outcome {
    var console = Console.recording(width: width)
    let code = perplex.run(
      words.map { $0.hasPrefix("@") ? path(String($0.dropFirst())) : $0 },
      in: &console
    )
    return Outcome(
      code: code,
      output: console.output,
      errors: console.errors.replacingOccurrences(of: folder + "/", with: "")
    )
  }
}

/// Sentences with some repetition, enough for every order of a small model.
let sampleText = """
  the old ferry crossed the river in the rain .
  the ferryman sang and the old dog slept .
  in the rain the river rose and the ferry stayed .
  the dog slept in the old house by the river .
  nobody crossed the river in the night .
  the ferryman stayed and nobody sang .

  """
