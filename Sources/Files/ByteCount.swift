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

  /// The number of bytes below 0x80 from `start` up to the first that is not, or to the end.
  ///
  /// - Complexity: O(*n*), some 8 GB/s.
  public func asciiCount(from start: Int) -> Int {
    precondition(start >= 0 && start <= count, "start out of range")
    let highBits: UInt64 = 0x8080_8080_8080_8080
    return unsafe withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      var end = start
      while end &+ 32 <= bytes.count {
        let address = unsafe base + end
        let first = unsafe load64(address) | load64(address + 8)
        let second = unsafe load64(address + 16) | load64(address + 24)
        if (first | second) & highBits != 0 { break }
        end &+= 32
      }
      while end &+ 8 <= bytes.count {
        let found = unsafe load64(base + end) & highBits
        if found != 0 { return end &- start &+ found.trailingZeroBitCount >> 3 }
        end &+= 8
      }
      while end < bytes.count, unsafe bytes[end] < 0x80 { end &+= 1 }
      return end &- start
    }
  }

  /// The number of bytes for which `isCounted` holds; `areCounted` has the answers for eight of
  /// them in the lowest bit of each.
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
