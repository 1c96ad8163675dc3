import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// The rows of `score --by line` for people, each as it comes: columns of a fixed width.
struct LineRows {
  private let names: [String]
  private let nameWidth: Int
  private let style: Style

  private let unit: ScoreCommand.Unit

  private static let titles = ["tokens", "unknown", "bits/token", "perplexity"]
  private static let widths = [6, 8, 8, 11, 13]

  /// Rows of lines or records of texts with these names, which appear if there is more than one.
  init(of unit: ScoreCommand.Unit, names: [String], style: Style) {
    self.names = names.count > 1 ? names : []
    nameWidth = self.names.map { TextLayout.columnCount(of: $0) }.max() ?? 0
    self.style = style
    self.unit = unit
  }

  /// The head of the columns.
  var header: String {
    style.bold(line(names.isEmpty ? nil : "text", [unit.rawValue] + Self.titles))
  }

  /// The row of the line at `place` of the text number `text`; `isNormalized` is whether there are
  /// probabilities.
  func row(text: Int, _ place: TextPlace, _ evaluation: Evaluation, isNormalized: Bool) -> String {
    line(
      names.isEmpty ? nil : names[text],
      [unit == .record ? place.record ?? "" : "\(place)"]
        + ScoreReport.row(evaluation, isNormalized: isNormalized)
    )
  }

  private func line(_ name: String?, _ cells: [String]) -> String {
    let figures = zip(cells, Self.widths).map { TextLayout.padded($0, to: $1, .before) }
    return (name.map { TextLayout.padded($0, to: nameWidth) } ?? "") + figures.joined()
  }
}
