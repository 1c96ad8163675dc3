public import Records

/// A fault of a text, and its location.
public enum TextError: Error, Hashable, Sendable {
  /// A byte that begins no valid UTF-8 sequence; offsets count from 0, lines from 1.
  case invalidUTF8(
    path: String,
    line: Int,
    byteOffset: Int,
    guess: TextEncoding.Guess = .faultyUTF8
  )
  /// A text of another encoding, as `iconv` calls it.
  case encoding(String, path: String)
  /// A file of a kind that is no text, and the remedy.
  case noText(kind: String, remedy: String, path: String)
  /// A text whose lines end in a carriage return alone, as they did on old Macs.
  case carriageReturns(path: String)
  /// Records that are given as plain text.
  case structured(StructuredText, path: String)
  /// A record that cannot be read.
  case record(RecordFault, path: String, line: Int)
  /// A literal `<s>` or `</s>` among the tokens of a line.
  case marker(String, path: String, line: Int)
  /// A folder without a file that is read as a text: the patterns of such, and other files.
  case noTexts(folder: String, patterns: [String], others: String)
  /// Texts without any token, and the first of their records if all were left out.
  case empty(paths: [String], leftOut: RecordTally.Skipped? = nil)
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
    case .invalidUTF8(let path, let line, let byteOffset, let guess):
      "\(path):\(line): byte \(byteOffset) of the file is not UTF-8; \(guess.remedy)"
    case .encoding(let encoding, let path):
      "\(path): this is a \(encoding) file; convert it with iconv -f \(encoding) -t UTF-8 first"
    case .noText(let kind, let remedy, let path):
      "\(path): this is \(kind), not a text; \(remedy)"
    case .carriageReturns(let path):
      "\(path): its lines end in a carriage return alone; convert it with tr '\\r' '\\n' first, or "
        + "read it as one line with --as text"
    case .structured(let structure, let path): "\(path): \(structure.faultAndRemedy)"
    case .record(let fault, let path, let line): "\(path):\(line): \(fault); \(fault.remedy)"
    case .marker(let marker, let path, let line):
      "\(path):\(line): the line has a literal '\(marker)', which marks sentences; remove it, or "
        + "use --markers skip to read it as white space"
    case .noTexts(let folder, let patterns, let others):
      "\(folder): the folder has no \(patterns.joined(separator: " or ")) file"
        + (others.isEmpty ? "; name a text" : ", but \(others); choose with --include")
    case .empty(_, let leftOut?):
      "\(leftOut.path):\(leftOut.line): this and all other records are left out, so there is no text: "
        + "\(leftOut.fault); mend the records, or name another field or column"
    case .empty(let paths, nil):
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

extension StructuredText {
  fileprivate var faultAndRemedy: String {
    switch self {
    case .jsonLines(let names):
      "this is JSON Lines; name the field of the text with --field" + Self.list(names)
        + ", or read all of it with --as text"
    case .json:
      "this is JSON, but not a record a line; write it as JSON Lines (jq -c) and name the --field, "
        + "or read it as it stands with --as text"
    case .table(let names, let form):
      "this is \(form); name the column of the text with --column" + Self.list(names)
        + ", or read all of it with --as text"
    }
  }

  private static func list(_ names: [String]) -> String {
    let short = names.prefix(12).map { $0.prefix(40) }
    return names.isEmpty ? "" : " (\(short.joined(separator: ", ")))"
  }
}
