import BytePrediction
import Files
import Testing

@Suite("Memory of predictors")
struct PredictorMemoryTests {
  private static let image: [UInt8] = (0..<3 * 4096 + 10).map { UInt8(truncatingIfNeeded: $0 / 7) }

  private func memory(_ range: Range<Int>) -> PredictorMemory {
    PredictorMemory(Self.image.withUnsafeBytes { Bytes(copying: $0) }, range)
  }

  @Test("Blocks follow one another at multiples of the alignment")
  func blocksAreAligned() throws {
    var memory = memory(4096..<Self.image.count)
    let first: Buffer<UInt8> = try memory.next("first", count: 5)
    let second: Buffer<UInt16> = try memory.next("second", count: 5)
    #expect((0..<5).map { first[$0] } == Array(Self.image[4096..<4101]))
    #expect(second[1] == UInt16(Self.image[8194]) | UInt16(Self.image[8195]) << 8)
    #expect(!memory.isAtEnd)
    let third: Buffer<UInt8> = try memory.next("third", count: 10)
    #expect(third[9] == Self.image[Self.image.count - 1])
    #expect(memory.isAtEnd)
  }

  @Test(
    "A block that does not fit is refused by its name",
    arguments: [11, 4096, 1 << 40, -1, Int.max]
  )
  func blocksAreChecked(count: Int) throws {
    var memory = memory(3 * 4096..<Self.image.count)
    #expect(throws: PredictorError("late")) {
      let _: Buffer<UInt8> = try memory.next("late", count: count)
    }
  }
}
