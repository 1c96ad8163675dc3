/// The counts of a text, each n-gram an array of token numbers; `<s>` is the number 1.
package struct PlainCounts {
  /// The occurrences of each n-gram of order 1 to the highest.
  package private(set) var occurrences: [[UInt32]: Int] = [:]

  /// The number of different words before each n-gram, below the highest order.
  package private(set) var predecessors: [[UInt32]: Int] = [:]

  /// The highest order.
  package let order: Int

  /// Counts the n-grams of `tokens`; none reaches over a `<s>`, and none is `<s>` alone.
  package init(_ tokens: [UInt32], order: Int) {
    self.order = order
    for (index, token) in tokens.enumerated() where token != Self.beginSentence {
      var start = index
      while true {
        occurrences[Array(tokens[start...index]), default: 0] += 1
        if tokens[start] == Self.beginSentence || start == 0 || index - start == order - 1 { break }
        start -= 1
      }
    }
    for ngram in occurrences.keys where ngram.count > 1 {
      predecessors[Array(ngram.dropFirst()), default: 0] += 1
    }
  }

  /// The count of Kneser and Ney's methods: occurrences at the highest order and after `<s>`, else
  /// predecessors.
  package func continuations(_ ngram: [UInt32]) -> Int {
    let isWhole = ngram.count == order || ngram.first == Self.beginSentence
    return (isWhole ? occurrences : predecessors)[ngram, default: 0]
  }

  static let beginSentence: UInt32 = 1
}
