import Files
import InformationTheory

/// The ratios of resamples of a ``BlockSample``, each drawn block by block with replacement.
struct BlockResamples {
  /// The ratio of each resample minus that of the sample, ascending.
  let deviations: [Double]

  /// The deviations divided by each resample's own standard error, ascending.
  ///
  /// They are infinite if a resample's standard error is zero.
  let studentized: [Double]

  /// No resamples, for forms that need none.
  static let none = BlockResamples()

  private init() {
    deviations = []
    studentized = []
  }

  /// Draws `count` resamples on `threads` threads; the result is the same for every number of them.
  ///
  /// - Complexity: O(*r* · *m*), *r* resamples of *m* blocks; of each draw only five sums are kept.
  init(of sample: BlockSample, count: Int, seed: UInt64, threads: Int) {
    let results = UnsynchronizedBuffer<SIMD2<Double>>(repeating: .zero, count: count)
    let blocks = sample.blocks
    ResamplingChunks(count: count, seed: seed).run(on: threads) { range, generator in
      for index in range {
        results[index] = Self.draw(blocks.buffer, using: &generator)
      }
    }
    var deviations: [Double] = []
    var studentized: [Double] = []
    deviations.reserveCapacity(count)
    studentized.reserveCapacity(count)
    for index in 0..<count {
      deviations.append(results[index].x)
      studentized.append(results[index].y)
    }
    deviations.sort()
    studentized.sort()
    self.deviations = deviations
    self.studentized = studentized
  }

  /// Draws one resample and returns the deviation of its ratio, plain and studentized.
  private static func draw(
    _ blocks: borrowing Buffer<SIMD2<Double>>,
    using generator: inout SplitMix64
  ) -> SIMD2<Double> {
    let count = UInt64(blocks.count)
    // Two independent sums, one for each half of a random word, so that neither waits for the
    // other.
    var first = SIMD2<Double>.zero
    var second = SIMD2<Double>.zero
    var firstSquares = SIMD2<Double>.zero
    var secondSquares = SIMD2<Double>.zero
    var firstProduct = 0.0
    var secondProduct = 0.0
    for _ in 0..<blocks.count / 2 {
      let random = generator.next()
      // The upper half of a 32-bit number times the count: uniform but for count/2³².
      let left = blocks[Int(truncatingIfNeeded: ((random >> 32) &* count) >> 32)]
      let right = blocks[Int(truncatingIfNeeded: ((random & 0xffff_ffff) &* count) >> 32)]
      first += left
      second += right
      firstSquares += left * left
      secondSquares += right * right
      firstProduct += left.x * left.y
      secondProduct += right.x * right.y
    }
    if !blocks.count.isMultiple(of: 2) {
      let block = blocks[Int(truncatingIfNeeded: ((generator.next() >> 32) &* count) >> 32)]
      first += block
      firstSquares += block * block
      firstProduct += block.x * block.y
    }
    let sums = first + second
    let squares = firstSquares + secondSquares
    let product = firstProduct + secondProduct
    let deviation = sums.x / sums.y
    // Rounding may leave a value near zero if all draws are alike.
    let spread = squares.x - 2 * deviation * product + deviation * deviation * squares.y
    guard spread > 1e-12 * max(squares.x, deviation * deviation * squares.y) else {
      return [deviation, deviation == 0 ? 0 : deviation * .infinity]
    }
    let error = (Double(count) / Double(count - 1) * spread).squareRoot() / sums.y
    return [deviation, deviation / error]
  }
}

/// Resamples in chunks, each with its own generator, so that the number of threads does not matter.
struct ResamplingChunks {
  /// The number of resamples in a chunk; the last may have fewer.
  private static let size = 64

  private let count: Int
  private let seeds: [UInt64]

  /// The chunks of `count` resamples.
  init(count: Int, seed: UInt64) {
    self.count = count
    var generator = SplitMix64(seed: seed)
    seeds = (0..<(count + Self.size - 1) / Self.size).map { _ in generator.next() }
  }

  /// Draws each chunk, on `threads` threads in any order.
  func run(
    on threads: Int,
    _ draw: @Sendable (Range<Int>, inout SplitMix64) -> Void
  ) {
    Parallel.forEach(seeds.count, threads: threads) { number in
      var generator = SplitMix64(seed: seeds[number])
      let start = number * Self.size
      draw(start..<min(count, start + Self.size), &generator)
    }
  }
}
