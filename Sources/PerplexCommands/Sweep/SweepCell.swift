import InformationTheory
import LanguageModels
import Perplexity
import Records
import Statistics

/// The result of one model of a sweep.
struct SweepCell: Sendable {
  var model: SweepGrid.Model

  /// The reason why there are no figures; nil if there are.
  var failure: String?

  /// The estimation's departures from what was asked for, a sentence each.
  var notes: [String] = []

  /// The number of n-grams of each order, order 1 first.
  var ngramCounts: [Int] = []
  /// The size of its file.
  var byteCount = 0
  /// The time of training and scoring.
  var seconds = 0.0

  /// The figures of the held-out text.
  var heldOut: HeldOut?
  /// Bits a token of the training text that it has seen.
  var trainingCrossEntropyBits: Double?
  /// The number of tokens that this is a mean over.
  var trainingSampleCount = 0
  /// The distance from the source of a generated text; nil if that cannot be summed.
  var source: SourceMeasurement?
  /// The difference from the baseline of the same size.
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
    var records: RecordTally?
    /// A hash of the text.
    var textFingerprint: UInt64
    /// The figures of each unit, for comparisons.
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
      records = evaluation.records
      textFingerprint = evaluation.textFingerprint
      units = evaluation.pairedUnits
    }
  }
}

extension SweepCell {
  /// Compares each model with its baseline.
  ///
  /// - Throws: ``CommandError/inputChanged(model:)`` if the text was not the same for all of
  ///   them.
  static func compare(
    _ cells: inout [SweepCell],
    _ grid: SweepGrid,
    _ resampling: Resampling
  ) throws(CommandError) {
    let texts = cells.compactMap { $0.heldOut?.textFingerprint }
    for cell in cells where cell.heldOut != nil && cell.heldOut?.textFingerprint != texts.first {
      throw .inputChanged(model: cell.model.name)
    }
    let units = Dictionary(
      uniqueKeysWithValues: cells.compactMap { cell in
        cell.heldOut.map { (cell.model, $0.units) }
      }
    )
    for index in cells.indices {
      let baseline = grid.baseline(of: cells[index].model)
      guard baseline != cells[index].model, let own = units[cells[index].model],
        let other = units[baseline]
      else { continue }
      cells[index].difference = resampling.comparison(of: own, with: other)
    }
  }
}
