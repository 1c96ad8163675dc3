import LanguageModels
import Perplexity
import Terminal
import Tokenization

extension CompareReport {
  /// The facts that a reader of the figures must know.
  var warnings: [String] {
    [unspelledWarning, byteWarning, normalizationWarning].compactMap(\.self)
      + subjects.indices.flatMap { warnings(of: $0) }
  }

  /// Unknown words that were charged without their spelling.
  private var unspelledWarning: String? {
    guard unit == .byte else { return nil }
    let unspelled = zip(subjects, comparison.models).filter {
      $1.evaluation.measure.outOfVocabulary > 0 && !$1.terms.chargesUnknown
    }
    guard !unspelled.isEmpty else { return nil }
    let names = unspelled.map { subject, model in
      "\(subject.path) (\(NumberFormat.grouped(model.evaluation.measure.outOfVocabulary)))"
    }
    return """
      unknown tokens charged as <unk>, without their spelling, make bits per byte a lower bound. It is \
      ranked below figures that are none, and has a p-value only against a model of the same \
      vocabulary (train with --spell-unknown): \(names.joined(separator: ", ")).
      """
  }

  /// Bytes of the text that some models read and others do not.
  private var byteWarning: String? {
    let bytes = comparison.models.map(\.evaluation.measure.bytes)
    guard let most = bytes.max(), let fewest = bytes.min(), most > fewest else { return nil }
    return """
      models of bytes read the text as it is, with its byte-order mark and all bytes that are not \
      UTF-8, and pay for them; the others do not: \
      \(NumberFormat.grouped(most)) bytes instead of \(NumberFormat.grouped(fewest)).
      """
  }

  /// Models that change the text before they cut it.
  private var normalizationWarning: String? {
    guard unit == .byte else { return nil }
    let changed = zip(subjects, comparison.models).filter { $1.terms.normalization != "none" }
    guard !changed.isEmpty else { return nil }
    let names = changed.map { "\($0.path) (\($1.terms.normalization))" }
    return """
      a model that changes the text before it is cut is charged for the changed text alone, which \
      makes its bits per byte a lower bound: \(names.joined(separator: ", ")).
      """
  }

  /// The warnings of one model.
  private func warnings(of index: Int) -> [String] {
    let (subject, model) = (subjects[index], comparison.models[index])
    let measure = model.evaluation.measure
    var warnings: [String] = []
    if let warning = subject.aboveOneWarning(model.evaluation) { warnings.append(warning + ".") }
    if measure.unscoredBytes > 0 {
      warnings.append(
        """
        \(subject.path) has no score for \(NumberFormat.grouped(measure.unscoredTokens)) tokens of \
        \(NumberFormat.grouped(measure.unscoredBytes)) bytes; each of these bytes is charged 8 bits.
        """
      )
    }
    if let settings = subject.model?.settings,
      let warning = model.evaluation.trainingOverlap?.warning(settings)
    {
      warnings.append("\(subject.path): \(warning).")
    }
    if let zero = model.evaluation.firstZeroProbability {
      warnings.append(
        """
        \(subject.path) gives probability zero to \
        \(NumberFormat.grouped(model.evaluation.zeroProbabilityTokens)) tokens, the first \
        '\(TokenTable.escaped(zero.token.utf8))' on line \(zero.line): its perplexity is infinite.
        """
      )
    }
    return warnings
  }
}
