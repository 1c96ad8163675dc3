/// Rows and columns of text that line up on a terminal.
///
/// ```swift
/// var table = TextTable([.left("model"), .decimal("perplexity")])
/// table.append(["5-gram", "141.2"])
/// table.append(["unigram", "1,036.25"])
/// print(table.rendered(width: 80))
/// // model    perplexity
/// // 5-gram       141.2
/// // unigram    1,036.25
/// ```
///
/// If the table is wider than the terminal, the columns of words become narrower and their cells
/// end in `…`, or wrap in columns of prose; numbers are never cut.
package struct TextTable: Sendable {
  /// The head of a column and the way its cells line up.
  package struct Column: Sendable, Equatable {
    enum Alignment: Sendable { case left, prose, right, decimal }

    let title: String
    let alignment: Alignment

    var hasWords: Bool { alignment == .left || alignment == .prose }

    /// Words, which start at the same place and may be cut.
    package static func left(_ title: String) -> Self { Self(title: title, alignment: .left) }

    /// Words, which go on in lines of their own where they do not fit.
    package static func prose(_ title: String) -> Self { Self(title: title, alignment: .prose) }

    /// Whole numbers, which end at the same place.
    package static func right(_ title: String) -> Self { Self(title: title, alignment: .right) }

    /// Numbers with fractions, which have their points at the same place.
    ///
    /// A cell without a point ends where the others have theirs.
    package static func decimal(_ title: String) -> Self { Self(title: title, alignment: .decimal) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  private let gap = "  "

  /// Makes a table without rows.
  package init(_ columns: [Column]) { self.columns = columns }

  /// The number of rows below the head.
  package var rowCount: Int { rows.count }

  /// Adds a row; cells may be styled.
  ///
  /// - Precondition: there is one cell for each column.
  package mutating func append(_ cells: [String]) {
    precondition(
      cells.count == columns.count,
      "a row must have \(columns.count) cells, not \(cells.count)"
    )
    rows.append(cells)
  }

  /// The table's text for a terminal.
  ///
  /// - Parameters:
  ///   - width: The columns of the terminal.
  ///   - style: How the head is marked.
  /// - Returns: Lines, each ended by a line feed, without blanks at the end of a line.
  package func rendered(width: Int, style: Style = .plain) -> String {
    let cells = alignedCells
    let widths = fittedWidths(of: cells, to: width)
    var lines: [String] = []
    if columns.contains(where: { !$0.title.isEmpty }) {
      lines.append(line(columns.map(\.title), widths, transform: style.bold))
    }
    for row in cells {
      for part in parts(of: row, widths) { lines.append(line(part, widths)) }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The columns of a terminal that the table fills where nothing of it is cut or broken.
  package var width: Int { fittedWidth(to: .max) }

  /// Returns true where the table can be made to fit a terminal.
  package func fits(width: Int) -> Bool { fittedWidth(to: width) <= width }

  private func fittedWidth(to width: Int) -> Int {
    fittedWidths(of: alignedCells, to: width).reduce(0, +) + gap.count * max(0, columns.count - 1)
  }

  private var alignedCells: [[String]] {
    var cells = rows
    for (index, column) in columns.enumerated() where column.alignment == .decimal {
      alignPoints(of: index, in: &cells)
    }
    return cells
  }

  /// A row as the rows that it fills where its prose is broken into lines.
  private func parts(of row: [String], _ widths: [Int]) -> [[String]] {
    var parts = [row]
    for (index, column) in columns.enumerated() where column.alignment == .prose {
      for (number, text) in TextLayout.wrapped(row[index], width: widths[index]).enumerated() {
        if number == parts.count { parts.append(columns.map { _ in "" }) }
        parts[number][index] = text
      }
    }
    return parts
  }

  /// Pads the cells of a column on the right until the points stand below each other.
  private func alignPoints(of column: Int, in cells: inout [[String]]) {
    let fractions = cells.map { row in
      row[column].firstIndex(of: ".").map { TextLayout.columnCount(of: String(row[column][$0...])) }
        ?? 0
    }
    let widest = fractions.max() ?? 0
    for (row, fraction) in fractions.enumerated() where !cells[row][column].isEmpty {
      cells[row][column] += String(repeating: " ", count: widest - fraction)
    }
  }

  /// The width of each column, words made narrower, the widest first, until the table fits.
  private func fittedWidths(of cells: [[String]], to width: Int) -> [Int] {
    var widths = columns.indices.map { column in
      cells.reduce(TextLayout.columnCount(of: columns[column].title)) {
        max($0, TextLayout.columnCount(of: $1[column]))
      }
    }
    let narrowest = 8
    var excess = widths.reduce(0, +) + gap.count * max(0, columns.count - 1) - width
    while excess > 0 {
      let candidates = columns.indices.filter {
        columns[$0].hasWords && widths[$0] > narrowest
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func line(
    _ cells: [String],
    _ widths: [Int],
    transform: (String) -> String = { $0 }
  ) -> String {
    var result = ""
    var pending = 0
    for (index, cell) in cells.enumerated() {
      let isWords = columns[index].hasWords
      let text = isWords ? TextLayout.shortened(cell, to: widths[index]) : cell
      let blanks = max(0, widths[index] - TextLayout.columnCount(of: text))
      let before = isWords ? 0 : blanks
      let trimmed = String(text.reversed().drop { $0 == " " }.reversed())
      let trailing = TextLayout.columnCount(of: text) - TextLayout.columnCount(of: trimmed)
      if trimmed.isEmpty {
        pending += widths[index]
      } else {
        result += String(repeating: " ", count: pending + before) + transform(trimmed)
        pending = trailing + blanks - before
      }
      pending += gap.count
    }
    return result
  }
}
