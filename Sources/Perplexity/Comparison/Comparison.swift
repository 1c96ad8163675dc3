package import Statistics
package import Tokenization

/// A model's evaluation of the texts, and its difference from the baseline's.
package struct ComparedModel: Sendable {
  /// The model's name.
  package var name: String
  /// The terms on which it scores.
  package var terms: ScoringTerms
  /// Its evaluation of all texts.
  package var evaluation: Evaluation
  /// The time that the evaluation took.
  package var seconds: Double
  /// The difference from the baseline; nil for the baseline.
  package var difference: ModelDifference?
  /// Its bits by group of tokens, if requested.
  package var breakdown: Breakdown?

  var endsHash = TokenEndsHash()
}

/// The difference of a model's bits from the baseline's.
package struct ModelDifference: Sendable {
  /// Bits less the baseline's, per token or per byte, with interval and tests.
  package var paired: PairedComparison
  /// The p-value of the permutation test after Holm's correction for the number of models.
  package var adjustedPValue: Double?
  /// Over tokens, or the shortest spans that both models have tokens for.
  package var spans: Wins
  /// Over lines.
  package var lines: Wins
  /// The lines with the largest gains, the largest first.
  package var gains: [LineDifference]
  /// The lines with the largest losses, the largest first.
  package var losses: [LineDifference]
  /// The spans with the largest gains, the largest first.
  package var spanGains: [SpanDifference]
  /// The spans with the largest losses, the largest first.
  package var spanLosses: [SpanDifference]
}

/// A comparison of models on the same texts.
///
/// All models score the same texts and are paired unit by unit: the bits of a line (or paragraph,
/// or document) in one model minus those in another. These differences vary far less than the bits
/// of either model, since both find the same lines hard.
package struct Comparison: Sendable {
  /// One of the models to compare.
  package struct Entry: Sendable {
    /// The model's name.
    package var name: String
    /// The scorer of the texts.
    package var scorer: any TextScorer
    /// The terms on which it scores.
    package var terms: ScoringTerms

    /// A model.
    package init(name: String, scorer: any TextScorer, terms: ScoringTerms) {
      self.name = name
      self.scorer = scorer
      self.terms = terms
    }
  }

  /// The denominator of differences and of the figure that ranks the models.
  package enum Unit: String, Sendable {
    case token, byte
  }

  /// The models, in the order given.
  package private(set) var models: [ComparedModel] = []

  /// The index of the model that the others are compared with.
  package let baseline: Int

  /// The reasons why perplexities are not comparable; empty if they are.
  package private(set) var obstacles: [ComparisonObstacle] = []

  /// The denominator of differences.
  package private(set) var unit = Unit.token

  /// The form of the differences' intervals, whose p-values are of the same test.
  package private(set) var form = IntervalForm.flips

  /// A description of the units that the intervals are computed from.
  package private(set) var unitsDescription = ""

  /// Compares `entries` on `sources`.
  ///
  /// With `forcesPerplexity`, differences are per token even if perplexities are not comparable.
  /// With a `breakdownLimit`, each model's bits are also grouped, and this number of the costliest
  /// tokens is listed. `visit` gets each part of each text, in order, with the index of the entry
  /// that scored it. `progress` gets the number of bytes done, summed over the models. A single
  /// entry is its own baseline.
  ///
  /// - Throws: The errors of scoring, and ``ComparisonError`` if the models were not given the same
  ///   text.
  package init(
    _ entries: [Entry],
    on sources: [TextSource],
    baseline: Int = 0,
    forcesPerplexity: Bool = false,
    breakdownLimit: Int? = nil,
    resampling: Resampling,
    visit: (_ entry: Int, _ part: ScoredText, _ text: String) -> Void = { _, _, _ in },
    progress: (Int) -> Void = { _ in }
  ) throws {
    self.baseline = baseline
    var track = TokenTrack()
    var tallies: [Int: PairedTally] = [:]
    var scored: [Int: ComparedModel] = [:]
    var bytesDone = 0
    for index in [baseline] + entries.indices.filter({ $0 != baseline }) {
      var tally = index == baseline ? nil : PairedTally(against: track)
      var collector = BreakdownCollector(limit: breakdownLimit ?? 0)
      var text = ""
      var model = try Self.score(entries[index], on: sources) { name in
        collector.beginText(name)
        text = name
      } visit: { part in
        if breakdownLimit != nil { collector.add(part) }
        visit(index, part, text)
        if index == baseline { track.append(part) } else { tally?.add(part) }
        bytesDone += part.encoded.byteCount
        progress(bytesDone)
      } endText: { byteCount in
        if index == baseline {
          track.endText(byteCount: byteCount)
        } else {
          tally?.endText(byteCount: byteCount)
        }
      }
      tally?.finish()
      if breakdownLimit != nil { model.breakdown = collector.breakdown() }
      tallies[index] = tally
      scored[index] = model
      scored[index]?.endsHash = tally?.endsHash ?? track.endsHash
    }
    models = entries.indices.compactMap { scored[$0] }
    obstacles = ComparisonObstacle.all(among: models)
    unit = obstacles.isEmpty || forcesPerplexity ? .token : .byte
    try compare(tallies, resampling)
  }

  /// The indices of the models, the best first.
  ///
  /// A figure that is known to be too low never stands above one that is not.
  package var ranking: [Int] {
    models.indices.sorted { left, right in
      if isLowerBound(left) != isLowerBound(right) { return isLowerBound(right) }
      return (figure(left), left) < (figure(right), right)
    }
  }

  /// True if the figure of a model is less than its true cost: bits per byte without the spelling of
  /// unknown words, or of a changed text.
  package func isLowerBound(_ index: Int) -> Bool {
    unit == .byte && models[index].terms.understatesBytes(models[index].evaluation)
  }

  /// True if the difference of a model from the baseline can be tested.
  ///
  /// The costs that two models of one vocabulary leave out are the same, and cancel.
  private func isTestable(_ index: Int) -> Bool {
    guard isLowerBound(index) || isLowerBound(baseline) else { return true }
    let (own, other) = (models[index].terms, models[baseline].terms)
    return own.vocabularyFingerprint != nil && own == other
  }

  /// The figure that ranks the models: bits per ``unit``.
  package func figure(_ index: Int) -> Double {
    let evaluation = models[index].evaluation
    return unit == .token ? evaluation.crossEntropyBits : evaluation.bitsPerByte
  }

  private static func score(
    _ entry: Entry,
    on sources: [TextSource],
    beginText: (String) -> Void,
    visit: (ScoredText) -> Void,
    endText: (Int) -> Void
  ) throws -> ComparedModel {
    var sum = Evaluation()
    let start = ContinuousClock.now
    for source in sources {
      beginText(source.name)
      let evaluation = try entry.scorer.evaluate(source, visit: visit, progress: { _ in })
      endText(evaluation.measure.bytes)
      sum = sum + evaluation
    }
    return ComparedModel(
      name: entry.name,
      terms: entry.terms,
      evaluation: sum,
      seconds: (ContinuousClock.now - start) / .seconds(1)
    )
  }

  /// Compares each model with the baseline.
  private mutating func compare(_ tallies: [Int: PairedTally], _ resampling: Resampling) throws {
    let kind = try commonKind()
    let base = models[baseline].evaluation.units.blocks(of: kind).blocks
    let resampling = resampling.adjusted(to: kind)
    let blockCount = kind == .documents ? base.count : min(base.count, resampling.blockLimit)
    form = resampling.pairedForm(blocks: blockCount)
    unitsDescription = models[baseline].evaluation.units.description(
      of: kind,
      inBlocks: blockCount
    )
    for (index, tally) in tallies {
      let blocks = models[index].evaluation.units.blocks(of: kind).blocks
      let sizes = zip(blocks, base).map { own, other in
        unit == .byte ? Double(own.bytes) : Double(own.tokens + other.tokens) / 2
      }
      let paired = resampling.pairedComparison(
        of: zip(blocks, base).map { own, other in
          unit == .byte ? own.chargedBits - other.chargedBits : own.bits - other.bits
        },
        per: sizes
      )
      models[index].difference = ModelDifference(
        paired: paired,
        spans: tally.spans,
        lines: tally.lines,
        gains: tally.lineExtremes.gains,
        losses: tally.lineExtremes.losses,
        spanGains: tally.spanExtremes.gains,
        spanLosses: tally.spanExtremes.losses
      )
    }
    let tested = models.indices.filter {
      isTestable($0) && models[$0].difference?.paired.pValue != nil
    }
    let pValues = tested.compactMap { models[$0].difference?.paired.pValue }
    for (index, pValue) in zip(tested, Holm.adjusted(pValues)) {
      models[index].difference?.adjustedPValue = pValue
    }
  }

  /// The largest kind of unit that is numerous enough and the same in all models.
  private func commonKind() throws(ComparisonError) -> TextUnits.Kind {
    let first = models[baseline]
    for model in models {
      let measure = model.evaluation.measure
      let lines = model.evaluation.units.blocks(of: .lines).stretchCount
      guard model.evaluation.textFingerprint == first.evaluation.textFingerprint,
        lines == first.evaluation.units.blocks(of: .lines).stretchCount
      else {
        throw .differentTexts(
          model: model.name,
          byteCount: measure.bytes,
          baseline: first.name,
          baselineByteCount: first.evaluation.measure.bytes
        )
      }
    }
    let kind = first.evaluation.units.kind
    let isCommon = models.allSatisfy {
      $0.evaluation.units.blocks(of: kind).stretchCount
        == first.evaluation.units.blocks(of: kind).stretchCount
    }
    return isCommon ? kind : .lines
  }
}
