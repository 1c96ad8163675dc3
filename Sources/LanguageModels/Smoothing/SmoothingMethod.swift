/// The smoothing methods by name.
public enum SmoothingMethod: String, CaseIterable, Sendable {
  /// ``ModifiedKneserNey``.
  case modifiedKneserNey = "modified-kneser-ney"
  /// ``KneserNey``.
  case kneserNey = "kneser-ney"
  /// ``AbsoluteDiscounting``.
  case absoluteDiscounting = "absolute-discounting"
  /// ``WittenBell``.
  case wittenBell = "witten-bell"
  /// ``Katz``.
  case katz
  /// ``JelinekMercer``.
  case jelinekMercer = "jelinek-mercer"
  /// ``AdditiveSmoothing``.
  case additive
  /// ``MaximumLikelihood``.
  case maximumLikelihood = "maximum-likelihood"
  /// ``StupidBackOff``.
  case stupidBackOff = "stupid-backoff"

  /// Whether the method has an interpolated and a back-off form.
  public var hasBackOffForm: Bool {
    switch self {
    case .modifiedKneserNey, .kneserNey, .absoluteDiscounting, .wittenBell, .katz, .additive: true
    case .jelinekMercer, .maximumLikelihood, .stupidBackOff: false
    }
  }

  /// What is counted for n-grams shorter than the longest.
  public var lowerOrderCounts: LowerOrderCounts {
    switch self {
    case .modifiedKneserNey, .kneserNey: .continuations
    default: .occurrences
    }
  }
}
