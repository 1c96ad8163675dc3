/// A reason why models have no figures to compare.
package enum ComparisonError: Error, Equatable, Sendable {
  /// A model did not see the text that the baseline saw.
  case differentTexts(model: String, byteCount: Int, baseline: String, baselineByteCount: Int)
  /// The model gives scores, not probabilities.
  case noProbabilities(path: String)
  /// The models cut text into different tokens; `difference` names the settings that differ.
  case differentTokens(first: String, second: String, difference: String)
}

extension ComparisonError: CustomStringConvertible {
  /// One line that includes the remedy.
  package var description: String {
    switch self {
    case .differentTexts(let model, let byteCount, let baseline, let baselineByteCount):
      "\(model): it was scored on another text than \(baseline) (\(byteCount) bytes, not "
        + "\(baselineByteCount)); the text must not change while models are compared"
    case .noProbabilities(let path):
      "\(path): stupid back-off gives scores, not probabilities; give a model trained with another "
        + "--smoothing"
    case .differentTokens(let first, let second, let difference):
      "\(first) and \(second) predict different things (\(difference)), so no distribution is common "
        + "to them; train both alike, or compare their bits per byte"
    }
  }
}
