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

  @Test func `filling and copying touch their ranges only`() {
    let source = Buffer<UInt8>(repeating: 1, count: 6)
    source.fill(2..<4, with: 9)
    let target = Buffer<UInt8>(repeating: 0, count: 6)
    target.copy(1..<4, of: source, to: 3)
    #expect((0..<6).map { target[$0] } == [0, 0, 0, 1, 9, 9])
    #expect(source.withElements(1..<5) { span in (0..<4).map { span[$0] } } == [1, 9, 9, 1])
  }

  @Test func `an index out of range stops the program`() async {
    await #expect(processExitsWith: .failure) {
      let buffer = Buffer<UInt8>(repeating: 0, count: 4)
      buffer[4] = 1
    }
    await #expect(processExitsWith: .failure) {
      let buffer = Buffer<UInt8>(repeating: 0, count: 4)
      _ = buffer[-1]
    }
  }
}
