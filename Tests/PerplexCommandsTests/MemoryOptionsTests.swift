import Testing

@testable import LanguageModels
@testable import PerplexCommands

@Suite struct MemoryOptionsTests {
  private var estimate = MemoryBound.Estimate(
    diskByteCount: 3_000_000_000,
    freeByteCount: 40_000_000_000,
    folder: "/scratch",
    readShare: 0.25,
    isLowerBound: false
  )

  @Test func `the remark before spilling says how much goes where`() {
    #expect(
      MemoryOptions.remark(on: estimate, memory: 500_000_000, seconds: 42)
        == "the text does not fit in 500.0 MB: about 3.0 GB will be spilled to /scratch, where "
        + "40.0 GB are free; in all about 42.0 s"
    )
  }

  @Test func `of a text of unknown length it says at least so much`() {
    var estimate = estimate
    estimate.isLowerBound = true
    #expect(
      MemoryOptions.remark(on: estimate, memory: 500_000_000, seconds: 42)
        == "the text does not fit in 500.0 MB: at least 3.0 GB will be spilled to /scratch, where "
        + "40.0 GB are free; in all at least 42.0 s"
    )
  }
}
