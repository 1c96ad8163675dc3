import Foundation
import InformationTheory
import Testing

struct DistributionTests {
  /// Distributions drawn from a fixed seed, some with outcomes of probability zero.
  static let pairs: [([Double], [Double])] = {
    var random = SplitMix64(seed: 7)
    func draw(_ count: Int, zeros: Bool) -> [Double] {
      (0..<count).map { index in
        zeros && index % 3 == 1 ? 0 : Double.random(in: 0.001...1, using: &random)
      }
    }
    return (2...40).flatMap { count in
      [
        (draw(count, zeros: false), draw(count, zeros: false)),
        (draw(count, zeros: true), draw(count, zeros: false)),
      ]
    }
  }()

  @Test(arguments: pairs)
  func `cross-entropy is entropy and divergence, and the divergence is never below zero`(
    _ weights: ([Double], [Double])
  ) throws {
    let p = try Distribution(normalizing: weights.0)
    let q = try Distribution(normalizing: weights.1)
    let cross = p.crossEntropyBits(predictedBy: q)
    #expect((cross - p.entropyBits - p.divergenceBits(from: q)).magnitude < 1e-12)
    #expect(p.divergenceBits(from: q) > 0)
    #expect(p.divergenceBits(from: p) == 0)
    #expect(cross >= p.entropyBits)
    #expect(p.entropyBits <= log2(Double(weights.0.count)) + 1e-12)
    let js = p.jensenShannonBits(to: q)
    #expect((js - q.jensenShannonBits(to: p)).magnitude < 1e-15)
    #expect(js > 0 && js <= 1)
    #expect((p.perplexity(predictedBy: q) - exp(cross / bitsPerNat)).magnitude < 1e-9)
  }

  @Test(arguments: pairs)
  func `the order of outcomes changes nothing`(_ weights: ([Double], [Double])) throws {
    let p = try Distribution(normalizing: weights.0)
    let q = try Distribution(normalizing: weights.1)
    let reversedP = try Distribution(p.probabilities.reversed())
    let reversedQ = try Distribution(q.probabilities.reversed())
    #expect((p.entropyBits - reversedP.entropyBits).magnitude < 1e-13)
    #expect(
      (p.divergenceBits(from: q) - reversedP.divergenceBits(from: reversedQ)).magnitude < 1e-13
    )
  }

  @Test func `what happens and is held to be impossible costs infinitely many bits`() throws {
    let p = try Distribution([0.5, 0.5, 0])
    let q = try Distribution([1, 0, 0])
    #expect(p.crossEntropyBits(predictedBy: q) == .infinity)
    #expect(q.crossEntropyBits(predictedBy: p) == 1)
    #expect(q.entropyBits == 0)
    #expect(q.entropyBits.sign == .plus)
  }

  @Test func `a floor tells how much it took away`() throws {
    let p = try Distribution([0.5, 0.5])
    let q = try Distribution([1, 0])
    let floored = p.crossEntropy(predictedBy: q, flooredAt: 0.125)
    #expect(floored.bits == 1.5)
    #expect(floored.raisedOutcomes == 1)
    #expect(floored.changeBits == .infinity)
    let none = p.crossEntropy(predictedBy: p, flooredAt: 0.125)
    #expect(none.changeBits == 0)
  }

  @Test func `numbers that are no distribution are refused`() {
    #expect(throws: DistributionError.empty) { try Distribution([]) }
    #expect(throws: DistributionError.sum(0.75)) { try Distribution([0.5, 0.25]) }
    #expect(throws: DistributionError.notAProbability(outcome: 1, value: -0.5)) {
      try Distribution([1, -0.5, 0.5])
    }
    #expect(throws: DistributionError.self) { try Distribution([.nan, 1]) }
    #expect(throws: DistributionError.self) { try Distribution(normalizing: [0, 0]) }
    #expect(throws: DistributionError.self) { try Distribution(normalizing: [1, .infinity]) }
  }

  @Test func `the textbook's colours and digits`() throws {
    let uniform = Distribution(uniformOver: 3)
    #expect((uniform.perplexity - 3).magnitude < 1e-12)
    let test = try Distribution([0.8, 0, 0.2])
    let model = try Distribution([0.8, 0.1, 0.1])
    #expect((test.perplexity(predictedBy: model) - 1.8946).magnitude < 5e-5)
    let seen = try Distribution([0.9, 0.1] + [Double](repeating: 0, count: 8))
    let digits = try Distribution([0.91] + [Double](repeating: 0.01, count: 9))
    #expect((seen.perplexity(predictedBy: digits) - 1.7253).magnitude < 5e-5)
  }
}
