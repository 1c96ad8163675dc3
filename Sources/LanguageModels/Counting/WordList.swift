import Files
import Records
import Tokenization

/// An error in a list of words, with its line.
package struct WordListError: Error, Hashable, Sendable {
  /// The kinds of fault.
  package enum Reason: Hashable, Sendable {
    /// A list in another encoding, as `iconv` calls it.
    case encoding(String)
    /// A line with bytes that are not UTF-8.
    case notUTF8
    /// A line with white space in it that begins as comments do.
    case comment
    /// A line with white space in it.
    case severalWords
  }

  /// The file.
  package var path: String

  /// The line, from 1.
  package var line: Int

  /// The reason.
  package var reason: Reason
}

extension WordListError: CustomStringConvertible {
  /// One line: the file, the line, the error, and the remedy.
  package var description: String { "\(path):\(line): \(words)" }

  private var words: String {
    switch reason {
    case .encoding(let name): "the list is \(name); convert it with iconv -f \(name) -t UTF-8"
    case .notUTF8:
      "the line is not UTF-8; convert the list from its encoding with iconv, as with "
        + "iconv -f WINDOWS-1252 -t UTF-8"
    case .comment:
      "the line has white space in it, and a list has one word a line; remove comments, as with "
        + "grep -v '^##'"
    case .severalWords:
      "the line has white space in it, and a list has one word a line, no counts or numbers; "
        + "awk '{print $1}' leaves the first column"
    }
  }
}

/// A list of words with one a line, the words cut as a text's.
struct WordList: ~Copyable {
  /// The lines that the tokenizer cuts into several tokens, which no text has as one.
  private(set) var cutLines = (first: 0, count: 0)

  private let path: String
  private let settings: TextSettings
  private let tokenizer: any Tokenizer

  /// The list at `path`, for a text of `settings`.
  init(_ path: String, settings: TextSettings) {
    self.path = path
    self.settings = settings
    tokenizer = settings.tokenizer.tokenizer
  }

  /// A sentence on ``cutLines``; nil if there are none.
  var note: String? {
    guard cutLines.count > 0 else { return nil }
    return "\(cutLines.count) lines of the word list are several tokens for this tokenizer and are "
      + "left out, line \(cutLines.first) the first"
  }

  /// Inserts the words into `vocabulary`.
  ///
  /// Markers are in every vocabulary, so a list may have them or not. A word listed again is the
  /// same word.
  ///
  /// - Throws: `FileError`, ``WordListError``, and `TextError` for a list without a word.
  mutating func insert(into vocabulary: inout VocabularyBuilder) throws {
    var source = TextSource.file(path)
    source.form = .asItStands
    var reader = try TextReader(source, isRaw: true)
    while let block = try reader.next() {
      if block.isFirst, !settings.readsRawBytes, let name = TextEncoding.wide(block.bytes) {
        throw WordListError(path: path, line: 1, reason: .encoding(name))
      }
      var number = block.firstLine
      for line in block.bytes.split(separator: 10, omittingEmptySubsequences: false) {
        let hasMark = number == 1 && line.starts(with: [0xef, 0xbb, 0xbf])
        for part in line.dropFirst(hasMark ? 3 : 0).split(separator: 13) {
          try insert(Array(part), at: number, into: &vocabulary)
        }
        number += 1
      }
    }
    guard vocabulary.count > TokenID.specialSpellings.count else {
      throw TextError.emptyVocabulary(path: path)
    }
  }

  private mutating func insert(
    _ line: [UInt8],
    at number: Int,
    into vocabulary: inout VocabularyBuilder
  ) throws(WordListError) {
    guard settings.readsRawBytes || String(validating: line.span, as: UTF8.self) != nil else {
      throw WordListError(path: path, line: number, reason: .notUTF8)
    }
    // As the text's own tokens, or "The" would never be found in a lower-cased text.
    var word: [UInt8] = []
    settings.normalization.apply(line.span, into: &word)
    if TokenID.specialSpellings.contains(where: { $0.utf8.elementsEqual(word) }) { return }
    var ranges: [Range<Int>] = []
    tokenizer.tokenize(word.span, into: &ranges)
    guard let first = ranges.first, let last = ranges.last else { return }
    if ranges.count == 1 {
      _ = vocabulary.number(of: word.span.extracting(first))
    } else if word[first.lowerBound..<last.upperBound].contains(where: { $0 == 32 || $0 == 9 }) {
      let isComment = line.starts(with: [35, 35]) || line.starts(with: [35, 32])
      throw WordListError(path: path, line: number, reason: isComment ? .comment : .severalWords)
    } else {
      cutLines = (cutLines.count == 0 ? number : cutLines.first, cutLines.count + 1)
    }
  }
}
