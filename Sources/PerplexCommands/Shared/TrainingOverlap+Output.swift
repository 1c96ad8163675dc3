import LanguageModels
import Records
import Terminal
import Tokenization

extension TrainingOverlap {
  /// A warning where more of the text than chance explains was trained
  /// on; else nil.
  func warning(_ settings: TextSettings) -> String? {
    guard isNotable else { return nil }
    let unit = settings.unit.noun
    let example = examples.first.map { " (line \($0.line): '\(TokenTable.escaped($0.text.utf8))')" }
    return """
      \(NumberFormat.percent(share, decimals: share < 0.1 ? 1 : 0)) of the text's spans of \
      \(spanLength) \(unit) were in the training text, \(NumberFormat.grouped(found)) of \
      \(NumberFormat.grouped(sampled)) looked for\(example ?? ""); figures on seen text say nothing \
      about new text
      """
  }

  /// The same for programs.
  var json: JSONValue {
    [
      "span_length": .integer(spanLength),
      "sampled": .integer(sampled),
      "found": .integer(found),
      "share": sampled == 0 ? .null : .double(share),
      "examples": .array(
        examples.map { .object($0.line.json + ["text": .string($0.text)]) }
      ),
    ]
  }
}

extension TrainingSpans {
  /// The record of the training text by which `score` recognises a text that was trained on, in
  /// words.
  func text(_ settings: TextSettings) -> String {
    let share = sampledShare == 1 ? "all" : "1 in \(NumberFormat.grouped(Int(1 / sampledShare)))"
    return "hashes of \(NumberFormat.grouped(count)) spans of \(length) \(settings.unit.noun), "
      + "\(share) of the text's, to find it in other texts"
  }
}
