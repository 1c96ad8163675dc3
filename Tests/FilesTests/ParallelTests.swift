import Files
import Testing

@Suite struct ParallelTests {
  private struct Failure: Error, Equatable { var index: Int }

  @Test(arguments: [1, 2, 7, 100])
  func `results come in the order of their calls`(count: Int) throws {
    #expect(try Parallel.run(count) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  @Test func `the lowest-numbered failure is thrown`() {
    #expect(throws: Failure(index: 3)) {
      try Parallel.run(20) { index in
        if index >= 3 { throw Failure(index: index) }
        return index
      }
    }
  }

  @Test func `a dispenser hands out each number once`() throws {
    let dispenser = Dispenser(10_000)
    let taken = try Parallel.run(4) { _ in
      var mine: [Int] = []
      while let number = dispenser.take() { mine.append(number) }
      return mine
    }
    #expect(taken.joined().sorted() == Array(0..<10_000))
  }
}
