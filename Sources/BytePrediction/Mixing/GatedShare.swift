/// The weight λ of the gated model alone in a frozen mixing model.
///
///     p(byte) = (1 − λ) p_mixer(byte) + λ p_gated(byte)
///
/// The mixer has the gated model among its inputs, but its weights suit a text that is still being
/// learned; the further a text is from the learned one, the better the gated model alone. So λ
/// depends on the lead of the gated model over the mixer on the last 250 bytes or so. It is learned
/// by expectation-maximisation, one byte at a time (Dempster, Laird and Rubin 1977), where the
/// frozen weights are: on text that the contexts have not learned yet.
final class GatedShare {
  static let classCount = 32
  /// The number of bytes over which a lead fades.
  private static let memoryByteCount: Float = 256
  /// The most that a byte changes the lead by, in bits.
  private static let greatestLeadBits: Float = 3
  /// A share moves by 1 / 4096 of its error at least.
  private static let slowestRate: Float = 4096

  /// λ in each class of leads, and then the number of bytes that it was learned from.
  let values: UncheckedBuffer<Float>

  /// The lead of the gated model on the last bytes, in bits a byte.
  private var leadBits: Float = 0

  /// A share that has learned nothing.
  init() {
    values = UncheckedBuffer(repeating: 0.25, count: 2 * Self.classCount)
    values.fill(Self.classCount..<2 * Self.classCount, 2)
  }

  /// The share that was written to `memory`.
  init(memory: inout PredictorMemory) throws(PredictorError) {
    values = try memory.next("share", count: 2 * Self.classCount)
  }

  /// Forgets the history.
  func begin() { leadBits = 0 }

  /// The class of the lead.
  private var leadClass: Int {
    let step = (leadBits + 1) * Float(Self.classCount / 2)
    return step > 0 ? min(Self.classCount - 1, Int(step)) : 0
  }

  /// λ for the next byte, from 0.005 to 0.995; a file's numbers may be any.
  var current: Double {
    let share = values[leadClass]
    return Double(share > 0.005 ? (share < 0.995 ? share : 0.995) : 0.005)
  }

  /// The probability that the next bit is 1, in 2^-32: the mixer's, `ofOne`, and the gated model's,
  /// whose sums over the bytes that begin with the bits so far and a 0 or a 1 are `zeros` and
  /// `ones`.
  ///
  /// `mixerMass` is what the mixer gave to the bits of the byte so far, `share` is λ.
  @inline(__always)
  static func blend(
    _ ofOne: UInt32,
    mixerMass: Double,
    zeros: Float,
    ones: Float,
    share: Double
  ) -> UInt32 {
    let mixer = (1 - share) * mixerMass
    let one = mixer * (Double(ofOne) * 0x1p-32) + share * Double(ones)
    let zero = mixer * ((4_294_967_296 - Double(ofOne)) * 0x1p-32) + share * Double(zeros)
    let units = one / (one + zero) * 4_294_967_296
    return UInt32(units > 4096 ? (units < 4_294_963_200 ? units : 4_294_963_200) : 4096)
  }

  /// Moves past a byte of these two probabilities, and learns λ from it if it `learns`.
  func advance(mixer: Double, gated: Double, learns: Bool) {
    if learns {
      let leadClass = leadClass
      let share = current
      let posterior = Float(share * gated / ((1 - share) * mixer + share * gated))
      let count = values[Self.classCount + leadClass] + 1
      values[Self.classCount + leadClass] = min(count, Self.slowestRate)
      values[leadClass] += (posterior - values[leadClass]) / count
    }
    let gain = Self.approximateLogarithm(gated / mixer)
    let bounded = max(-Self.greatestLeadBits, min(Self.greatestLeadBits, gain))
    leadBits += (bounded - leadBits) / Self.memoryByteCount
  }

  /// The logarithm to base 2 of a positive number within 0.09, from its binary form alone.
  private static func approximateLogarithm(_ value: Double) -> Float {
    let exponent = Int(value.bitPattern >> 52 & 0x7FF) - 1023
    let fraction = Double(bitPattern: value.bitPattern & 0xF_FFFF_FFFF_FFFF | 1023 << 52) - 1
    return Float(exponent) + Float(fraction)
  }
}
