/// A table whose first column names the rows.
///
/// On a narrow screen it scrolls in a frame, which the keyboard can reach and scroll and the
/// caption announces.
package struct ReportTable: Sendable, Equatable {
  /// A column and its heading.
  package struct Column: Sendable, Equatable {
    /// The heading.
    package var title: String
    /// The column has numbers, which are set flush right.
    package var isNumeric: Bool

    /// A column of texts.
    package static func text(_ title: String) -> Self { Self(title: title, isNumeric: false) }

    /// A column of numbers.
    package static func number(_ title: String) -> Self { Self(title: title, isNumeric: true) }
  }

  /// The caption.
  package var caption: String

  /// The columns.
  package var columns: [Column]

  private var rows: [[HTML]] = []

  /// A table without rows.
  package init(caption: String, columns: [Column]) {
    self.caption = caption
    self.columns = columns
  }

  /// Appends a row.
  ///
  /// - Precondition: it has a cell for each column.
  package mutating func append(_ cells: [HTML]) {
    precondition(cells.count == columns.count, "a row has a cell for each column")
    rows.append(cells)
  }

  /// Appends a row of texts.
  package mutating func append(_ cells: [String]) { append(cells.map { HTML(text: $0) }) }

  /// The table as part of a page.
  package var html: HTML {
    HTML("div", ["class": "frame", "role": "region", "aria-label": caption, "tabindex": "0"]) {
      HTML("table") {
        HTML("caption") { caption }
        HTML("thead") {
          HTML("tr") {
            for column in columns {
              HTML("th", ["scope": "col", "class": column.htmlClass]) { column.title }
            }
          }
        }
        HTML("tbody") {
          for row in rows {
            HTML("tr") {
              for (column, cell) in zip(columns, row).prefix(1) {
                HTML("th", ["scope": "row", "class": column.htmlClass]) { cell }
              }
              for (column, cell) in zip(columns, row).dropFirst() {
                HTML("td", ["class": column.htmlClass]) { cell }
              }
            }
          }
        }
      }
    }
  }
}

extension ReportTable.Column {
  fileprivate var htmlClass: String? { isNumeric ? "number" : nil }
}
