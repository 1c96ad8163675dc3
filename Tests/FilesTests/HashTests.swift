import Files
import Testing

@Suite struct HashTests {
  @Test func `every single bit changes the hash, whatever the length`() {
    for count in 0...70 {
      var bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
      let whole = bytes.withUnsafeBytes { hash64($0) }
      for bit in 0..<(count * 8) {
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(bytes.withUnsafeBytes { hash64($0) } != whole, "bit \(bit) of \(count) bytes")
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      }
    }
  }

  @Test func `lengths of zeros differ, and so do seeds`() {
    let zeros = [UInt8](repeating: 0, count: 100)
    let hashes = Set((0...100).map { count in zeros[..<count].withUnsafeBytes { hash64($0) } })
    #expect(hashes.count == 101)
    #expect(zeros.withUnsafeBytes { hash64($0, seed: 1) != hash64($0, seed: 2) })
  }

  @Test(arguments: [1, 3, 1000, 65_536, 100_000])
  func `a stream has the same hash however it is cut`(piece: Int) {
    let bytes = (0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    var whole = StreamingHash()
    bytes.withUnsafeBytes { whole.append($0) }
    var cut = StreamingHash()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + piece)
      bytes[start..<end].withUnsafeBytes { cut.append($0) }
      start = end
    }
    #expect(cut.value == whole.value)
    #expect(cut.value != StreamingHash().value)
  }
}
