import InformationTheory
import Statistics

/// Blocks as of sentences: sizes of a geometric kind, and numerators that go with them and vary.
struct Blocks {
  var numerators: [Double] = []
  var sizes: [Double] = []

  init(_ count: Int, seed: UInt64 = 1) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<count {
      var size = 1.0
      while generator.nextUnit() > 0.1 { size += 1 }
      sizes.append(size)
      numerators.append(size * (4 + 3 * generator.nextUnit()))
    }
  }

  var ratio: Double { numerators.reduce(0, +) / sizes.reduce(0, +) }

  /// Numbers around zero, as differences of two models are.
  var differences: [Double] { zip(numerators, sizes).map { $0 - 5.4 * $1 } }
}

extension Resampling {
  /// Fewer resamples than by default, for tests in debug builds.
  static var quick: Resampling {
    var resampling = Resampling()
    resampling.resamples = 2000
    return resampling
  }
}
