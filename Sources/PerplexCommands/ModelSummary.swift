import LanguageModels
import Terminal
import Tokenization

extension ModelDescription {
  /// The method and its form, in words, with the count cut-offs where there are any.
  var methodText: String {
    let cutoffs = pruning.map { "\($0)" }.joined(separator: ",")
    return formText + (pruning.contains { $0 > 0 } ? ", cut-offs \(cutoffs)" : "")
  }

  private var formText: String {
    switch combination {
    case .interpolated: "\(smoothing), interpolated"
    case .backOff: "\(smoothing), back-off"
    case .uniform: "\(smoothing), unseen n-grams share evenly"
    case .nothing: "\(smoothing), unsmoothed"
    case .fixedWeight(let weight): "\(smoothing), weight \(weight): scores, not probabilities"
    }
  }

  /// What happens before tokens are cut, in words.
  var normalizationText: String {
    var steps: [String] = []
    if settings.normalization.lowercases { steps.append("lower case") }
    if settings.normalization.form != .none {
      steps.append(settings.normalization.form.rawValue.uppercased())
    }
    return steps.isEmpty ? "none" : steps.joined(separator: ", ")
  }
}

extension TextSettings.Sequence {
  /// What a sequence is called.
  func noun(_ count: Int) -> String {
    let noun = self == .line ? "sentence" : "document"
    return count == 1 ? noun : noun + "s"
  }
}

extension NGramModel {
  /// The number of n-grams and the method's parameters at each order; of pruned models, also how many
  /// n-grams there were.
  var countsTable: TextTable {
    let isPruned = !description.countedNGrams.isEmpty
    let counted = isPruned ? [TextTable.Column.right("counted")] : []
    var table = TextTable([.right("order"), .right("n-grams")] + counted + [.left("parameters")])
    for order in 1...description.order {
      let parameters =
        order <= description.discounts.count ? description.discounts[order - 1] : []
      table.append(
        ["\(order)", NumberFormat.grouped(description.ngramCounts[order - 1])]
          + (isPruned ? [NumberFormat.grouped(description.allNGramCounts[order - 1])] : [])
          + [parameters.map { NumberFormat.significant($0, digits: 6) }.joined(separator: " ")]
      )
    }
    return table
  }
}
