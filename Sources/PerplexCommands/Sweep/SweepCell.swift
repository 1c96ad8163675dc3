import InformationTheory
import LanguageModels
import Perplexity
import Statistics

/// What became of one model of a sweep.
struct SweepCell: Sendable {
  var place: SweepGrid.Place

  /// Why there are no figures; nil where there are.
  var failure: String?

  /// What the estimation did otherwise than asked for, a sentence each.
  var notes: [String] = []

  /// The number of n-grams of each order, order 1 first.
  var ngramCounts: [Int] = []
  /// The size of its file.
  var byteCount = 0
  /// How long training and scoring took.
  var seconds = 0.0

  /// What it makes of the held-out text.
  var heldOut: HeldOut?
  /// Bits a token of the training text that it has seen.
  var trainingCrossEntropyBits: Double?
  /// The number of tokens that this is a mean over.
  var trainingSampleCount = 0
  /// How far it is from the source, where the text is generated; nil where that cannot be summed.
  var source: SourceMeasurement?
  /// How it differs from the baseline of the same size.
  var difference: PairedComparison?

  /// The figures of the held-out text.
  struct HeldOut: Sendable {
    var measure: TextMeasure
    var crossEntropyBits: Double
    var perplexity: Double
    var bitsPerByte: Double
    var interval: EvaluationInterval?
    var zeroProbabilityTokens: Int
    var firstZeroProbability: ZeroProbability?
    var overlap: TrainingOverlap?
    /// A hash of the text.
    var textFingerprint: UInt64
    /// What is needed to compare with others.
    var units: PairedUnits

    init(_ evaluation: Evaluation, _ resampling: Resampling?) {
      measure = evaluation.measure
      crossEntropyBits = evaluation.crossEntropyBits
      perplexity = evaluation.perplexity
      bitsPerByte = evaluation.bitsPerByte
      interval = resampling.flatMap { evaluation.interval($0) }
      zeroProbabilityTokens = evaluation.zeroProbabilityTokens
      firstZeroProbability = evaluation.firstZeroProbability
      overlap = evaluation.trainingOverlap
      textFingerprint = evaluation.textFingerprint
      units = evaluation.pairedUnits
    }
  }
}

extension SweepCell {
  /// Holds each model against its baseline.
  ///
  /// - Throws: ``SweepError/changed(model:)`` where the text was not the same for all of them.
  static func compare(
    _ cells: inout [SweepCell],
    _ grid: SweepGrid,
    _ resampling: Resampling
  ) throws(SweepError) {
    let texts = cells.compactMap { $0.heldOut?.textFingerprint }
    for cell in cells where cell.heldOut != nil && cell.heldOut?.textFingerprint != texts.first {
      throw .changed(model: cell.place.name)
    }
    let units = Dictionary(
      uniqueKeysWithValues: cells.compactMap { cell in
        cell.heldOut.map { (cell.place, $0.units) }
      }
    )
    for index in cells.indices {
      let baseline = grid.baseline(of: cells[index].place)
      guard baseline != cells[index].place, let own = units[cells[index].place],
        let other = units[baseline]
      else { continue }
      cells[index].difference = resampling.comparison(of: own, with: other)
    }
  }
}
