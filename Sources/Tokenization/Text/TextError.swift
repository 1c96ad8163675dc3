/// What is wrong with a text, and where.
public enum TextError: Error, Hashable, Sendable {
  /// A byte that begins no valid UTF-8 sequence; offsets count from 0, lines from 1.
  case invalidUTF8(path: String, line: Int, byteOffset: Int)
  /// A literal `<s>` or `</s>` among the tokens of a line.
  case marker(String, path: String, line: Int)
  /// A folder without any `*.txt` or `*.md`.
  case noTexts(folder: String)
  /// No token in any of the texts.
  case empty(paths: [String])
  /// A vocabulary list without a word.
  case emptyVocabulary(path: String)
  /// More tokens than positions can number.
  case tooLong(path: String)
  /// More tokens than are taken apart at once.
  case tooLongToExplain(path: String, limit: Int)
  /// No token of the text is in the vocabulary, or frequent enough.
  case nothingKept(paths: [String])
}

extension TextError: CustomStringConvertible {
  /// One line: file, line, what is wrong, and what would mend it.
  public var description: String {
    switch self {
    case .invalidUTF8(let path, let line, let byteOffset):
      "\(path):\(line): byte \(byteOffset) of the file is not UTF-8; convert the file, or use "
        + "--invalid-utf8 replace, or --tokenizer bytes"
    case .marker(let marker, let path, let line):
      "\(path):\(line): the line has a literal '\(marker)', which marks sentences; remove it, or "
        + "use --markers skip to read it as white space"
    case .noTexts(let folder):
      "\(folder): the folder has no *.txt or *.md file; name a text"
    case .empty(let paths):
      "\(paths.joined(separator: ", ")): there is no token in the text; give a text with words"
    case .emptyVocabulary(let path):
      "\(path): the vocabulary has no word; list one word a line"
    case .tooLong(let path):
      "\(path): the texts have 4,294,967,296 tokens or more up to here; train on fewer"
    case .tooLongToExplain(let path, let limit):
      "\(path): it has more than \(limit) tokens, and each is kept with all its steps; "
        + "explain a part of it, or list all tokens with score --per-token"
    case .nothingKept(let paths):
      "\(paths.joined(separator: ", ")): every token of the text is left out of the vocabulary; "
        + "check --vocabulary, or lower --min-count"
    }
  }
}
