/// An error in an ARPA file, with its line.
package struct ARPAError: Error, Hashable, Sendable {
  /// The kinds of fault.
  package enum Reason: Hashable, Sendable {
    /// The file is something else: what, and what to do about it.
    case otherKind(String, remedy: String)
    /// A line that should open a section or end the file.
    case expected(String, found: String)
    /// The file ends in the middle.
    case truncated(expected: String)
    /// A header line that announces no count.
    case header(String)
    /// A header line of n-grams in HTK's binary form.
    case binarySection(String)
    /// A word that is not UTF-8.
    case notUTF8(String)
    /// More or fewer n-grams than the header says.
    case count(order: Int, announced: Int, found: Int)
    /// Too few or too many fields.
    case fields(order: Int, found: Int)
    /// A field that is not a number.
    case number(String)
    /// A probability above one.
    case positive(String)
    /// A back-off weight where there can be none.
    case backOffAtHighestOrder(String)
    /// A word without a unigram.
    case unknownWord(String)
    /// An n-gram listed twice.
    case duplicate(String)
    /// More orders than can be read.
    case order(Int)
  }

  /// The file.
  package var path: String

  /// The line, from 1; 0 where the fault is of the whole file.
  package var line: Int

  /// The reason.
  package var reason: Reason
}

extension ARPAError: CustomStringConvertible {
  /// One line: the file, the line, the error, and the remedy.
  package var description: String {
    line > 0 ? "\(path):\(line): \(words)" : "\(path): \(words)"
  }

  private var words: String {
    switch reason {
    case .otherKind(let kind, let remedy): "this is \(kind); \(remedy)"
    case .expected(let expected, let found): "expected '\(expected)', found '\(found)'"
    case .truncated(let expected):
      "the file ends where '\(expected)' should follow; copy or write it anew"
    case .header(let line): "expected 'ngram N=COUNT', found '\(line)'"
    case .binarySection(let line):
      "'\(line)' announces n-grams in HTK's binary form; write the file as text"
    case .notUTF8(let word):
      "'\(word)' is not UTF-8; convert the file from its encoding with iconv, as with "
        + "iconv -f WINDOWS-1252 -t UTF-8"
    case .count(let order, let announced, let found):
      "the header announces \(announced) \(order)-grams, the section has \(found); "
        + "correct the header or the section"
    case .fields(let order, let found):
      "a \(order)-gram has a number, \(order) word\(order == 1 ? "" : "s") and perhaps a back-off weight, not \(found) "
        + "fields; words cannot contain white space"
    case .number(let text): "'\(text)' is not a number; write log10 with a decimal point"
    case .positive(let text):
      "the log10 probability \(text) is above 0, so the probability above 1; write log10 of the "
        + "probability"
    case .backOffAtHighestOrder(let text):
      "the highest order has no back-off weights, found \(text); is an order missing?"
    case .unknownWord(let word):
      "'\(word)' is not among the 1-grams; add it there"
    case .duplicate(let ngram): "'\(ngram)' is listed twice; remove one"
    case .order(let order): "the file has order \(order), at most \(NGramOrder.maximum) can be read"
    }
  }
}
