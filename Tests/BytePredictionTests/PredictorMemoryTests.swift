import BytePrediction
import Files
import InformationTheory
import TestSupport
import Testing

@Suite("Memory of predictors")
struct PredictorMemoryTests {
  private static func image(_ blocks: [UInt8]...) -> [UInt8] {
    var image: [UInt8] = []
    for block in blocks {
      block.withUnsafeBytes { PredictorMemory.write($0) { image += $0 } }
    }
    return image
  }

  private static func memory(_ image: [UInt8]) -> PredictorMemory {
    PredictorMemory(image.withUnsafeBytes { Bytes(copying: $0) }, 0..<image.count)
  }

  @Test("Blocks of any size and any zeros come back", arguments: 0..<40)
  func blocksComeBack(seed: UInt64) throws {
    var numbers = SplitMix64(seed: seed)
    let blocks = (0..<3).map { _ in
      let density = UInt64.random(in: 0...8, using: &numbers)
      return (0..<Int.random(in: 0...1500, using: &numbers)).map { _ in
        numbers.next() % 8 < density ? UInt8(truncatingIfNeeded: numbers.next()) : 0
      }
    }
    var memory = Self.memory(Self.image(blocks[0], blocks[1], blocks[2]))
    for block in blocks {
      #expect(!memory.isAtEnd)
      let buffer: Buffer<UInt8> = try memory.next("block", count: block.count)
      #expect((0..<block.count).map { buffer[$0] } == block)
    }
    #expect(memory.isAtEnd)
  }

  @Test("Zeros take a bit for four of them")
  func zerosAreCheap() {
    #expect(Self.image([UInt8](repeating: 0, count: 1 << 16)).count == 8 + (1 << 16) / 32)
  }

  @Test(
    "A block of another size is refused by its name",
    arguments: [0, 9, 11, 4096, 1 << 40, -1, Int.max]
  )
  func sizesAreChecked(count: Int) throws {
    var memory = Self.memory(Self.image([UInt8](repeating: 7, count: 40)))
    #expect(throws: PredictorError("late")) {
      let _: Buffer<UInt32> = try memory.next("late", count: count)
    }
  }

  @Test("Memory that is cut short or has any byte changed is refused or read in bounds")
  func damageIsHarmless() {
    let image = Self.image((0..<700).map { UInt8(truncatingIfNeeded: $0 / 3) })
    for end in stride(from: 0, to: image.count, by: 8) {
      var memory = Self.memory(Array(image[..<end]))
      #expect(throws: PredictorError("block")) {
        let _: Buffer<UInt8> = try memory.next("block", count: 700)
      }
    }
    for index in image.indices {
      var damaged = image
      damaged[index] ^= 0x81
      var memory = Self.memory(damaged)
      do {
        let buffer: Buffer<UInt8> = try memory.next("block", count: 700)
        let count = buffer.count
        #expect(count == 700)
      } catch {
        #expect(error == PredictorError("block"))
      }
    }
  }
}
