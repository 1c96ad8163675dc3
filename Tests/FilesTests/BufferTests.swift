import Files
import Testing

@Suite struct BufferTests {
  @Test func `growing keeps what is there`() {
    var buffer = Buffer<UInt32>(count: 3)
    for index in 0..<3 { buffer[index] = UInt32(index * 7) }
    buffer.grow(to: 10_000)
    #expect(buffer.count >= 10_000)
    #expect((0..<3).map { buffer[$0] } == [0, 7, 14])
    let size = buffer.count
    buffer.grow(to: 5)
    #expect(buffer.count == size)
  }

  @Test func `growing one by one keeps everything, in few steps`() {
    var buffer = Buffer<UInt64>()
    var sizes: Set<Int> = []
    for index in 0..<5000 {
      buffer.grow(to: index + 1)
      sizes.insert(buffer.count)
      buffer[index] = UInt64(index * index)
    }
    #expect((0..<5000).allSatisfy { buffer[$0] == UInt64($0 * $0) })
    // From 2 on the size grows by half at least: log 5000 / log 1.5 < 22 steps, and the first two.
    #expect(sizes.count <= 24)
  }

  @Test func `filling and copying touch their ranges only`() {
    var source = Buffer<UInt8>(repeating: 1, count: 6)
    source.fill(2..<4, with: 9)
    var target = Buffer<UInt8>(repeating: 0, count: 6)
    target.copy(1..<4, of: source, to: 3)
    #expect((0..<6).map { target[$0] } == [0, 0, 0, 1, 9, 9])
    #expect(source.withElements(1..<5) { span in (0..<4).map { span[$0] } } == [1, 9, 9, 1])
  }

  @Test func `filling and copying nothing is allowed at the end`() {
    var buffer = Buffer<UInt16>(repeating: 5, count: 3)
    buffer.fill(3..<3, with: 0)
    buffer.copy(3..<3, of: Buffer(repeating: 1, count: 3), to: 3)
    #expect((0..<3).map { buffer[$0] } == [5, 5, 5])
    #expect(buffer.withElements(3..<3) { $0.isEmpty })
  }

  @Test func `elements are lent as their bytes`() {
    var buffer = Buffer<UInt16>(repeating: 0x0102, count: 4)
    buffer[2] = 0xfffe
    #expect(buffer.withBytes(1..<3) { Array($0) } == [0x02, 0x01, 0xfe, 0xff])
  }

  @Test func `an index out of range stops the program`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer<UInt8>(repeating: 0, count: 4)
      buffer[4] = 1
    }
    await #expect(processExitsWith: .failure) {
      let buffer = Buffer<UInt8>(repeating: 0, count: 4)
      _ = buffer[-1]
    }
    await #expect(processExitsWith: .failure) { _ = Buffer<UInt8>()[0] }
  }

  @Test func `a range out of bounds stops the program`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer<UInt8>(repeating: 0, count: 4)
      buffer.fill(2..<5, with: 1)
    }
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer<UInt8>(repeating: 0, count: 4)
      buffer.copy(0..<3, of: Buffer(repeating: 0, count: 3), to: 2)
    }
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer<UInt8>(repeating: 0, count: 4)
      buffer.copy(1..<4, of: Buffer(repeating: 0, count: 3), to: 0)
    }
    await #expect(processExitsWith: .failure) {
      Buffer<UInt8>(repeating: 0, count: 4).withElements(-1..<2) { _ in }
    }
    await #expect(processExitsWith: .failure) {
      Buffer<UInt8>(repeating: 0, count: 4).withBytes(3..<5) { _ in }
    }
  }

  @Test func `a negative count stops the program`() async {
    await #expect(processExitsWith: .failure) { _ = Buffer<UInt8>(count: -1) }
  }
}
