/// A text, or a part of one, as numbers.
public struct EncodedText: Sendable {
  /// The tokens, each sequence from its `<s>` to its `</s>`.
  public var tokens: [TokenID] = []

  /// Where each token stands in ``text``, where ranges were asked for; empty for the two markers.
  public var ranges: [Range<Int>] = []

  /// The lines, where ranges were asked for.
  public var lines: [Line] = []

  /// Which tokens and bytes each line has, where characters are counted.
  public var lineExtents: [LineExtent] = []

  /// What of a text belongs to a line.
  public struct LineExtent: Sendable, Equatable {
    /// Its first token.
    public var firstToken: Int
    /// The number of its bytes before normalisation, the line end included.
    public var byteCount: Int
    /// Whether there is nothing on it.
    public var isBlank: Bool

    /// A line.
    public init(firstToken: Int, byteCount: Int, isBlank: Bool) {
      self.firstToken = firstToken
      self.byteCount = byteCount
      self.isBlank = isBlank
    }
  }

  /// Where a line stands, and its size before normalisation, its line end included.
  public struct Line: Sendable {
    /// Its first byte in the file.
    public var byteOffset: Int
    /// Its first byte in ``EncodedText/text``.
    public var textOffset: Int
    /// Its first token.
    public var firstToken: Int
    /// The number of its bytes.
    public var byteCount: Int
    /// The number of its Unicode scalars.
    public var characterCount: Int
    /// The number of its extended grapheme clusters.
    public var graphemeCount: Int

    /// A line.
    public init(
      byteOffset: Int,
      textOffset: Int,
      firstToken: Int,
      byteCount: Int,
      characterCount: Int,
      graphemeCount: Int
    ) {
      self.byteOffset = byteOffset
      self.textOffset = textOffset
      self.firstToken = firstToken
      self.byteCount = byteCount
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
  mutating func append(_ token: TokenID, _ range: Range<Int>?) {
    tokens.append(token)
    if let range { ranges.append(range) }
  }
}
