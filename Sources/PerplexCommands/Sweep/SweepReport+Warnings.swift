import LanguageModels
import Perplexity
import Terminal

extension SweepReport {
  /// The facts that a reader of the figures must know.
  var warnings: [String] {
    var warnings: [String] = []
    var reasons: [String] = []
    for case let failure? in cells.map(\.failure) where !reasons.contains(failure) {
      reasons.append(failure)
    }
    for reason in reasons {
      warnings.append(
        "no figures for \(names(of: cells.filter { $0.failure == reason })): \(reason)."
      )
    }
    let zeros = cells.filter { $0.heldOut?.firstZeroProbability != nil }
    if let last = zeros.last, let zero = last.heldOut?.firstZeroProbability {
      let count = NumberFormat.grouped(last.heldOut?.zeroProbabilityTokens ?? 0)
      let context = zero.context.joined(separator: " ")
      warnings.append(
        """
        the perplexity of \(names(of: zeros)) is infinite; \(name(of: last)) gives probability zero \
        to \(count) tokens, the first '\(TokenTable.escaped(zero.token.utf8))' after \
        '\(TokenTable.escaped(context.utf8))' on line \(zero.line).
        """
      )
    }
    // Long texts of a source of so little entropy share spans by chance alone.
    if source == nil, let warning = ranking.first?.heldOut?.overlap?.warning(settings) {
      warnings.append(warning + ".")
    }
    for method in grid.methods {
      let noted = cells.filter { $0.model.method == method && !$0.notes.isEmpty }
      guard let example = noted.last, let note = example.notes.last else { continue }
      warnings.append(
        """
        \(names(of: noted)) could not be estimated from counts alone; \(name(of: example)), \
        \(note)\(noted.count > 1 ? " (--json has all such notes)" : "").
        """
      )
    }
    return warnings
  }

  private func name(of cell: SweepCell) -> String {
    cell.model.name + (grid.sizes.count > 1 ? " of \(sizeName(cell.model.size))" : "")
  }

  /// The models in few words: a method of which all are among them by its name, then the others, of
  /// many the first and how many more there are.
  private func names(of cells: [SweepCell]) -> String {
    let whole = grid.methods.filter { method in
      cells.count { $0.model.method == method } == grid.orders.count * grid.sizes.count
    }
    let others = cells.filter { !whole.contains($0.model.method) }.map { name(of: $0) }
    let shown = others.count <= 3 ? others[...] : others.prefix(2)
    var names = whole.map { "every \($0.rawValue) model" } + shown
    if others.count > shown.count { names.append("\(others.count - shown.count) more") }
    let last = names.removeLast()
    if names.isEmpty { return last }
    return "\(names.joined(separator: ", ")) and \(last)"
  }
}
