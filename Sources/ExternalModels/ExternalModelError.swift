/// A fault in a file of log-probabilities, and its line.
package struct ExternalModelError: Error, Hashable, Sendable {
  /// The kinds of faults.
  package enum Reason: Hashable, Sendable {
    /// A line that is not JSON from this byte of the file on.
    case json(String, byteOffset: Int)
    /// A line that ends in the middle of a value.
    case truncated(byteOffset: Int)
    /// An object of unknown form, with its keys.
    case unknownForm(keys: [String])
    /// A summary of results that scores no text.
    case summary(key: String, value: String)
    /// An object of a known form that lacks something, with the way to request it from the program.
    case missing(String, form: ExternalForm, remedy: String)
    /// Two lists of different lengths that should both have an entry per token.
    case unequalCounts(String, Int, String, Int)
    /// A log-probability that is not a number.
    case notNumber(token: Int, found: String)
    /// A log-probability that is NaN.
    case notANumber(token: Int)
    /// A log-probability above 0.
    case positive(token: Int, value: Double)
    /// An unknown unit.
    case unknownUnit(String)
    /// A second unit in a file.
    case mixedUnits(LogUnit, first: LogUnit, line: Int)
    /// A second form in a file.
    case mixedForms(ExternalForm, first: ExternalForm, line: Int)
    /// A second model in a file.
    case mixedModels(String, first: String, line: Int)
    /// Probabilities of alternatives that add up to more than one.
    case wrongUnit(token: Int, sum: Double, unit: LogUnit)
    /// A token whose alternatives do not identify it.
    case ambiguous(token: Int, count: Int)
    /// A token without bytes and without offsets.
    case noSpelling(token: Int)
    /// An offset of a token that contradicts the tokens before it.
    case offset(token: Int, key: String, found: Int, expected: Int)
    /// A token that does not match the text.
    case mismatch(Mismatch)
    /// A text that continues after the last document.
    case textIsLonger(text: String, byteOffset: Int)
    /// A document after the end of the text.
    case textIsShorter(text: String)
    /// A file without documents.
    case empty
    /// A binary file that does not fit the form of its header.
    case logits(String)
    /// Several texts for one file.
    case severalTexts(Int)
  }

  /// The first difference between tokens and a text.
  package struct Mismatch: Hashable, Sendable {
    /// The token, from 1.
    package var token: Int
    /// The bytes of the token, escaped.
    package var found: String
    /// The name of the text.
    package var text: String
    /// The byte of the text at which the token should begin.
    package var byteOffset: Int
    /// The bytes of the text at that position, escaped; nil at its end.
    package var expected: String?
    /// True if the document's own text matches the text, so that its tokens are wrong.
    package var fitsOwnText: Bool
  }

  /// The path of the file.
  package var path: String

  /// The line, from 1; 0 for a fault of the whole file.
  package var line: Int

  /// The fault.
  package var reason: Reason
}

extension ExternalModelError: CustomStringConvertible {
  /// One line: file, line, fault and remedy.
  package var description: String {
    line > 0 ? "\(path):\(line): \(words)" : "\(path): \(words)"
  }

  private var words: String {
    switch reason {
    case .json(let message, let offset):
      "byte \(offset) of the file: \(message); this is not JSON, write the file again"
    case .truncated(let offset):
      "the line ends at byte \(offset) in the middle of a value; was the program that wrote it "
        + "stopped? remove the line, or write the file again"
    case .unknownForm(let keys):
      "an object with \(keys.isEmpty ? "no keys" : "the keys " + Self.list(keys)) is not a known "
        + "form of log-probabilities; write 'tokens', each with 't' and 'lp'"
    case .summary(let key, let value):
      "'\(key)' \(value) is a summary and not the score of any text; give the log-probabilities "
        + "of the tokens (lm-eval writes a text's with --log_samples)"
    case .missing(let what, let form, let remedy):
      "this \(form.name) has no \(what); \(remedy)"
    case .unequalCounts(let left, let leftCount, let right, let rightCount):
      "'\(left)' has \(leftCount) entries and '\(right)' \(rightCount); each token needs one of "
        + "both"
    case .notNumber(let token, let found):
      "the log-probability of token \(token) is \(found); write a number, or null for none"
    case .notANumber(let token):
      "the log-probability of token \(token) is NaN; look for the fault in the model's numbers"
    case .positive(let token, let value):
      "the log-probability of token \(token) is \(value), above 0, so the probability above 1; "
        + (value <= 1
          ? "are these probabilities? write their logarithms"
          : "are these logits? apply log-softmax first")
    case .unknownUnit(let unit):
      "'\(unit)' is not a unit of log-probabilities; write nat, bit or log10"
    case .mixedUnits(let unit, let first, let line):
      "the unit is \(unit.rawValue), on line \(line) it was \(first.rawValue); write one unit in a "
        + "file"
    case .mixedForms(let form, let first, let line):
      "this is \(form.nameWithArticle), line \(line) is \(first.nameWithArticle); keep to one "
        + "form in a file"
    case .mixedModels(let model, let first, let line):
      "this is by '\(model)', line \(line) is by '\(first)'; give each model a file of its own"
    case .wrongUnit(let token, let sum, let unit):
      "the probabilities listed for token \(token) add up to \(sum) when read as "
        + "\(unit.noun), but cannot exceed 1; check the unit"
    case .ambiguous(let token, let count):
      "token \(token) is one of \(count) alternatives, and the file does not say which; ask the "
        + "server for prompt_token_ids (return_token_ids), or for prompt_logprobs=0"
    case .noSpelling(let token):
      "token \(token) has neither a spelling nor offsets; write 't', 'b', or 's' and 'e'"
    case .offset(let token, let key, let found, let expected):
      "'\(key)' puts token \(token) at \(found), the tokens before it end at \(expected); "
        + (key == "text_offset" ? "it counts Unicode scalars" : "it counts bytes of UTF-8")
    case .mismatch(let mismatch): mismatch.words
    case .textIsLonger(let text, let offset):
      "the file ends, but \(text) continues at byte \(offset); was the program that scored it "
        + "stopped, or the text cut? score the rest too"
    case .textIsShorter(let text):
      "the document begins after the end of \(text); give the whole text that was scored"
    case .empty: "the file has no documents; give one JSON object per line"
    case .logits(let message): message
    case .severalTexts(let count):
      "log-probabilities of one text, but \(count) texts are given; score them one by one"
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 8 ? shown + " and others" : shown
  }
}

extension ExternalModelError.Mismatch {
  fileprivate var words: String {
    let found = "token \(token), '\(found)', is not what \(text) has at byte \(byteOffset), "
    let actual = expected.map { "'\($0)'" } ?? "its end"
    let remedy =
      fitsOwnText
      ? "; the tokens do not spell the document's own 'text', so their bytes were lost: write them "
        + "as 'b'"
      : looksEncoded
        ? "; the tokens are in a tokenizer's own alphabet: write each as decoded text"
        : "; the text has changed since it was scored, or the file belongs to another"
    return found + actual + remedy
  }

  /// True if the token has the letters of GPT-2 or SentencePiece for a space or a line end.
  private var looksEncoded: Bool {
    found.unicodeScalars.contains { $0 == "\u{120}" || $0 == "\u{10A}" || $0 == "\u{2581}" }
  }
}
