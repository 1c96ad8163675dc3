import InformationTheory
import RealFunctions
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

extension Blocks {
  /// Forty blocks of which neighbours are alike.
  static var alike: (numerators: [Double], sizes: [Double]) {
    let sizes = (0..<40).map { Double(10 + $0 % 7) }
    let numerators = sizes.enumerated().map { index, size in
      let phase = Double(index)
      return size * (3 + sin(phase / 1.1) + 1.3 * cos(5 * phase))
    }
    return (numerators, sizes)
  }
}

/// Texts whose sizes differ by as much as the exponential of `spread` either way.
struct Texts {
  var numerators: [Double] = []
  var sizes: [Double] = []

  init(_ count: Int, spread: Double = 1.2) {
    for index in 0..<count {
      let phase = Double(index)
      let size = (1000 * exp(spread * sin(phase * 1.7))).rounded()
      sizes.append(size)
      numerators.append(
        size * (8 + cos(phase * 2.3) + 0.5 * sin(phase * phase * 0.7))
      )
    }
  }

  var ratio: Double { numerators.reduce(0, +) / sizes.reduce(0, +) }
}

extension Resampling {
  /// Fewer resamples than by default, for tests in debug builds.
  static var quick: Resampling {
    var resampling = Resampling()
    resampling.resamples = 2000
    return resampling
  }
}
