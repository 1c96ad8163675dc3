package import LanguageModels
package import Perplexity
import Terminal
package import Tokenization

extension TokenizerName: ArgumentValue {}
extension TextSettings.Sequence: ArgumentValue {}
extension SmoothingMethod: ArgumentValue {}
extension Normalization.Form: ArgumentValue {}
extension RareTokens: ArgumentValue {}
extension CountingPolicy: ArgumentValue {}

/// Options of tokenization; the model remembers them.
struct TokenOptions: Equatable, Sendable {
  var tokenizer: TokenizerName?
  var sequence: TextSettings.Sequence?
  var lowercases = false
  var form = Normalization.Form.none

  static let arguments: [Argument<Self>] =
    [
      .option(
        "--tokenizer",
        value: \.tokenizer,
        statedDefault: "words; bytes for gated and mixing models",
        help: "words: Unicode word boundaries; characters: Unicode scalars."
      ),
      .option(
        "--sequence",
        value: \.sequence,
        statedDefault: "line; document for characters, graphemes and bytes",
        help:
          "line: each line is a sequence; document: the file is one sequence, and line ends are tokens; "
          + "stream: a document whose end is not predicted."
      ),
    ] + normalizing

  /// The options that change a text before it becomes tokens.
  static let normalizing: [Argument<Self>] = [
    .flag("--lowercase", value: \.lowercases, help: "Lower-case the text first."),
    .option("--normalize", value: \.form, help: "Bring the text into this Unicode form first."),
  ]

  /// The settings for a model of tokens.
  var settings: TextSettings {
    TextSettings(
      tokenizer: tokenizer ?? .words,
      normalization: Normalization(lowercases: lowercases, form: form),
      sequence: sequence
    )
  }
}
