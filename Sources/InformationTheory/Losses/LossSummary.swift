/// The options of a ``LossTally``.
package struct LossOptions: Sendable, Equatable {
  /// The share of each target that is spread evenly over all classes; 0 for none.
  package var labelSmoothing = 0.0
  /// The exponent of the focal loss.
  package var focalGamma = 2.0
  /// The number of bins of the calibration.
  package var calibrationBins = 15
  /// The number of costliest rows that are kept.
  package var costliestCount = 10
  /// The floor that a smaller probability is raised to; nil, the default, for none.
  package var floor: Double?

  /// The weight of each class in the loss; empty where all count alike.
  ///
  /// A label's loss is w[label] · −log p, and the mean is divided by the sum of the rows' w[label];
  /// of soft targets it is −Σ w t log p, and the mean is divided by the number of rows. Smoothed
  /// targets take w of each class they give a share. (PyTorch's `CrossEntropyLoss` has the same.)
  package var classWeights: [Double] = []

  /// The usual options.
  package init() {}
}

/// The losses of a classifier's predictions, means over the rows unless said otherwise.
package struct LossSummary: Sendable, Equatable {
  /// The figures of the rows of one class.
  package struct ClassFigures: Sendable, Equatable {
    /// The rows whose label it is; of soft targets, the rows where its target is the greatest.
    package var rows: Int
    /// Their cross-entropy; NaN without rows, like the others.
    package var crossEntropyNats: Double
    /// The fraction of these rows that was predicted as this class: recall.
    package var recall: Double
    /// The fraction of the rows predicted as this class that belong to it: precision; NaN without
    /// any.
    package var precision: Double
    /// Their Brier score.
    package var brier: Double
    /// The mean probability that the class was given where it was true.
    package var meanProbability: Double
  }

  /// A row that cost much.
  package struct CostlyRow: Sendable, Equatable {
    /// Its number, as it was given.
    package var row: Int
    /// Its label; of soft targets, the class whose target is the greatest.
    package var label: Int
    /// The probability of that class.
    package var probability: Double
    /// The row's cross-entropy, with the floor if there is one.
    package var lossNats: Double
  }

  /// The effect of a floor under the probabilities.
  package struct FloorEffect: Sendable, Equatable {
    /// The rows in which the probability of what is true was raised.
    package var rows: Int
    /// The cross-entropy without the floor.
    package var crossEntropyNats: Double
  }

  /// The number of rows.
  package var rows: Int
  /// The sum of the rows' weights; the number of rows where they have none.
  package var weight: Double
  /// The cross-entropy, −Σ t log p; infinite where something true was given probability 0.
  package var crossEntropyNats: Double
  /// The cross-entropy against smoothed targets; nil where no smoothing was asked for.
  package var smoothedCrossEntropyNats: Double?
  /// The focal loss.
  package var focalNats: Double
  /// The share of rows whose likeliest class (the first, where several are) is the label.
  package var accuracy: Double
  /// The Brier score, from 0 to 2.
  package var brier: Double
  /// The squared error, a mean over classes as well.
  package var meanSquaredError: Double
  /// The length of the cross-entropy's gradient with respect to a row's logits, √Σ (p − t)².
  package var gradientNorm: Double
  /// The length of the squared error's gradient with respect to a row's logits.
  package var squaredErrorGradientNorm: Double
  /// Predictions by confidence.
  package var calibration: Calibration
  /// The figures of each class.
  package var classes: [ClassFigures]
  /// The rows with the greatest cross-entropy, the costliest first, then the earliest.
  package var costliest: [CostlyRow]
  /// The number of rows that gave the true class a probability of zero.
  package var zeroProbabilityRows: Int
  /// The first of them.
  package var firstZeroProbabilityRow: Int?
  /// The effect of the floor; nil without one.
  package var floorEffect: FloorEffect?

  /// The cross-entropy in bits.
  package var crossEntropyBits: Double { crossEntropyNats * bitsPerNat }

  /// e^cross-entropy: the number of equally likely classes that are as hard to guess.
  package var perplexity: Double { InformationTheory.perplexity(ofNats: crossEntropyNats) }
}
