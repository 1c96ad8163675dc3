import InformationTheory
import Testing

@testable import BytePrediction

@Suite struct PredictorMemoryTests {
  /// The next table of `memory`.
  private func next(
    _ memory: inout PredictorMemory,
    count: Int
  ) throws(PredictorError) -> [UInt8] {
    let table: UncheckedBuffer<UInt8> = try memory.next("table", count: count)
    return (0..<count).map { table[$0] }
  }

  @Test(arguments: 0..<40)
  func `tables of any size and any zeros come back`(seed: UInt64) throws {
    var numbers = SplitMix64(seed: seed)
    let tables = (0..<3).map { _ in
      let density = UInt64.random(in: 0...8, using: &numbers)
      return (0..<Int.random(in: 0...1500, using: &numbers)).map { _ in
        numbers.next() % 8 < density ? UInt8(truncatingIfNeeded: numbers.next()) : 0
      }
    }
    var memory = BytePredictionTests.memory(tables.flatMap { imageOfTable($0) })
    for table in tables {
      #expect(!memory.isAtEnd)
      #expect(try next(&memory, count: table.count) == table)
    }
    #expect(memory.isAtEnd)
  }

  @Test func `zeros take a bit for four of them`() {
    #expect(
      imageOfTable([UInt8](repeating: 0, count: 1 << 16)).count == 8 + (1 << 16) / 32
    )
  }

  @Test(arguments: [0, 9, 11, 4096, 1 << 40, -1, Int.max])
  func `a table of another size is refused by its name`(count: Int) throws {
    var memory = BytePredictionTests.memory(
      imageOfTable([UInt8](repeating: 7, count: 40))
    )
    #expect(throws: PredictorError("late")) {
      let _: UncheckedBuffer<UInt32> = try memory.next("late", count: count)
    }
  }

  @Test func `memory that is cut short or has any byte changed is refused or read in bounds`() {
    let image = imageOfTable((0..<700).map { UInt8(truncatingIfNeeded: $0 / 3) })
    for end in stride(from: 0, to: image.count, by: 8) {
      var memory = BytePredictionTests.memory(Array(image[..<end]))
      #expect(throws: PredictorError("table")) {
        try next(&memory, count: 700)
      }
    }
    for index in image.indices {
      var damaged = image
      damaged[index] ^= 0x81
      var memory = BytePredictionTests.memory(damaged)
      do {
        #expect(try next(&memory, count: 700).count == 700)
      } catch {
        #expect(error == PredictorError("table"))
      }
    }
  }
}
