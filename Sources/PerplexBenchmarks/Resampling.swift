import InformationTheory
import Statistics

/// The interval and the tests of a difference: 10,000 resamples of 4,096 blocks.
///
/// The tokens are the blocks drawn.
func resampling(threads: Int) -> () -> [Lap] {
  let blockCount = 4096
  var generator = SplitMix64(seed: 1)
  let sizes = (0..<blockCount).map { _ in Double(1 + generator.next() % 40) }
  let differences = sizes.map { $0 * (generator.nextUnit() - 0.4) }
  var resampling = Resampling()
  resampling.threads = threads
  resampling.blockLimit = blockCount
  return { [resampling] in
    var interval = Lap.measuring("interval") {
      _ = resampling.interval(of: differences, per: sizes)
    }
    interval.tokenCount = resampling.resamples * blockCount
    // The interval and both tests.
    var comparison = Lap.measuring("compare in pairs") {
      _ = resampling.pairedComparison(of: differences, per: sizes)
    }
    comparison.tokenCount = resampling.resamples * blockCount
    return [interval, comparison]
  }
}
