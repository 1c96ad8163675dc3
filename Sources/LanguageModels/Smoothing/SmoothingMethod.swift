/// The table of smoothing methods: a row, two lines, for each.
///
/// A method's own file says all else about it; nothing but this table lists the methods.
package enum SmoothingMethod: String, CaseIterable, Sendable {
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

  /// The type that has the arithmetic.
  package var type: any Smoothing.Type {
    switch self {
    case .modifiedKneserNey: ModifiedKneserNey.self
    case .kneserNey: KneserNey.self
    case .absoluteDiscounting: AbsoluteDiscounting.self
    case .wittenBell: WittenBell.self
    case .katz: Katz.self
    case .jelinekMercer: JelinekMercer.self
    case .additive: AdditiveSmoothing.self
    case .maximumLikelihood: MaximumLikelihood.self
    case .stupidBackOff: StupidBackOff.self
    }
  }
}

/// An option of training that some methods take and others do not.
package enum SmoothingOption: Sendable {
  /// α, added to every count.
  case alpha
  /// One discount for all orders.
  case discount
  /// Held-out text, which weights are fitted to before anything is counted.
  case heldOutText
}

extension SmoothingMethod {
  /// The method takes `option`.
  package func takes(_ option: SmoothingOption) -> Bool { type.options.contains(option) }

  /// The method has a back-off form, beside another or alone.
  package var hasBackOffForm: Bool { type.forms.contains(.backOff) }

  /// The method gives probabilities, whose sum over all tokens is one, not scores.
  package var isNormalized: Bool { type.forms.allSatisfy(\.isNormalized) }

  /// The counts of n-grams shorter than the longest.
  package var lowerOrderCounts: LowerOrderCounts { type.lowerOrderCounts }

  /// A sentence on what the method does about n-grams that the text lacks.
  package var remedy: String { type.remedy }

  /// The form that a model has: the method's default, unless back-off is wanted and it has that.
  package func combination(usesBackOff: Bool) -> Combination {
    usesBackOff && hasBackOffForm ? .backOff : type.forms[0]
  }
}
