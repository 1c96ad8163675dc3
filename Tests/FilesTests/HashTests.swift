import Files
import Testing

@Suite struct HashTests {
  @Test func `every single bit changes the hash, whatever the length`() {
    for count in 0...70 {
      var bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
      let whole = hash64(bytes.span)
      for bit in 0..<(count * 8) {
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(hash64(bytes.span) != whole, "bit \(bit) of \(count) bytes")
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      }
    }
  }

  @Test func `lengths of zeros differ, and so do seeds`() {
    let zeros = [UInt8](repeating: 0, count: 100)
    let hashes = Set((0...100).map { count in hash64(zeros.span.extracting(..<count)) })
    #expect(hashes.count == 101)
    #expect(hash64(zeros.span, seed: 1) != hash64(zeros.span, seed: 2))
    #expect(hash64([UInt8]().span, seed: 1) != hash64([UInt8]().span, seed: 2))
  }

  @Test func `the place of the bytes in memory does not matter`() {
    let text = [UInt8](0..<67)
    let hash = hash64(text.span)
    for shift in 1...15 {
      let moved = [UInt8](repeating: 0xee, count: shift) + text
      #expect(hash64(moved.span.extracting(shift...)) == hash)
    }
  }

  @Test func `hashes of numbers do not collide and use every bit`() {
    var hashes: Set<UInt64> = []
    var union: UInt64 = 0
    var intersection = UInt64.max
    for number in 0..<UInt32(10_000) {
      let hash = [number].withBytes { hash64($0) }
      hashes.insert(hash)
      union |= hash
      intersection &= hash
    }
    #expect(hashes.count == 10_000)
    #expect(union == .max && intersection == 0)
  }

  @Test(arguments: [1, 3, 1000, 65_536, 100_000])
  func `a stream has the same hash however it is cut`(piece: Int) {
    let bytes = (0..<150_001).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    var whole = StreamingHash()
    whole.append(bytes.span)
    var cut = StreamingHash()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + piece)
      cut.append(bytes.span.extracting(start..<end))
      start = end
    }
    #expect(cut.value == whole.value)
    #expect(cut.value != StreamingHash().value)
  }

  @Test func `a stream's hash depends on the order, and looking at it changes nothing`() {
    func hash(_ pieces: [String], looks: Bool = false) -> UInt64 {
      var stream = StreamingHash()
      for piece in pieces {
        stream.append(Array(piece.utf8).span)
        if looks { _ = stream.value }
      }
      return stream.value
    }
    #expect(hash(["ab", "c"]) == hash(["a", "bc"]))
    #expect(hash(["ab", "c"]) == hash(["abc"]))
    #expect(hash(["abc", ""]) == hash(["abc"]))
    #expect(hash(["ab", "c"]) != hash(["c", "ab"]))
    #expect(hash(["ab", "c"], looks: true) == hash(["abc"]))
    // Whole blocks of the stream that change places.
    let first = String(repeating: "a", count: 1 << 16)
    let second = String(repeating: "b", count: 1 << 16)
    #expect(hash([first, second]) != hash([second, first]))
    #expect(hash([first, second]) != hash([second, second]), "the first block counts too")
    #expect(hash([first, second]) != hash([first, first]))
  }
}
