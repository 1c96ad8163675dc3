extension Span<UInt8> {
  /// The number of bytes that are `byte`.
  ///
  /// - Complexity: O(*n*), some 10 GB/s.
  public func count(of byte: UInt8) -> Int {
    let pattern = 0x0101_0101_0101_0101 * UInt64(byte)
    let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
    return countBytes(where: { $0 == byte }) { word in
      let difference = word ^ pattern
      return ~((difference & low) + low | difference) >> 7
    }
  }

  /// The number of Unicode scalars; of bytes that are not UTF-8, those that begin a sequence.
  ///
  /// - Complexity: O(*n*), some 10 GB/s.
  public var scalarCount: Int {
    count - countBytes(where: { $0 & 0xc0 == 0x80 }) { word in word >> 7 & ~(word >> 6) }
  }

  /// The number of bytes for which `isCounted` holds; `areCounted` has the answers for eight of them
  /// in the lowest bit of each.
  @inline(__always)
  private func countBytes(
    where isCounted: (UInt8) -> Bool,
    _ areCounted: (UInt64) -> UInt64
  ) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    return unsafe withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      var total: UInt64 = 0
      var start = 0
      while start &+ 8 <= bytes.count {
        // Sums of at most 248 words stay in their bytes, and are then spread to 16 bits.
        let end = start &+ Swift.min(248 &* 8, (bytes.count &- start) & ~7)
        var sums: UInt64 = 0
        while start < end {
          unsafe sums &+= areCounted(load64(base + start)) & ones
          start &+= 8
        }
        let pairs = sums & 0x00ff_00ff_00ff_00ff &+ sums >> 8 & 0x00ff_00ff_00ff_00ff
        total &+= (pairs &* 0x0001_0001_0001_0001) >> 48
      }
      while start < bytes.count {
        unsafe total &+= isCounted(bytes[start]) ? 1 : 0
        start &+= 1
      }
      return Int(truncatingIfNeeded: total)
    }
  }
}
