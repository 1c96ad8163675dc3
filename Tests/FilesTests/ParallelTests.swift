import Files
import Foundation
import Synchronization
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

  @Test(arguments: [0, 1, 2, 7])
  func `work is done once, whoever comes to help, and own work on the caller's thread`(
    threads: Int
  ) {
    let thread = UInt(pthread_self())
    for count in [0, 1, 1000] {
      let dispenser = IndexDispenser(count)
      let done = Atomic<Int>(0)
      let own = Parallel.run(on: threads) {
        while dispenser.take() != nil { done.add(1, ordering: .relaxed) }
      } besides: {
        UInt(pthread_self())
      }
      #expect(own == thread)
      #expect(done.load(ordering: .relaxed) == count)
    }
  }

  @Test func `own work that fails lets the other be done`() {
    let dispenser = IndexDispenser(1000)
    #expect(throws: Failure(index: 1)) {
      try Parallel.run(on: 2) {
        while dispenser.take() != nil {}
      } besides: {
        throw Failure(index: 1)
      }
    }
    #expect(dispenser.take() == nil)
  }

  @Test func `there is a processor`() {
    #expect(Parallel.processorCount >= 1)
  }

  @Test func `a dispenser hands out each number once`() throws {
    let dispenser = IndexDispenser(10_000)
    let taken = try Parallel.run(4) { _ in
      var mine: [Int] = []
      while let number = dispenser.take() { mine.append(number) }
      return mine
    }
    #expect(taken.allSatisfy { $0 == $0.sorted() })
    #expect(taken.joined().sorted() == Array(0..<10_000))
    #expect(dispenser.take() == nil)
    #expect(IndexDispenser(0).take() == nil)
  }
}
