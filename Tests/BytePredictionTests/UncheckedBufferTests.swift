import Testing

@testable import BytePrediction

@Suite struct UncheckedBufferTests {
  @Test func `elements are zero at first, or the given value`() {
    let zeros = UncheckedBuffer<UInt16>(zeroed: 3)
    let ones = UncheckedBuffer<Int>(repeating: 1, count: 3)
    #expect((0..<3).allSatisfy { zeros[$0] == 0 && ones[$0] == 1 })
  }

  @Test func `a start and an offset name the element at their sum`() {
    let buffer = UncheckedBuffer<UInt32>(zeroed: 10)
    for index in 0..<10 { buffer[index] = UInt32(index) }
    buffer[4, -1] += 90
    #expect((0..<5).map { buffer[2, $0] } == [2, 93, 4, 5, 6])
  }

  @Test(arguments: [1, 5, 100, 1 << 17])
  func `growing keeps the elements`(count: Int) {
    var buffer = UncheckedBuffer<UInt16>(zeroed: count)
    for index in 0..<count { buffer[index] = UInt16(truncatingIfNeeded: 3 * index) }
    buffer.grow(to: count + 1)
    buffer.grow(to: 3 * count)
    #expect(buffer.count >= 3 * count)
    #expect((0..<count).allSatisfy { buffer[$0] == UInt16(truncatingIfNeeded: 3 * $0) })
    for index in 0..<buffer.count { buffer[index] = 7 }
  }

  @Test func `ranges are filled, copied and repeated`() {
    let buffer = UncheckedBuffer<UInt8>(zeroed: 8)
    buffer.fill(1..<3, 5)
    buffer[0] = 4
    buffer.copy(0..<2, to: 6)
    #expect((0..<8).map { buffer[$0] } == [4, 5, 5, 0, 0, 0, 4, 5])
    buffer.repeatElements(from: 0, period: 2, to: 7)
    #expect((0..<8).map { buffer[$0] } == [4, 5, 4, 5, 4, 5, 4, 5])
    let other = UncheckedBuffer<UInt8>(zeroed: 8)
    other.copy(buffer)
    buffer.fill(0)
    #expect((0..<8).map { other[$0] + buffer[$0] } == [4, 5, 4, 5, 4, 5, 4, 5])
  }

  @Test func `eight numbers are loaded, stored and added at once`() {
    let buffer = UncheckedBuffer<Float>(repeating: 1, count: 16)
    buffer[9] = 4
    buffer.add(SIMD8(0, 1, 2, 3, 4, 5, 6, 7), to: 8)
    #expect(buffer.lanes(8) == SIMD8(1, 5, 3, 4, 5, 6, 7, 8))
    #expect(buffer.lanes(0) == SIMD8(repeating: 1))
  }

  @Test func `words of bytes may end behind the last byte`() {
    let buffer = UncheckedBuffer<UInt8>(zeroed: 6)
    buffer.setWord(0x0403_0201, atByte: 0)
    buffer.setWord(0x0807_0605, atByte: 4)
    #expect((0..<6).map { buffer[$0] } == [1, 2, 3, 4, 5, 6])
    #expect(buffer.withBytes { [$0.word(at: 0), $0.word(at: 4)] } == [0x0403_0201, 0x0605])
    #expect(buffer.withBytes(2..<5) { $0.byteCount } == 3)
  }

  @Test func `a word from a file is not set out of range, in release builds either`() async {
    await #expect(processExitsWith: .failure) {
      UncheckedBuffer<UInt8>(zeroed: 6).setWord(1, atByte: 6)
    }
  }

  #if DEBUG
  @Test func `debug builds stop at an index out of range`() async {
    await #expect(processExitsWith: .failure) {
      let buffer = UncheckedBuffer<UInt32>(zeroed: 6)
      buffer[6] = 1
    }
    await #expect(processExitsWith: .failure) {
      let buffer = UncheckedBuffer<UInt32>(zeroed: 6)
      buffer[4, 2] = 1
    }
  }
  #endif
}
