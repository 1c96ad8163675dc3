import InformationTheory
import Testing

struct SplitMix64Tests {
  /// The outputs of Sebastiano Vigna's `splitmix64.c`.
  @Test(
    arguments: [
      (
        0,
        [
          0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f,
          0xf88b_b8a8_724c_81ec,
          0x1b39_896a_51a8_749b,
        ]
      ),
      (
        1_234_567,
        [
          6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
          4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
      ),
    ] as [(UInt64, [UInt64])]
  )
  func `the first outputs are those of the reference implementation`(
    seed: UInt64,
    expected: [UInt64]
  ) {
    var generator = SplitMix64(seed: seed)
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test func `a copy continues as the original does`() {
    var original = SplitMix64(seed: 9)
    _ = original.next()
    var copy = original
    #expect((0..<10).map { _ in original.next() } == (0..<10).map { _ in copy.next() })
  }

  @Test func `the first unit number is the top 53 bits of the first output`() {
    var generator = SplitMix64(seed: 0)
    // 0xe220a8397b1dcdaf / 2⁶⁴ = 0.8833108…, without the last eleven bits.
    #expect(generator.nextUnit() == Double(0xe220_a839_7b1d_cdaf as UInt64 >> 11) / 0x1p53)
  }

  @Test func `unit numbers are uniform in the half-open interval`() {
    var generator = SplitMix64(seed: 3)
    var cells = Array(repeating: 0, count: 10)
    for _ in 0..<100_000 {
      let unit = generator.nextUnit()
      #expect(unit >= 0 && unit < 1)
      cells[Int(unit * 10)] += 1
    }
    // Chi-squared with 9 degrees of freedom exceeds 27.9 once in a thousand times.
    let statistic = cells.reduce(0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 }
    #expect(statistic < 27.9)
  }
}
