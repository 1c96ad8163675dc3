import LanguageModels
import Terminal

/// Options of smoothing.
struct SmoothingOptions: Equatable, Sendable {
  var method = SmoothingMethod.modifiedKneserNey
  var usesBackOff = false
  var alpha: Double?
  var discount: Double?
  var heldOut: [String] = []
  var prune: IntegerList = []

  /// The option of every command that trains with additive smoothing.
  static let alpha: [Argument<Self>] = [
    .option(
      "--alpha",
      value: \.alpha,
      statedDefault: "1",
      help: "The number that additive smoothing adds to each count."
    )
  ]

  /// The options of `train`.
  static let arguments: [Argument<Self>] =
    [
      .option("--smoothing", value: \.method, help: "The method that makes counts probabilities."),
      .flag(
        "--back-off",
        value: \.usesBackOff,
        help: "Use the back-off form of a method that also has an interpolated one."
      ),
    ] + alpha + [
      .option(
        "--discount",
        value: \.discount,
        statedDefault: "estimated for each order",
        help: "The discount of absolute-discounting and kneser-ney at every order."
      ),
      .option(
        "--dev",
        value: \.heldOut,
        placeholder: "TEXT",
        statedDefault: "every tenth sequence; of a text with few sequences, every tenth 100 tokens",
        help: "A held-out text, on which jelinek-mercer fits its weights."
      ),
      .option(
        "--prune",
        value: \.prune,
        statedDefault: "nothing is left out",
        help:
          "Count cut-offs for orders 1, 2 and so on; the last is for all longer n-grams. An n-gram with "
          + "this count or less is left out. Discounts are estimated from all n-grams."
      ),
    ]

  /// Checks the options against each other, and the cut-offs against the model's order.
  func validate(order: Int) throws(UsageError) {
    if usesBackOff && !method.hasBackOffForm {
      throw .conflict("--back-off", method.rawValue, reason: "it has one form only")
    }
    if alpha != nil && !method.takes(.alpha) {
      throw .needs("--alpha", other: "--smoothing additive")
    }
    try validateAlpha()
    if let discount {
      guard method.takes(.discount) else {
        throw .needs(
          "--discount",
          other: "'--smoothing absolute-discounting' or '--smoothing kneser-ney'"
        )
      }
      try UsageError.check(discount, of: "--discount", is: .above(0, below: 1))
    }
    try validatePruning(order: order)
  }

  /// Checks alpha alone, where a command tries several methods.
  func validateAlpha() throws(UsageError) {
    if let alpha { try UsageError.check(alpha, of: "--alpha", is: .between(1e-9, 1e9)) }
  }

  private func validatePruning(order: Int) throws(UsageError) {
    let values = prune.values
    guard values.count <= order else {
      throw UsageError(
        "'--prune' has \(values.count) cut-offs, but the model has \(order) "
          + (order == 1 ? "order" : "orders")
      )
    }
    if let first = values.first, first != 0 {
      throw UsageError(
        "'--prune' must begin with 0, not \(first): "
          + "'--min-count' with '--rare drop' leaves out rare words"
      )
    }
    for (value, next) in zip(values, values.dropFirst()) where next < value {
      throw UsageError(
        "'--prune' must not decrease, as from \(value) to \(next): "
          + "an n-gram needs the shorter ones in it"
      )
    }
  }

  /// Sets what these options say of the estimation.
  func apply(to options: inout EstimationOptions) {
    options.method = method
    options.usesBackOff = usesBackOff
    options.alpha = alpha ?? 1
    options.discount = discount
    options.prune = prune.values
  }
}
