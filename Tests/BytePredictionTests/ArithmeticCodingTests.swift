import BytePrediction
import InformationTheory
import RealFunctions
import Testing

/// A decision: a bit with the probability of a 1, or a choice with its bounds.
private enum Decision {
  case bit(Bool, UInt32)
  case choice(UInt64, UInt64)

  /// A decision of any kind; extremes are frequent.
  static func random(using chance: inout SplitMix64) -> Decision {
    let total = ArithmeticEncoder.total
    switch Int.random(in: 0..<8, using: &chance) {
    case 0: return .choice(0, 1)
    case 1: return .choice(total - 1, total)
    case 2: return .choice(0, total)
    case 3:
      let lower = UInt64.random(in: 0..<total, using: &chance)
      return .choice(lower, lower + 1)
    case 4:
      let lower = UInt64.random(in: 0..<total, using: &chance)
      return .choice(lower, UInt64.random(in: (lower + 1)...total, using: &chance))
    case 5: return .bit(Bool.random(using: &chance), 1)
    case 6: return .bit(Bool.random(using: &chance), .max)
    default:
      return .bit(Bool.random(using: &chance), UInt32.random(in: 1...UInt32.max, using: &chance))
    }
  }

  var surprisalBits: Double {
    let share: Double =
      switch self {
      case .bit(let bit, let one): bit ? Double(one) : Double(ArithmeticEncoder.total) - Double(one)
      case .choice(let lower, let upper): Double(upper - lower)
      }
    return 32 - log2(share)
  }

  func encode(with encoder: inout ArithmeticEncoder) {
    switch self {
    case .bit(let bit, let one): encoder.encode(bit: bit, probabilityOfOne: one)
    case .choice(let lower, let upper): encoder.encode(lower, upper)
    }
  }

  /// Reads a decision and tells whether it is this one.
  func isRead(by decoder: inout ArithmeticDecoder) -> Bool {
    switch self {
    case .bit(let bit, let one): return decoder.decodeBit(probabilityOfOne: one) == bit
    case .choice(let lower, let upper):
      let target = decoder.target
      guard target >= lower, target < upper else { return false }
      decoder.take(lower, upper)
      return true
    }
  }
}

@Suite struct ArithmeticCodingTests {
  private func code(_ decisions: [Decision]) -> [UInt8] {
    var encoder = ArithmeticEncoder()
    for decision in decisions { decision.encode(with: &encoder) }
    encoder.finish()
    return encoder.bytes
  }

  private func areRead(_ decisions: [Decision], from code: [UInt8]) -> Bool {
    var decoder = ArithmeticDecoder(code)
    return decisions.allSatisfy { $0.isRead(by: &decoder) }
  }

  @Test func `bits come back as they were written, at the cost of their surprisal`() {
    var chance = SplitMix64(seed: 1)
    var decisions: [Decision] = []
    for _ in 0..<20_000 {
      let shift = UInt32.random(in: 0..<32, using: &chance)
      var probability = max(1, UInt32.random(in: 1...UInt32.max, using: &chance) >> shift)
      if Bool.random(using: &chance) { probability = UInt32.max - (probability - 1) }
      let bit = UInt32.random(in: 0...UInt32.max, using: &chance) < probability
      decisions.append(.bit(bit, probability))
    }
    let bytes = code(decisions)
    #expect(areRead(decisions, from: bytes))
    let costBits = decisions.reduce(0) { $0 + $1.surprisalBits }
    #expect(abs(Double(bytes.count * 8) - costBits) < 17)
    #expect(Double(bytes.count * 8) - costBits > -8)
  }

  @Test(arguments: 0..<16)
  func `decisions of all kinds come back, shares of 1 in 2^32 among them`(seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    let decisions = (0..<3000).map { _ in Decision.random(using: &chance) }
    let bytes = code(decisions)
    #expect(areRead(decisions, from: bytes))
    // A choice of one unit may lose 2^-24 of itself to rounding, which is nothing here.
    let costBits = decisions.reduce(0) { $0 + $1.surprisalBits }
    #expect(abs(Double(bytes.count * 8) - costBits) < 17)
  }

  @Test func `a text of decisions comes back at every length`() {
    var chance = SplitMix64(seed: 7)
    let decisions = (0..<300).map { _ in Decision.random(using: &chance) }
    for count in 0...decisions.count {
      let part = Array(decisions.prefix(count))
      #expect(areRead(part, from: code(part)), "\(count) decisions")
    }
    #expect(code([]).count <= 1)
  }

  @Test(arguments: [1, 2, 7, 8, 9, 255, 256, 5000])
  func `a carry runs through any number of bytes that are full`(byteCount: Int) {
    // 0xFF after 0xFF is the top of the range each time; the last choice overflows or does not.
    let total = ArithmeticEncoder.total
    let full = Decision.choice(total / 256 * 255, total)
    let ones = [Decision](repeating: full, count: byteCount)
    for last in [
      Decision.choice(0, 1), .choice(total - 1, total), .choice(total / 2, total / 2 + 1),
      .bit(false, 1), .bit(false, .max), .bit(true, 1), .bit(true, .max),
    ] {
      for first in [[], [Decision.choice(0, 1)], [.choice(total / 3, total / 3 * 2)]] {
        let decisions = first + ones + [last] + ones + [last]
        #expect(areRead(decisions, from: code(decisions)))
      }
    }
  }

  @Test func `a carry reaches a byte that waits behind thousands of others`() {
    // Thirds have no end in binary: their lower ends and their upper ends differ by a carry.
    let total = ArithmeticEncoder.total
    for start in [total / 3, total / 3 + 1, total / 7, total / 2 - 1, total / 2] {
      let decisions =
        [Decision.choice(start, start + 1)]
        + [Decision](repeating: .choice(total - 2, total - 1), count: 2000)
        + [Decision](repeating: .choice(total / 2, total), count: 2000)
      #expect(areRead(decisions, from: code(decisions)))
    }
  }

  @Test func `the encoder's surprisal is the sum of those of its decisions`() {
    var chance = SplitMix64(seed: 3)
    var encoder = ArithmeticEncoder()
    var expectedBits = 0.0
    for _ in 0..<4000 {
      let decision = Decision.random(using: &chance)
      decision.encode(with: &encoder)
      expectedBits += decision.surprisalBits
      #expect(abs(encoder.informationBits - expectedBits) < 1e-3)
    }
    let informationBits = encoder.informationBits
    encoder.finish()
    #expect(Double(encoder.bytes.count * 8) - informationBits < 16)
  }

  @Test func `bytes may be taken out at any time`() {
    var chance = SplitMix64(seed: 5)
    let decisions = (0..<2000).map { _ in Decision.random(using: &chance) }
    var encoder = ArithmeticEncoder()
    var taken: [UInt8] = []
    for decision in decisions {
      decision.encode(with: &encoder)
      if Int.random(in: 0..<5, using: &chance) == 0 { taken += encoder.takeBytes() }
    }
    encoder.finish()
    taken += encoder.bytes
    while taken.last == 0 { taken.removeLast() }
    #expect(taken == code(decisions))
  }

  @Test func `any bytes can be read, and what is read stays inside the total`() {
    var chance = SplitMix64(seed: 9)
    for length in [0, 1, 7, 8, 9, 100] {
      for fill in [UInt8(0), 0xFF, 0x80] {
        var decoder = ArithmeticDecoder([UInt8](repeating: fill, count: length))
        for _ in 0..<500 {
          if Bool.random(using: &chance) {
            _ = decoder.decodeBit(probabilityOfOne: .random(in: 1...UInt32.max, using: &chance))
          } else {
            let target = decoder.target
            #expect(target < ArithmeticEncoder.total)
            decoder.take(target, target + 1)
          }
        }
      }
    }
  }

  @Test func `a code that is cut short reads as another text and past its end`() {
    let total = ArithmeticEncoder.total
    let decisions = (0..<400).map { Decision.choice(UInt64($0) << 20, UInt64($0 + 1) << 20) }
    let bytes = code(decisions)
    #expect(!areRead(decisions, from: Array(bytes.dropLast(4))))
    var decoder = ArithmeticDecoder(bytes)
    for decision in decisions { #expect(decision.isRead(by: &decoder)) }
    #expect(decoder.readPastEnd <= 8)
    for _ in 0..<100 { decoder.take(0, total / 256) }
    #expect(decoder.readPastEnd > 8)
  }
}
