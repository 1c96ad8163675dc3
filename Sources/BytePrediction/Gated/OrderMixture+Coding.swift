extension OrderMixture {
  /// Rounds `probabilities`, which sum to one, to whole units of ``ArithmeticEncoder/total``.
  ///
  /// The units of a byte are its probability times 2^32 − 512, rounded to the nearest, and one
  /// more; the likeliest byte, the first of several, also gets the few hundred units that are left.
  @inline(__always)
  func fillUnits(
    _ units: borrowing UncheckedBuffer<Int>,
    _ probabilities: borrowing UncheckedBuffer<Double>
  ) {
    var rest = Int(ArithmeticEncoder.total)
    for byte in 0..<256 {
      // The last bits of a sum with 2^52 are a whole number: quicker than a conversion.
      let sum = probabilities[byte] * 4_294_966_784 + 0x1p52
      units[byte] = Int(truncatingIfNeeded: sum.bitPattern & 0xF_FFFF_FFFF_FFFF) &+ 1
    }
    var likeliest = 0
    var greatest = 0
    for byte in 0..<256 {
      let count = units[byte]
      rest &-= count
      likeliest = count > greatest ? byte : likeliest
      greatest = max(greatest, count)
    }
    units[likeliest] = greatest &+ rest
  }

  /// Reads `text` and writes it to `encoder`.
  mutating func encode(
    _ text: Span<UInt8>,
    learns: Bool,
    _ probabilities: borrowing UncheckedBuffer<Double>,
    _ units: borrowing UncheckedBuffer<Int>,
    _ encoder: inout ArithmeticEncoder
  ) {
    for index in text.indices {
      let byte = text[index]
      let situation = situation(learns: learns)
      fillDistribution(probabilities, situation)
      fillUnits(units, probabilities)
      var lower = 0
      var before = 0
      while before < Int(byte) {
        lower &+= units[before]
        before += 1
      }
      encoder.encode(UInt64(lower), UInt64(lower &+ units[before]))
      advance(byte, situation, learns: learns)
    }
  }

  /// Fills `text` from `decoder`, and reads it.
  mutating func decode(
    _ text: inout MutableSpan<UInt8>,
    learns: Bool,
    _ probabilities: borrowing UncheckedBuffer<Double>,
    _ units: borrowing UncheckedBuffer<Int>,
    _ decoder: inout ArithmeticDecoder
  ) {
    for index in text.indices {
      let situation = situation(learns: learns)
      fillDistribution(probabilities, situation)
      fillUnits(units, probabilities)
      let target = Int(decoder.target)
      var lower = 0
      var byte = 0
      while byte < 255, target >= lower &+ units[byte] {
        lower &+= units[byte]
        byte += 1
      }
      decoder.take(UInt64(lower), UInt64(lower &+ units[byte]))
      text[index] = UInt8(truncatingIfNeeded: byte)
      advance(text[index], situation, learns: learns)
    }
  }
}
