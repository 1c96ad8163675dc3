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
    /// A log-probability above 0, and what the numbers of its document look like.
    case positive(token: Int, value: Double, likeness: Likeness)
    /// A surprisal below 0.
    case negativeSurprisal(token: Int, value: Double)
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
    /// A token whose alternatives all fit the text.
    case ambiguous(token: Int, count: Int)
    /// A message of a server in place of an answer.
    case server(String)
    /// An unknown meaning of the numbers.
    case unknownKey(String)
    /// A second meaning of the numbers in a file.
    case mixedKeys(String, first: String, line: Int)
    /// Tokens without any log-probability.
    case unscored
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

  /// The kinds of numbers that are no log-probabilities.
  package enum Likeness: Hashable, Sendable {
    /// Numbers from 0 to 1.
    case probabilities
    /// Numbers above 0.
    case surprisals
    /// Numbers above and below 0.
    case logits
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
    /// The likely cause.
    package var cause: Cause

    /// The causes of a difference.
    package enum Cause: Hashable, Sendable {
      /// The document's own text matches the text, but the tokens do not spell it.
      case lostBytes
      /// The tokens are in a tokenizer's own alphabet.
      case alphabet
      /// The tokens are numbers.
      case numbers
      /// The token has other spaces at its start.
      case spaces
      /// The token has the same letters in another case.
      case letterCase
      /// The token has the same characters in other code points.
      case normalization
      /// The token has carriage returns that the text lacks.
      case carriageReturns
      /// The tokens are an answer, and the text begins otherwise.
      case answer
      /// The text has the document further on, at this byte.
      case elsewhere(byteOffset: Int)
      /// Nothing else explains the difference.
      case changed
    }
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
    case .positive(let token, let value, let likeness):
      "the log-probability of token \(token) is \(value), above 0, so the probability above 1; "
        + likeness.question
    case .negativeSurprisal(let token, let value):
      "the surprisal of token \(token) is \(value), below 0, so the probability above 1; if these "
        + "are log-probabilities, leave out 'key'"
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
      "token \(token) is one of \(count) alternatives that all fit the text, and the file does "
        + "not say which; ask the server for prompt_token_ids (return_token_ids), or for "
        + "prompt_logprobs=0"
    case .server(let message):
      "this is an error of the server, '\(message)', and not an answer; remove it, or ask again"
    case .unknownKey(let key):
      "'\(key)' is not a kind of numbers; write \"key\": \"surprisal\", or leave it out"
    case .mixedKeys(let key, let first, let line):
      "'key' is \(key), on line \(line) it was \(first); write one kind of numbers in a file"
    case .unscored:
      "no token has a log-probability; a text needs two tokens at least, as the first has none"
    case .noSpelling(let token):
      "token \(token) has neither a spelling nor offsets; write 't', 'b', or 's' and 'e'"
    case .offset(let token, let key, let found, let expected):
      "'\(key)' puts token \(token) at \(found), the tokens before it end at \(expected); it counts "
        + "bytes of UTF-8"
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
    return found + actual + "; " + remedy
  }

  private var remedy: String {
    switch cause {
    case .lostBytes:
      "the tokens do not spell the document's own 'text', so their bytes were lost: write them "
        + "as 'b'"
    case .alphabet:
      "the tokens are in a tokenizer's own alphabet: write each as decoded text"
    case .numbers:
      "the tokens are numbers: ask the server for their text (return_tokens_as_token_ids off)"
    case .spaces:
      "the token has other spaces than the text: write each token with the spaces that belong to it"
    case .letterCase:
      "the token has other capital letters than the text: score the text as the program read it"
    case .normalization:
      "the token has the same characters in other code points (Unicode normalization): score the "
        + "text as the program read it"
    case .carriageReturns:
      "the token has carriage returns that the text lacks: score the text as the program read it"
    case .answer:
      "these are the tokens of an answer, not of its prompt: give the answer as the text"
    case .elsewhere(let offset):
      "the document is what the text has at byte \(offset): the documents before it are missing, or "
        + "out of order"
    case .changed: "the text has changed since it was scored, or the file belongs to another"
    }
  }
}

extension ExternalModelError.Likeness {
  fileprivate var question: String {
    switch self {
    case .probabilities: "are these probabilities? write their logarithms"
    case .surprisals:
      "no number is below 0: are these surprisals? negate them, or write \"key\": \"surprisal\" "
        + "beside 'unit' (or are they logits? apply log-softmax first)"
    case .logits: "are these logits? apply log-softmax first"
    }
  }
}
