import Files
import RealFunctions
import Tokenization

/// Fits the weights of ``JelinekMercer`` to held-out text by expectation-maximisation.
///
/// A held-out token is drawn from the highest order with the probability λ, from the next lower one
/// with (1 − λ) λ′, and so on to the uniform distribution. The E step shares each token among the
/// orders in proportion to the likelihood that each produced it; the M step sets each λ to the
/// share of the tokens that reached it and stayed. The likelihood never falls (Jelinek and Mercer
/// 1980).
struct InterpolationWeights {
  /// One sequence in `heldOutPeriod` is held out where no held-out text is given; of a text with
  /// fewer than ten times as many sequences, one block of a hundred tokens in as many.
  static let heldOutPeriod = 10

  /// The relative frequency of each held-out token at each order and the bucket of its context; a
  /// context that was not seen has no bucket.
  private struct Evidence {
    var frequencies: [Float] = []
    var buckets: [UInt8] = []
  }

  private static let noBucket = UInt8.max

  private let text: TrainingText
  private let vocabularySize: Int
  private let order: Int
  private let threads: Int

  /// A fit for `text`; its held-out tokens, or one sequence in ten where it has none.
  init(
    _ text: TrainingText,
    vocabularySize: Int,
    order: Int,
    threads: Int
  ) throws {
    self.text =
      text.hasHeldOut ? text : try TrainingText(holdingOutEvery: Self.heldOutPeriod, of: text)
    self.vocabularySize = vocabularySize
    self.order = order
    self.threads = threads
  }

  /// The weight of each order and bucket, order 1 first.
  func fit(notes: inout [String]) throws -> [[Double]] {
    let evidence = try gather()
    var weights = [[Double]](
      repeating: [Double](repeating: 0.5, count: JelinekMercer.bucketCount),
      count: order
    )
    guard !evidence.buckets.isEmpty else {
      notes.append("the text is too short to hold any of it out, so every weight is 0.5")
      return weights
    }
    var previous = -Double.infinity
    for _ in 0..<100 {
      let likelihood = improve(&weights, evidence)
      if likelihood - previous < 1e-7 * abs(likelihood) { break }
      previous = likelihood
    }
    settleUnreached(&weights, evidence)
    return weights
  }

  /// Gives each bucket that no held-out token reached the weight of the nearest smaller one that
  /// was reached, or else of the nearest larger.
  ///
  /// The contexts of the model have more occurrences than those of the fit, from which a tenth was
  /// held out; so the largest of them, that of all unigrams first, may be in a bucket of which the
  /// fit knows nothing.
  private func settleUnreached(_ weights: inout [[Double]], _ evidence: Evidence) {
    for level in 0..<order {
      var isReached = [Bool](repeating: false, count: JelinekMercer.bucketCount)
      for event in stride(from: level, to: evidence.buckets.count, by: order)
      where evidence.buckets[event] != Self.noBucket {
        isReached[Int(evidence.buckets[event])] = true
      }
      guard let first = isReached.firstIndex(of: true) else { continue }
      var nearest = weights[level][first]
      for bucket in isReached.indices {
        if isReached[bucket] { nearest = weights[level][bucket] }
        weights[level][bucket] = nearest
      }
    }
  }

  /// Takes one step; returns the log-likelihood under the weights before it.
  private func improve(_ weights: inout [[Double]], _ evidence: Evidence) -> Double {
    let buckets = JelinekMercer.bucketCount
    var reached = [Double](repeating: 0, count: order * buckets)
    var stayed = reached
    var likelihood = 0.0
    let uniform = 1 / Double(vocabularySize - 1)
    var chain = [Double](repeating: 0, count: order + 1)
    for event in 0..<(evidence.buckets.count / order) {
      chain[0] = uniform
      for level in 0..<order {
        let bucket = evidence.buckets[event * order + level]
        let frequency = Double(evidence.frequencies[event * order + level])
        let weight = bucket == Self.noBucket ? 0 : weights[level][Int(bucket)]
        chain[level + 1] = weight * frequency + (1 - weight) * chain[level]
      }
      likelihood += log(chain[order])
      var share = 1.0
      for level in stride(from: order - 1, through: 0, by: -1) {
        let bucket = evidence.buckets[event * order + level]
        if bucket == Self.noBucket { continue }
        let weight = weights[level][Int(bucket)]
        let kept =
          share * weight * Double(evidence.frequencies[event * order + level]) / chain[level + 1]
        reached[level * buckets + Int(bucket)] += share
        stayed[level * buckets + Int(bucket)] += kept
        share -= kept
      }
    }
    for level in 0..<order {
      for bucket in 0..<buckets where reached[level * buckets + bucket] > 0 {
        // The bounds keep unseen tokens possible and every order in play.
        let weight = stayed[level * buckets + bucket] / reached[level * buckets + bucket]
        weights[level][bucket] = min(0.9999, max(0.0001, weight))
      }
    }
    return likelihood
  }

  private func gather() throws -> Evidence {
    let occurrences = try Unigrams.occurrences(text, vocabularySize: vocabularySize)
    let unigrams = (occurrences: occurrences, total: Unigrams.total(occurrences))
    guard order > 1 else { return try unigramEvidence(unigrams) }
    // Whole groups: a token needs the frequencies of all lengths of its context at once.
    var histories = try Histories(
      text,
      vocabularySize: vocabularySize,
      order: order,
      threads: threads,
      positionLimit: .max
    )
    var all = Evidence()
    try histories.forEachPass { blocks in
      let evidence = try gather(blocks, unigrams)
      all.frequencies += evidence.frequencies
      all.buckets += evidence.buckets
    }
    return all
  }

  /// The counts of single tokens, and their sum.
  private typealias UnigramCounts = (occurrences: [UInt64], total: UInt64)

  private func gather(_ blocks: HistoryBlocks, _ unigrams: UnigramCounts) throws -> Evidence {
    let order = order
    let found = Parallel.map(
      blocks.blocks.count,
      threads: threads,
      state: { _ in BlockScan(order: order, code: blocks.code, hasTails: false) }
    ) { scan, index in
      scan.scan(blocks.blocks[index], of: blocks)
      return scan.heldOutNGrams.isEmpty
        ? Evidence() : Self.evidence(of: scan, code: blocks.code, order: order, unigrams)
    }
    var all = Evidence()
    for evidence in found {
      all.frequencies += evidence.frequencies
      all.buckets += evidence.buckets
    }
    return all
  }

  private func unigramEvidence(_ unigrams: UnigramCounts) throws -> Evidence {
    var evidence = Evidence()
    var cursor = HeldOutCursor(text.rule)
    try text.forEachRun { tokens, range in
      for index in range {
        let isHeldOut = cursor.isHeldOut(tokens[index])
        if !isHeldOut || tokens[index] == TokenID.beginSentence.rawValue { continue }
        evidence.frequencies.append(
          Float(Double(unigrams.occurrences[Int(tokens[index])]) / Double(max(1, unigrams.total)))
        )
        evidence.buckets.append(UInt8(JelinekMercer.bucket(unigrams.total)))
      }
    }
    return evidence
  }

  private static func evidence(
    of scan: borrowing BlockScan,
    code: WordCode,
    order: Int,
    _ unigrams: UnigramCounts
  ) -> Evidence {
    var totals = [UInt64](repeating: 0, count: scan.contextCount)
    for index in 0..<scan.ngramCount {
      totals[Int(scan.ngrams[index].context)] += UInt64(scan.ngrams[index].occurrences)
    }
    var evidence = Evidence()
    for longest in scan.heldOutNGrams {
      var frequencies = [Float](repeating: 0, count: order)
      var buckets = [UInt8](repeating: noBucket, count: order)
      let word = Int(code.word(scan.ngrams[Int(longest)].word))
      frequencies[0] = Float(Double(unigrams.occurrences[word]) / Double(max(1, unigrams.total)))
      buckets[0] = UInt8(JelinekMercer.bucket(unigrams.total))
      var ngram = longest
      while ngram != BlockScan.none {
        let context = Int(scan.ngrams[Int(ngram)].context)
        let level = Int(scan.contextDepth[context])
        if totals[context] > 0 {
          frequencies[level] = Float(
            Double(scan.ngrams[Int(ngram)].occurrences) / Double(totals[context])
          )
          buckets[level] = UInt8(JelinekMercer.bucket(totals[context]))
        }
        ngram = scan.ngrams[Int(ngram)].parent
      }
      evidence.frequencies += frequencies
      evidence.buckets += buckets
    }
    return evidence
  }
}
