/// A fault of a text, and its location.
public enum TextError: Error, Hashable, Sendable {
  /// A byte that begins no valid UTF-8 sequence; offsets count from 0, lines from 1.
  case invalidUTF8(path: String, line: Int, byteOffset: Int)
  /// A literal `<s>` or `</s>` among the tokens of a line.
  case marker(String, path: String, line: Int)
  /// A folder without `*.txt` and `*.md` files.
  case noTexts(folder: String)
  /// Texts without any token.
  case empty(paths: [String])
  /// A vocabulary list without a word.
  case emptyVocabulary(path: String)
  /// Texts with more tokens than positions can number.
  case tooLong(path: String)
  /// A text with more tokens than can be explained at once.
  case tooLongToExplain(path: String, limit: Int)
  /// Texts without a token that the vocabulary keeps.
  case nothingKept(paths: [String])
}

extension TextError: CustomStringConvertible {
  /// One line: file, line, fault and remedy.
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
      "\(paths.joined(separator: ", ")): the text has no tokens; give a text with words"
    case .emptyVocabulary(let path):
      "\(path): the vocabulary has no words; list one word per line"
    case .tooLong(let path):
      "\(path): the texts have 4,294,967,296 tokens or more up to here; train on fewer"
    case .tooLongToExplain(let path, let limit):
      "\(path): it has more than \(limit) tokens, and each is kept with all its steps; "
        + "explain a part of it, or list all tokens with score --per-token"
    case .nothingKept(let paths):
      "\(paths.joined(separator: ", ")): the vocabulary contains no token of the text; "
        + "check --vocabulary, or lower --min-count"
    }
  }
}
