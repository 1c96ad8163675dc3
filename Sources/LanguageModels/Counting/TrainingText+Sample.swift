import Files
package import Tokenization

/// Stretches of a training text, taken at equal distances, to be scored.
package struct TrainingSample: Sendable {
  /// Stretches one after the other, each after the tokens that a model may look back to.
  package fileprivate(set) var tokens: [TokenID] = []

  /// The ranges of the stretches in `tokens`.
  package fileprivate(set) var ranges: [Range<Int>] = []

  /// The sample has the whole text.
  package fileprivate(set) var isWhole = true
}

extension TrainingText {
  /// A sample of at most about `limit` tokens: all of a text that is no longer, else stretches of
  /// 1,024 tokens at equal distances, each with `historyLength` tokens before it.
  ///
  /// - Throws: `FileError` if the tokens are in a scratch file.
  /// - Complexity: O(tokens).
  package func sample(limit: Int, historyLength: Int) throws -> TrainingSample {
    let length = 1024
    let period = max(1, (count + limit - 1) / limit)
    var sample = TrainingSample()
    sample.isWhole = period == 1
    var position = 0
    var open: Int?
    try forEachRun(overlap: historyLength) { tokens, range in
      for index in range {
        let isTaken = position / length % period == 0
        if isTaken {
          if open == nil {
            for before in max(0, index - historyLength)..<index {
              sample.tokens.append(TokenID(tokens[before]))
            }
            open = sample.tokens.count
          }
          sample.tokens.append(TokenID(tokens[index]))
        }
        position += 1
        if let start = open, position % length == 0 || position == count {
          sample.ranges.append(start..<sample.tokens.count)
          open = nil
        }
      }
    }
    return sample
  }
}
