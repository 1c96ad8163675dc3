import Foundation
import InformationTheory
import Testing

@Suite struct DivergenceTests {
  /// Distributions of skewed random numbers, with some zeros.
  static let random: [[Double]] = {
    var generator = SplitMix64(seed: 11)
    return (0..<12).map { round in
      var weights = (0..<20).map { _ -> Double in
        let unit = Double(generator.next() >> 11) / Double(1 << 53)
        return unit < 0.2 && round % 3 == 0 ? 0 : pow(unit, 6)
      }
      let sum = weights.reduce(0, +)
      for index in weights.indices { weights[index] /= sum }
      return weights
    }
  }()

  /// KL = ½ log₂(0.5 / 0.25) + ½ log₂(0.5 / 0.75) = ½ − ½ log₂ 1.5, backward ¼ log₂ ½ + ¾ log₂ 1.5.
  @Test func `a worked example has the values of arithmetic`() {
    let divergence = Divergence(of: [0.5, 0.5], and: [0.25, 0.75])
    #expect(abs(divergence.forwardBits - (0.5 - 0.5 * log2(1.5))) < 1e-15)
    #expect(abs(divergence.backwardBits - (-0.25 + 0.75 * log2(1.5))) < 1e-15)
    #expect(abs(divergence.firstEntropyBits - 1) < 1e-15)
    #expect(abs(divergence.secondEntropyBits - (0.5 + 0.75 * log2(4.0 / 3))) < 1e-15)
    #expect(abs(divergence.forwardCrossEntropyBits - (1 + 0.5 * log2(4.0 / 3))) < 1e-15)
  }

  @Test func `nothing lies between equal distributions`() {
    for distribution in Self.random {
      let divergence = Divergence(of: distribution, and: distribution)
      #expect(divergence.forwardBits == 0)
      #expect(divergence.backwardBits == 0)
      #expect(divergence.jensenShannonBits == 0)
      #expect(divergence.firstEntropyBits == divergence.secondEntropyBits)
      #expect(divergence.firstEntropyBits == divergence.forwardCrossEntropyBits)
    }
  }

  @Test func `every divergence is at least zero, and cross-entropy is entropy and divergence`() {
    for first in Self.random {
      for second in Self.random {
        let divergence = Divergence(of: first, and: second)
        #expect(divergence.forwardBits >= 0)
        #expect(divergence.backwardBits >= 0)
        let sum = divergence.firstEntropyBits + divergence.forwardBits
        #expect(
          sum == divergence.forwardCrossEntropyBits
            || abs(sum - divergence.forwardCrossEntropyBits) < 1e-12
        )
      }
    }
  }

  @Test func `Jensen-Shannon is symmetric, at most one bit, and the sum of its terms`() {
    for first in Self.random {
      for second in Self.random {
        var terms = [Double](repeating: -1, count: first.count)
        var span = terms.mutableSpan
        let divergence = Divergence(of: first.span, and: second.span, jensenShannonTerms: &span)
        let other = Divergence(of: second, and: first)
        #expect(abs(divergence.jensenShannonBits - other.jensenShannonBits) < 1e-15)
        #expect(divergence.forwardBits == other.backwardBits)
        #expect(divergence.jensenShannonBits <= 1)
        #expect(terms.allSatisfy { $0 >= 0 })
        #expect(abs(terms.reduce(0, +) - divergence.jensenShannonBits) < 1e-12)
        // By its definition.
        let mean = zip(first, second).map { ($0 + $1) / 2 }
        let halves =
          (Divergence(of: first, and: mean).forwardBits
            + Divergence(of: second, and: mean).forwardBits) / 2
        #expect(abs(halves - divergence.jensenShannonBits) < 1e-12)
      }
    }
  }

  @Test func `what only one holds for possible is an infinite divergence, one bit where all is`() {
    let divergence = Divergence(of: [0.5, 0.2, 0.3, 0], and: [1, 0, 0, 0])
    #expect(divergence.forwardBits == .infinity)
    #expect(divergence.forwardCrossEntropyBits == .infinity)
    #expect(divergence.forwardImpossible == 2)
    #expect(abs(divergence.backwardBits - 1) < 1e-15)
    #expect(divergence.backwardImpossible == nil)
    #expect(divergence.jensenShannonBits.isFinite)
    let apart = Divergence(of: [1, 0], and: [0, 1])
    #expect(apart.jensenShannonBits == 1)
  }

  @Test func `rounding that leaves sums a little off makes no divergence below zero`() {
    let second = Self.random[1].map { $0 * (1 + 1e-7) }
    let divergence = Divergence(of: Self.random[1], and: second)
    #expect(divergence.forwardBits >= 0)
    #expect(divergence.forwardBits < 1e-12)
  }
}
