import Files
import Tokenization

extension ByteModel {
  /// Checks every checksum.
  ///
  /// - Throws: ``ModelFileError/damaged(path:part:)`` with the first part whose checksum is wrong.
  /// - Complexity: reads the whole file once.
  package func verifyChecksums(path: String) throws(ModelFileError) {
    if let part = try ModelSections(file, path: path).firstDamaged() {
      throw .damaged(path: path, part: part)
    }
  }

  /// Sums the distribution over all bytes after `count` histories: of texts that the model draws,
  /// and of random bytes.
  ///
  /// - Complexity: O(contexts · 256) predictions of a bit at most.
  package func sumDistributions(
    atLeast count: Int = 1000,
    threads: Int = Parallel.processorCount
  ) -> Verification {
    // The number of texts is fixed, so that the contexts are the same on any number of threads.
    let textCount = 16
    let length = (count + textCount - 1) / textCount
    let results = Parallel.map(textCount, threads: threads) { text in
      sums(ofText: UInt64(text), length, isDrawn: text % 4 != 3)
    }
    var worst = Verification(contextCount: 0, worstDeviation: -1, worstContext: [])
    for result in results { worst = worst.worse(result) }
    return worst
  }

  /// The sums after each of the first `length` bytes of one text.
  private func sums(ofText seed: UInt64, _ length: Int, isDrawn: Bool) -> Verification {
    let reading = ByteReading(predictor(adapts: false))
    var found = Verification(contextCount: 0, worstDeviation: -1, worstContext: [])
    var history: [TokenID] = [.beginSentence]
    for index in 0..<length {
      let distribution = reading.distribution()
      let deviation = abs(distribution.reduce(0, +) - 1)
      found.contextCount += 1
      if !(deviation <= found.worstDeviation) {
        found.worstDeviation = deviation
        found.worstContext = history.suffix(16).map { vocabulary[$0] }
      }
      let chance = fold(seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(index), .max / 3)
      var token = ByteVocabulary.token(UInt8(truncatingIfNeeded: chance))
      if isDrawn {
        var rest = Double(chance >> 11) / Double(1 << 53)
        for (index, probability) in distribution.enumerated() where probability > 0 {
          token = TokenID(UInt32(index))
          rest -= probability
          if rest < 0 { break }
        }
      }
      reading.read([token].span)
      history.append(token)
    }
    return found
  }
}

extension Verification {
  /// The sum of both checks, with the worse deviation.
  fileprivate func worse(_ other: Verification) -> Verification {
    var both = other.worstDeviation <= worstDeviation ? self : other
    both.contextCount = contextCount + other.contextCount
    return both
  }
}
