/// A text, or a part of one, as numbers.
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

  /// The range of each token in ``text``, where ranges were asked for; empty for the two markers.
  public var ranges: [Range<Int>] = []

  /// The lines, where ranges were asked for or characters are counted.
  public var lines: [Line] = []

  /// A line of a text, and its size before normalisation, its line end included.
  ///
  /// The offsets and the numbers of scalars and graphemes are 0 where ranges were not asked for: a text
  /// is then counted as a whole, which is faster than line by line.
  public struct Line: Sendable, Equatable {
    /// The index of its first token.
    public var firstToken: Int
    /// The number of its bytes.
    public var byteCount: Int
    /// True where nothing stands on it.
    public var isBlank: Bool
    /// The offset of its first byte in the file.
    public var byteOffset: Int
    /// The offset of its first byte in ``EncodedText/text``.
    public var textOffset: Int
    /// The number of its Unicode scalars.
    public var characterCount: Int
    /// The number of its extended grapheme clusters.
    public var graphemeCount: Int

    /// A line.
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

  /// The normalised text, where ranges were asked for.
  public var text: [UInt8] = []

  /// The number of the first line.
  public var firstLine = 1

  /// The number of sequences that end here.
  public var sequenceCount = 0

  /// The number of lines with nothing on them.
  public var blankLineCount = 0

  /// The number of Unicode scalars of the text before normalisation, line ends included.
  public var characterCount = 0

  /// The number of extended grapheme clusters of the text before normalisation, line ends included;
  /// CR LF is one.
  public var graphemeCount = 0

  /// The number of bytes of the text before normalisation, line ends included.
  public var byteCount = 0

  /// Nothing yet.
  public init() {}

  /// Makes it empty, but keeps the memory.
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
  /// The indices of the tokens of a line, its `<s>` and `</s>` among them.
  public func tokenRange(ofLine index: Int) -> Range<Int> {
    lines.tokenRange(of: index, tokenCount: tokens.count)
  }

  /// The range of a line in ``text``, its line end included where the text keeps it; ranges were asked
  /// for.
  public func textRange(ofLine index: Int) -> Range<Int> {
    let start = min(lines[index].textOffset, text.count)
    let end = index + 1 < lines.count ? min(lines[index + 1].textOffset, text.count) : text.count
    return start..<max(start, end)
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
