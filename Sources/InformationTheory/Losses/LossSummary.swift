/// The options of a ``LossTally``.
public struct LossOptions: Sendable, Equatable {
  /// The share of each target that is spread evenly over all classes; 0 for none.
  public var labelSmoothing = 0.0
  /// The exponent of the focal loss.
  public var focalGamma = 2.0
  /// The number of bins of the calibration.
  public var calibrationBins = 15
  /// The number of costliest rows that are kept.
  public var costliestCount = 10
  /// The floor that a smaller probability is raised to; nil, the default, for none.
  public var floor: Double?

  /// The usual options.
  public init() {}
}

/// The losses of a classifier's predictions, means over the rows unless said otherwise.
public struct LossSummary: Sendable, Equatable {
  /// The figures of the rows of one class.
  public struct ClassFigures: Sendable, Equatable {
    /// The rows whose label it is; of soft targets, the rows where its target is the greatest.
    public var rows: Int
    /// Their cross-entropy; NaN without rows, like the others.
    public var crossEntropyNats: Double
    /// The fraction of these rows that was predicted as this class: recall.
    public var recall: Double
    /// The fraction of the rows predicted as this class that belong to it: precision; NaN without
    /// any.
    public var precision: Double
    /// Their Brier score.
    public var brier: Double
    /// The mean probability that the class was given where it was true.
    public var meanProbability: Double
  }

  /// A row that cost much.
  public struct CostlyRow: Sendable, Equatable {
    /// Its number, as it was given.
    public var row: Int
    /// Its label; of soft targets, the class whose target is the greatest.
    public var label: Int
    /// The probability of that class.
    public var probability: Double
    /// The row's cross-entropy, with the floor if there is one.
    public var lossNats: Double
  }

  /// The effect of a floor under the probabilities.
  public struct FloorEffect: Sendable, Equatable {
    /// The rows in which the probability of what is true was raised.
    public var rows: Int
    /// The cross-entropy without the floor.
    public var crossEntropyNats: Double
  }

  /// The number of rows.
  public var rows: Int
  /// The cross-entropy, −Σ t log p; infinite where something true was given probability 0.
  public var crossEntropyNats: Double
  /// The cross-entropy against smoothed targets; nil where no smoothing was asked for.
  public var smoothedCrossEntropyNats: Double?
  /// The focal loss.
  public var focalNats: Double
  /// The share of rows whose likeliest class (the first, where several are) is the label.
  public var accuracy: Double
  /// The Brier score, from 0 to 2.
  public var brier: Double
  /// The squared error, a mean over classes as well.
  public var meanSquaredError: Double
  /// The length of the cross-entropy's gradient with respect to a row's logits, √Σ (p − t)².
  public var gradientNorm: Double
  /// The length of the squared error's gradient with respect to a row's logits.
  public var squaredErrorGradientNorm: Double
  /// Predictions by confidence.
  public var calibration: Calibration
  /// The figures of each class.
  public var classes: [ClassFigures]
  /// The rows with the greatest cross-entropy, the costliest first, then the earliest.
  public var costliest: [CostlyRow]
  /// The number of rows that gave the true class a probability of zero.
  public var zeroProbabilityRows: Int
  /// The first of them.
  public var firstZeroProbabilityRow: Int?
  /// The effect of the floor; nil without one.
  public var floorEffect: FloorEffect?

  /// The cross-entropy in bits.
  public var crossEntropyBits: Double { crossEntropyNats * bitsPerNat }

  /// e^cross-entropy: the number of equally likely classes that are as hard to guess.
  public var perplexity: Double { InformationTheory.perplexity(ofNats: crossEntropyNats) }
}
