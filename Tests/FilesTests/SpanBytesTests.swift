import Files
import Testing

struct SpanBytesTests {
  private let bytes = Array("one\ntwo\n\nthree".utf8)

  @Test func `the first byte of a value is found from any start`() {
    #expect(bytes.span.firstIndex(of: 10) == 3)
    #expect(bytes.span.firstIndex(of: 10, from: 3) == 3)
    #expect(bytes.span.firstIndex(of: 10, from: 4) == 7)
    #expect(bytes.span.firstIndex(of: 10, from: 9) == nil)
    #expect(bytes.span.firstIndex(of: 10, from: bytes.count) == nil)
    #expect([UInt8]().span.firstIndex(of: 0) == nil)
  }

  @Test func `spans are equal where all their bytes are`() {
    for count in 0...40 {
      let left = (0..<count).map { UInt8($0) }
      #expect(left.span.isEqual(to: left.span) == true)
      #expect(left.span.isEqual(to: (left + [0]).span) == false)
      for index in 0..<count {
        var right = left
        right[index] ^= 0x80
        #expect(left.span.isEqual(to: right.span) == false, "byte \(index) of \(count)")
      }
    }
  }

  @Test func `a beginning is told, also where it is longer`() {
    #expect(bytes.span.starts(with: Array("one\n".utf8)) == true)
    #expect(bytes.span.starts(with: []) == true)
    #expect(bytes.span.starts(with: Array("two".utf8)) == false)
    #expect(bytes.span.starts(with: bytes + [0]) == false)
  }

  @Test func `a word has its first byte lowest, and ends inside`() async {
    #expect([UInt8](1...9).span.word(at: 1) == 0x0908_0706_0504_0302)
    await #expect(processExitsWith: .failure) { _ = [UInt8](1...9).span.word(at: 2) }
    await #expect(processExitsWith: .failure) { _ = [UInt8](1...7).span.word(at: 0) }
    await #expect(processExitsWith: .failure) { _ = [UInt8](1...9).span.word(at: -1) }
  }

  @Test func `texts and arrays are made of spans`() {
    #expect(String(decoding: bytes.span.extracting(0..<3), as: UTF8.self) == "one")
    #expect(String(decoding: [0x61, 0xff].span, as: UTF8.self) == "a\u{FFFD}")
    #expect(String(validating: [0x61, 0xff].span, as: UTF8.self) == nil)
    #expect(Array(bytes.span) == bytes)
    #expect([UInt16(0x0102)].withBytes { Array($0) } == [2, 1])
    #expect("aä".withBytes { Array($0) } == [0x61, 0xc3, 0xa4])
  }
}
