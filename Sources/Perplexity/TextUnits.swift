/// The sums of a text by line, by paragraph and by document.
///
/// Paragraphs are separated by blank lines. Neighbouring tokens are correlated, so an interval
/// resamples whole units. Lines of several documents are never mixed: two documents or more are the
/// units, of whatever size. The lines of a single one are gathered from its paragraphs if there are
/// ``enough``.
package struct TextUnits: Sendable, Equatable {
  /// The kind of a unit.
  package enum Kind: String, Sendable, CaseIterable {
    case documents, paragraphs, lines
  }

  /// The sum of a line's tokens.
  struct Line: Sendable {
    var sum: BlockSum
    var isBlank: Bool
  }

  /// The smallest number of paragraphs to resample these.
  package static let enough = 10

  private var documents = BlockSums()
  private var paragraphs = BlockSums()
  private var lines = BlockSums()
  private var isInParagraph = false

  /// An empty text.
  package init() {}

  /// The kind of unit to resample: documents if there are several, else paragraphs if there are
  /// ``enough``, else lines.
  package var kind: Kind {
    if documents.stretchCount > 1 { return .documents }
    if paragraphs.stretchCount >= Self.enough && paragraphs.stretchCount < lines.stretchCount {
      return .paragraphs
    }
    return .lines
  }

  /// The sums of the units of ``kind``.
  package var blocks: BlockSums { blocks(of: kind) }

  /// The sums of the units of `kind`.
  package func blocks(of kind: Kind) -> BlockSums {
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

  /// Adds the tokens after the last line.
  mutating func extendLast(_ sum: BlockSum) {
    lines.extendLast(sum)
    paragraphs.extendLast(sum)
  }

  /// Adds the lines of a record, which form a document.
  mutating func append(record: ArraySlice<Line>) {
    guard !record.isEmpty else { return }
    var document = BlockSum()
    for line in record {
      append(line)
      document += line.sum
    }
    documents.append(document)
    isInParagraph = false
  }

  /// Ends the text; all its lines form one document, unless its records do.
  mutating func endDocument() {
    guard documents.stretchCount == 0 else { return }
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
