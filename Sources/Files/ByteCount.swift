extension Span<UInt8> {
  /// The number of bytes for which `isCounted` holds.
  ///
  /// The sums of short stretches fit in a byte, so that the loop works on many bytes at a time.
  @inlinable @inline(__always)
  public func count(where isCounted: (UInt8) -> Bool) -> Int {
    var total = 0
    var start = 0
    while start < count {
      let end = Swift.min(start + 255, count)
      var sum: UInt8 = 0
      for index in start..<end { sum &+= isCounted(self[index]) ? 1 : 0 }
      total += Int(sum)
      start = end
    }
    return total
  }
}
