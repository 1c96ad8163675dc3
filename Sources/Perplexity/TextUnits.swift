/// The sums of a text by line, by what stands between blank lines, and by document.
///
/// Tokens near one another are not independent, so an interval comes from drawing whole units: the
/// largest of which there are enough.
public struct TextUnits: Sendable, Equatable {
  /// What a unit is.
  public enum Kind: String, Sendable, CaseIterable {
    case documents, paragraphs, lines
  }

  /// A line and what its tokens add up to.
  struct Line: Sendable {
    var sum: BlockSum
    var isBlank: Bool
  }

  /// From how many on documents, or what stands between blank lines, are drawn as units.
  public static let enough = 20

  private var documents = BlockSums()
  private var paragraphs = BlockSums()
  private var lines = BlockSums()
  private var isInParagraph = false

  /// No text.
  public init() {}

  /// What is drawn as a unit: documents where there are ``enough`` of them, else what blank lines
  /// separate where there is enough of that, else lines.
  public var kind: Kind {
    if documents.stretchCount >= Self.enough { return .documents }
    if paragraphs.stretchCount >= Self.enough && paragraphs.stretchCount < lines.stretchCount {
      return .paragraphs
    }
    return .lines
  }

  /// The sums of the units of ``kind``.
  public var blocks: BlockSums { blocks(of: kind) }

  /// The sums of the units of `kind`.
  public func blocks(of kind: Kind) -> BlockSums {
    switch kind {
    case .documents: documents
    case .paragraphs: paragraphs
    case .lines: lines
    }
  }

  /// Adds the next line of a text.
  mutating func append(_ line: Line) {
    lines.append(line.sum)
    if line.isBlank && paragraphs.stretchCount > 0 {
      paragraphs.extendLast(line.sum)
    } else if isInParagraph {
      paragraphs.extendLast(line.sum)
    } else {
      paragraphs.append(line.sum)
    }
    isInParagraph = !line.isBlank
  }

  /// Adds what stands after the last line.
  mutating func extendLast(_ sum: BlockSum) {
    lines.extendLast(sum)
    paragraphs.extendLast(sum)
  }

  /// Ends the text: all lines so far are one document.
  mutating func endDocument() {
    var document = BlockSum()
    for block in lines.blocks { document += block }
    documents = BlockSums()
    documents.append(document)
    isInParagraph = false
  }

  /// The units of both texts.
  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.documents.append(contentsOf: right.documents)
    sum.paragraphs.append(contentsOf: right.paragraphs)
    sum.lines.append(contentsOf: right.lines)
    sum.isInParagraph = false
    return sum
  }
}
