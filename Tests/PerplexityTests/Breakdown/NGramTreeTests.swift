import InformationTheory
@testable import Perplexity
import TestSupport
import Testing

@Suite struct NGramTreeTests {
  @Test func `every n-gram is found, and its shorter ones, after each step`() {
    var generator = SplitMix64(seed: 1)
    var tree = NGramTree()
    // The nodes of the n-grams that end in the token before, the shortest first.
    var ends: [Int] = []
    var expected: Set<[UInt32]> = []
    var tokens: [UInt32] = []
    for step in 0..<4000 {
      tokens.append(UInt32(generator.skewed(30)))
      var suffix = NGramTree.root
      ends = ([NGramTree.root] + ends.prefix(3)).map { context in
        suffix = tree.insert(tokens[step], after: context, suffix: suffix)
        return suffix
      }
      for (length, node) in ends.enumerated() {
        let ngram = Array(tokens.suffix(length + 1))
        #expect(tree.tokens(of: node) == ngram)
        expected.insert(ngram)
      }
      if step < 100 || step % 500 == 0 { tree.checkInvariants() }
    }
    tree.checkInvariants()
    #expect(tree.count == expected.count + 1)
  }
}
