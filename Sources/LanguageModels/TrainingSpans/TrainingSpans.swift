import Files
package import Tokenization

/// A sample of the long spans of a training text, by which a model recognises that text.
///
/// The sample has the hashes of the spans of ``length`` consecutive tokens in a sequence whose hash
/// begins with a certain number of zero bits. Only such spans of another text are looked up, so the
/// share that is found is an unbiased estimate of the share of all its spans (Broder 1997's
/// sampling by value). Spans with an unknown word are left out on both sides.
package final class TrainingSpans: Sendable {
  /// The number of tokens of a span.
  package let length: Int

  /// The share of all spans that is kept.
  package var sampledShare: Double { LogProbability(bits: Double(-shift)).probability }

  /// The number of different spans that are kept.
  package var count: Int { hashes.count - Self.headerCount }

  let shift: Int
  private let hashes: Values<UInt64>

  /// The values before the hashes: length and shift.
  static let headerCount = 2

  /// Reads the section's values; nil if they make no sense.
  init?(_ values: Values<UInt64>?) {
    guard let values, values.count >= Self.headerCount, (1...256).contains(values[0]),
      values[1] < 64
    else { return nil }
    length = Int(values[0])
    shift = Int(values[1])
    hashes = values
  }

  /// Returns true if the training text has a span of this hash.
  ///
  /// - Complexity: O(log ``count``).
  func contains(_ hash: UInt64) -> Bool {
    var low = Self.headerCount
    var high = hashes.count
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return low < hashes.count && hashes[low] == hash
  }
}

/// The estimated share of a text that is also in a model's training text.
package struct TrainingOverlap: Sendable, Equatable {
  /// A span that is in both texts.
  package struct Example: Sendable, Equatable {
    /// The line that it ends on, from 1.
    package var line: TextPlace
    /// The tokens of the span as text.
    package var text: String

    /// An example.
    package init(line: TextPlace, text: String) {
      self.line = line
      self.text = text
    }
  }

  /// The number of tokens of a span.
  package var spanLength: Int

  /// The number of the text's spans that were looked for.
  package var sampled = 0

  /// The number of those that the training text has.
  package var found = 0

  /// The first of them, a few that do not overlap.
  package var examples: [Example] = []

  /// The number of examples that are kept.
  package static let exampleLimit = 3

  /// An overlap before any look-up.
  package init(spanLength: Int) { self.spanLength = spanLength }

  /// The estimated share of the text's spans that the training text has; 0 where none was looked
  /// for.
  package var share: Double { sampled == 0 ? 0 : Double(found) / Double(sampled) }

  /// True if the training text has far more of the text than unrelated texts share.
  ///
  /// Unrelated texts share fewer than one span in 10,000.
  package var isNotable: Bool { found >= 5 && share >= 0.01 }

  /// Both texts'; the examples of `left` first.
  package static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.sampled += right.sampled
    sum.found += right.found
    sum.examples = Array((left.examples + right.examples).prefix(exampleLimit))
    return sum
  }
}
