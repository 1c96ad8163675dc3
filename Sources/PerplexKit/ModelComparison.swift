import Perplexity
import Statistics

/// A model against a baseline on the same text.
///
/// ```swift
/// let comparison = try model.compared(with: baseline, on: [.file("corpora/stories/held-out.txt")])
/// print(comparison.difference, comparison.unit)  // below zero: the model is better
/// if let p = comparison.pValue, p < 0.05 { print("more than chance") }
/// ```
///
/// Both models find the same lines hard, so the difference is far more certain than either figure:
/// the interval and the p-value are of the differences line by line.
public struct ModelComparison: Hashable, Sendable {
  /// The denominators of a difference.
  public enum Unit: String, Sendable {
    /// Bits a token: both models predict the same tokens.
    case token
    /// Bits a byte: the tokens or vocabularies differ.
    case byte
  }

  /// The baseline's figures.
  public let baseline: Score

  /// The model's figures.
  public let model: Score

  /// The denominator of ``difference``.
  public let unit: Unit

  /// The model's bits less the baseline's, for each ``unit``; below zero the model is better.
  public let difference: Double

  /// The 95 % confidence interval of ``difference``, by the test that gives ``pValue``.
  ///
  /// It is nil for a text of fewer than 6 lines, for two texts, and with a token of probability zero.
  public let interval: ClosedRange<Double>?

  /// The chance of a difference as large between equally good models, by a sign-flip test.
  public let pValue: Double?

  /// The reasons why perplexities do not compare, a sentence each; empty where they do.
  public let obstacles: [String]

  init(_ comparison: Comparison) {
    baseline = Score(comparison.models[0].evaluation)
    model = Score(comparison.models[1].evaluation)
    unit = comparison.unit == .token ? .token : .byte
    let paired = comparison.models[1].difference?.paired
    difference = paired?.difference ?? .nan
    interval = paired?.interval.map { $0.low...$0.high }
    pValue = paired?.pValue
    obstacles = comparison.obstacles.map(\.description)
  }
}
