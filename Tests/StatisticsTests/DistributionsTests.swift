import TestSupport
import Testing

@testable import Statistics

struct DistributionsTests {
  @Test(
    arguments: [
      (0.5, 0), (0.8, 0.841_621_233_572_914_3), (0.975, 1.959_963_984_540_054),
      (0.995, 2.575_829_303_548_901), (1e-10, -6.361_340_902_404_056),
    ] as [(Double, Double)]
  )
  func `normal quantiles are those of the tables`(probability: Double, expected: Double) {
    let quantile = NormalDistribution.quantile(probability)
    #expect(abs(quantile - expected) <= 1e-13 * max(1, abs(expected)))
  }

  @Test(
    arguments: [
      (1, 0.975, 12.706_204_736_432_095), (2, 0.975, 4.302_652_729_749_464),
      (4, 0.975, 2.776_445_105_197_793), (9, 0.975, 2.262_157_162_740_992),
      (30, 0.95, 1.697_260_886_593_957), (100, 0.995, 2.625_890_521_392_128),
      (1.25, 0.975, 8.027_951_377_252), (2.5, 0.975, 3.574_654_842_003_682),
      (5.3, 0.995, 3.917_193_502_348_018), (17.75, 0.95, 1.735_387_726_804_619),
      (250.5, 0.975, 1.969_479_272_051_676),
    ] as [(Double, Double, Double)]
  )
  func `Student's quantiles are those of the tables`(
    degreesOfFreedom: Double,
    probability: Double,
    expected: Double
  ) {
    let student = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
    #expect(isClose(student.quantile(probability), expected, within: 1e-9))
    #expect(isClose(student.quantile(1 - probability), -expected, within: 1e-9))
  }

  @Test func `Student's distribution becomes the normal one`() {
    let student = StudentDistribution(degreesOfFreedom: 10_000)
    #expect(isClose(student.quantile(0.975), NormalDistribution.quantile(0.975), within: 3e-4))
  }

  @Test func `no probability has no finite quantile`() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
  }

  @Test func `a quantile lies between the numbers around it`() {
    let numbers: [Double] = [1, 2, 4, 8]
    // The k-th of 4 is the k/5 quantile.
    #expect([0.2, 0.4, 0.5, 0.8].map { numbers.quantile($0) } == [1, 2, 3, 8])
    #expect(numbers.quantile(0) == 1 && numbers.quantile(1) == 8)
    #expect([-Double.infinity, 1, .infinity].quantile(0.5) == 1)
  }
}
