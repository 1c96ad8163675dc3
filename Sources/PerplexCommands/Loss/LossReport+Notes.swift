import InformationTheory
import Terminal

/// Remarks that a reader of the figures of `loss` needs.
extension LossReport {
  func printNotes(in console: inout Console) throws {
    var notes = readingNotes
    if let first = firstZeroProbabilityRow {
      notes.append(
        """
        \(NumberFormat.grouped(summary.zeroProbabilityRows)) \
        \(summary.zeroProbabilityRows == 1 ? "row gives" : "rows give") probability 0 to the true class, \
        the first of them on line \(first): the loss is infinite.
        """
      )
    }
    if let effect = summary.floorEffect, let floor = command.floor {
      notes.append(
        """
        The floor of \(floor) raised the probability of the true class in \
        \(NumberFormat.grouped(effect.rows)) \(effect.rows == 1 ? "row" : "rows"); without it, \
        cross-entropy is \(number(effect.crossEntropyNats)) nats. The raised figure is not that of a distribution.
        """
      )
    }
    if result.normalizedRows > 0 {
      notes.append(
        "The probabilities of \(NumberFormat.grouped(result.normalizedRows)) rows were divided by their sum."
      )
    }
    if let distillation = result.distillation, let first = distillation.firstInfiniteRow {
      notes.append(
        """
        \(NumberFormat.grouped(distillation.infiniteRows)) \
        \(distillation.infiniteRows == 1 ? "row gives" : "rows give") probability 0 to a class that the teacher \
        gives some, the first of them on line \(first): the distillation loss is infinite.
        """
      )
    }
    try console.printNotes(notes)
  }

  /// The columns and labels that were read, and their meaning.
  private var readingNotes: [String] {
    var notes: [String] = []
    let names = result.unreadColumns.filter { !$0.isEmpty }
    if !names.isEmpty {
      notes.append("Columns that are not read: \(PredictionHeader.list(names)).")
    }
    if let column = result.weightColumn {
      notes.append(
        "Every figure is a mean weighted by '\(column)', which sums to \(number(weightSum))."
      )
    }
    if !result.classWeights.isEmpty {
      notes.append(
        """
        Cross-entropy, smoothed and focal loss are means weighted by the class of the label; other \
        figures have no weights of classes.
        """
      )
    }
    if result.ignoredRows > 0, let label = command.ignoredLabel {
      notes.append(
        "\(NumberFormat.grouped(result.ignoredRows)) rows with the label \(label) are left out."
      )
    }
    if result.unusedLabels > 0 {
      notes.append(
        "\(NumberFormat.grouped(result.unusedLabels)) labels of \(command.labels ?? "") have no row."
      )
    }
    switch result.repeatedSoftmax {
    case .logitsAreProbabilities:
      notes.append(
        """
        The logits are probabilities, between 0 and 1 and in each row 1 in all: softmax is applied \
        to them a second time. Read them as probabilities.
        """
      )
    case .probabilitiesOfProbabilities:
      notes.append(
        """
        The probabilities look like softmax of probabilities: in no row is the largest more than e \
        times the smallest. Was softmax applied twice?
        """
      )
    case nil: break
    }
    if !doubtfulClasses.isEmpty {
      notes.append(
        "No row is of the class \(PredictionHeader.list(doubtfulClasses)); if it is none, --classes names the others."
      )
    }
    return notes
  }

  /// The columns of logits that may be no classes: no row is of them, and some have names.
  var doubtfulClasses: [String] {
    guard result.isLogits else { return [] }
    let missing = classFigures.indices.filter { classFigures[$0].rows == 0 }
      .map { result.classes[$0] }
    return missing.contains { Int($0) == nil } ? missing : []
  }
}
