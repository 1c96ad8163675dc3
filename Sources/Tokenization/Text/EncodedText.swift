package import Records

/// A text, or a part of one, as token numbers.
///
/// ```swift
/// let text = try TextEncoder(model.settings, keepsRanges: true)
///   .encode(TextChunk("the cat\nthe dog\n"), of: "a text", numbering: &vocabulary)
/// text.tokens[text.tokenRange(ofLine: 1)]  // <s> the dog </s>
/// text.text[text.textRange(ofLine: 1)]     // "the dog"
/// ```
public struct EncodedText: Sendable {
  /// The tokens, each sequence from its `<s>` to its `</s>`.
  public var tokens: [TokenID] = []

  /// The range of each token in ``text``, if ranges are kept; empty for the two markers.
  public var ranges: [Range<Int>] = []

  /// The lines, if ranges are kept or characters are counted.
  public var lines: [Line] = []

  /// A line of a text and its size before normalization, with its line end.
  ///
  /// Without ranges, the offsets and the numbers of scalars and graphemes are 0: the text is then
  /// counted as a whole, which is faster.
  public struct Line: Sendable, Equatable {
    /// The index of its first token.
    public var firstToken: Int
    /// The number of its bytes.
    public var byteCount: Int
    /// True if the line is empty.
    public var isBlank: Bool
    /// The offset of its first byte in the file.
    public var byteOffset: Int
    /// The offset of its first byte in ``EncodedText/text``.
    public var textOffset: Int
    /// The number of its Unicode scalars.
    public var characterCount: Int
    /// The number of its extended grapheme clusters.
    public var graphemeCount: Int

    /// A line with these values.
    public init(
      firstToken: Int,
      byteCount: Int,
      isBlank: Bool,
      byteOffset: Int = 0,
      textOffset: Int = 0,
      characterCount: Int = 0,
      graphemeCount: Int = 0
    ) {
      self.firstToken = firstToken
      self.byteCount = byteCount
      self.isBlank = isBlank
      self.byteOffset = byteOffset
      self.textOffset = textOffset
      self.characterCount = characterCount
      self.graphemeCount = graphemeCount
    }
  }

  /// The normalized text, if ranges are kept.
  public var text: [UInt8] = []

  /// The number of the first line.
  public var firstLine = 1

  /// The records that begin in this text; empty for plain text.
  package var records: [Record] = []

  /// The records read and left out; nil for plain text.
  package var tally: RecordTally?

  /// A record of a text.
  package struct Record: Sendable, Equatable {
    /// The index of its first line.
    package var firstLine: Int
    /// The index of its first token.
    package var firstToken: Int
    /// Its name, or its number in the file.
    package var name: String
    /// Its row in ``EncodedText/rows``; empty unless rows are kept.
    package var row: Range<Int>

    /// The record called `name` that begins with these indices of a line and a token.
    package init(firstLine: Int, firstToken: Int, name: String, row: Range<Int> = 0..<0) {
      self.firstLine = firstLine
      self.firstToken = firstToken
      self.name = name
      self.row = row
    }
  }

  /// The rows of the records as they stand in the file, if they are kept.
  package var rows: [UInt8] = []

  /// The form of a table's rows; nil for JSON Lines.
  package var table: TableForm?

  /// The number of sequences that end in this text.
  public var sequenceCount = 0

  /// The number of empty lines.
  public var blankLineCount = 0

  /// The number of Unicode scalars before normalization, including line ends.
  public var characterCount = 0

  /// The number of extended grapheme clusters before normalization, including line ends.
  ///
  /// CR LF counts as one.
  public var graphemeCount = 0

  /// The number of bytes before normalization, including line ends.
  public var byteCount = 0

  /// An empty text.
  public init() {}

  /// Removes everything, but keeps the memory.
  package mutating func removeAll() {
    var empty = EncodedText()
    swap(&empty.tokens, &tokens)
    swap(&empty.text, &text)
    empty.tokens.removeAll(keepingCapacity: true)
    empty.text.removeAll(keepingCapacity: true)
    self = empty
  }
}

extension EncodedText {
  /// The indices of the tokens of a line, including its `<s>` and `</s>`.
  public func tokenRange(ofLine index: Int) -> Range<Int> {
    lines.tokenRange(of: index, tokenCount: tokens.count)
  }

  /// The range of a line in ``text``, with its line end if the text keeps it.
  ///
  /// - Precondition: Ranges are kept.
  public func textRange(ofLine index: Int) -> Range<Int> {
    let start = min(lines[index].textOffset, text.count)
    let end = index + 1 < lines.count ? min(lines[index + 1].textOffset, text.count) : text.count
    return start..<max(start, end)
  }
}

/// The place of a line: its number in a text, or in a record of one.
public struct TextPlace: Hashable, Sendable {
  /// The name or number of the record; nil in plain text.
  public var record: String?

  /// The number of the line in the record or the text, from 1.
  public var line: Int

  /// The line `line` of a text or of a record.
  public init(record: String? = nil, line: Int) {
    self.record = record
    self.line = line
  }
}

extension TextPlace: ExpressibleByIntegerLiteral {
  /// A line of plain text.
  public init(integerLiteral line: Int) { self.init(line: line) }
}

extension TextPlace: CustomStringConvertible {
  /// The number of the line, after the record's name: `12`, or `a7:12`.
  public var description: String { (record.map { $0 + ":" } ?? "") + "\(line)" }
}

extension EncodedText {
  /// The place of the line `index`.
  public func place(ofLine index: Int) -> TextPlace {
    guard tally != nil else { return TextPlace(line: firstLine + index) }
    guard let record = record(ofLine: index) else { return TextPlace(line: index + 1) }
    return TextPlace(
      record: records[record].name,
      line: index - records[record].firstLine + 1
    )
  }

  /// The index of the record that the line `index` belongs to; nil in plain text.
  ///
  /// - Complexity: O(log *n*) of the number of records.
  package func record(ofLine index: Int) -> Int? {
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle].firstLine <= index { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// The lines of the record `index`.
  package func lineRange(ofRecord index: Int) -> Range<Int> {
    let end = index + 1 < records.count ? records[index + 1].firstLine : lines.count
    return records[index].firstLine..<end
  }

  /// The tokens of the record `index`, its `<s>` and `</s>` among them.
  package func tokenRange(ofRecord index: Int) -> Range<Int> {
    let end = index + 1 < records.count ? records[index + 1].firstToken : tokens.count
    return records[index].firstToken..<end
  }

  /// Calls `body` with the range of the lines of each record.
  package func forEachRecord(_ body: (Range<Int>) -> Void) {
    for index in records.indices { body(lineRange(ofRecord: index)) }
  }
}

extension [EncodedText.Line] {
  /// The indices of the tokens of a line, in a text of `tokenCount` tokens.
  public func tokenRange(of index: Int, tokenCount: Int) -> Range<Int> {
    self[index].firstToken..<(index + 1 < count ? self[index + 1].firstToken : tokenCount)
  }
}

extension EncodedText {
  mutating func append(_ token: TokenID, _ range: Range<Int>?) {
    tokens.append(token)
    if let range { ranges.append(range) }
  }
}
