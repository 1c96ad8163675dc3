import Files
import Foundation
import Testing

@Suite struct ParallelTests {
  private struct Failure: Error, Equatable { var index: Int }

  @Test(arguments: [0, 1, 2, 7, 100])
  func `results come in the order of their calls`(count: Int) throws {
    // The first calls take the longest.
    let results = try Parallel.run(count) { index in
      usleep(UInt32(max(0, 20 - index)) * 100)
      return index * index
    }
    #expect(results == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: [0, 3, 19])
  func `the lowest-numbered failure is thrown`(first: Int) {
    #expect(throws: Failure(index: first)) {
      try Parallel.run(20) { index in
        if index >= first { throw Failure(index: index) }
        return index
      }
    }
  }

  @Test func `one call runs on the caller's own thread`() throws {
    let thread = UInt(pthread_self())
    #expect(try Parallel.run(1) { _ in UInt(pthread_self()) } == [thread])
    #expect(throws: Failure(index: 0)) { try Parallel.run(1) { throw Failure(index: $0) } }
  }

  @Test func `there is a processor`() {
    #expect(Parallel.processorCount >= 1)
  }

  @Test func `a dispenser hands out each number once`() throws {
    let dispenser = Dispenser(10_000)
    let taken = try Parallel.run(4) { _ in
      var mine: [Int] = []
      while let number = dispenser.take() { mine.append(number) }
      return mine
    }
    #expect(taken.allSatisfy { $0 == $0.sorted() })
    #expect(taken.joined().sorted() == Array(0..<10_000))
    #expect(dispenser.take() == nil)
    #expect(Dispenser(0).take() == nil)
  }
}
