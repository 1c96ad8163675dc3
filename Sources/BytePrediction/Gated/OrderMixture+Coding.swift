extension OrderMixture {
  /// Turns `probabilities`, which sum to one, into whole units of ``ArithmeticEncoder/total``.
  ///
  /// Each byte has what its probability makes of 2^32 − 256 units, rounded down, and one more; the
  /// likeliest, the first of several, has the few hundred that are left.
  @inline(__always)
  func fillUnits(_ units: borrowing Table<Int>, _ probabilities: borrowing Table<Double>) {
    var rest = Int(ArithmeticEncoder.total)
    var likeliest = 0
    var greatest = 0
    var byte = 0
    while byte < 256 {
      let count = Int(probabilities[byte] * 4_294_967_040) &+ 1
      units[byte] = count
      rest &-= count
      if count > greatest {
        greatest = count
        likeliest = byte
      }
      byte += 1
    }
    units[likeliest] = greatest &+ rest
  }

  /// Reads `text` and hands it to `encoder`.
  mutating func encode(
    _ text: Span<UInt8>,
    learns: Bool,
    _ probabilities: borrowing Table<Double>,
    _ units: borrowing Table<Int>,
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
    _ probabilities: borrowing Table<Double>,
    _ units: borrowing Table<Int>,
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
