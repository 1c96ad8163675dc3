import Files
import Foundation
import Synchronization
import Testing

@Suite struct ParallelTests {
  private struct Failure: Error, Equatable { var index: Int }

  @Test(arguments: [0, 1, 2, 7, 100], [1, 2, 5])
  func `results come in the order of their numbers`(count: Int, threads: Int) {
    // The first calls take the longest.
    let results = Parallel.map(count, threads: threads) { index in
      usleep(UInt32(max(0, 20 - index)) * 100)
      return index * index
    }
    #expect(results == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: [0, 3, 19], [1, 4])
  func `the lowest-numbered failure is thrown`(first: Int, threads: Int) {
    #expect(throws: Failure(index: first)) {
      try Parallel.map(20, threads: threads) { index in
        if index >= first { throw Failure(index: index) }
        return index
      }
    }
    #expect(throws: Failure(index: first)) {
      try Parallel.forEach(20, threads: threads) { index in
        if index >= first { throw Failure(index: index) }
      }
    }
  }

  @Test func `a failure ends the handing out of numbers`() {
    let calls = Atomic<Int>(0)
    #expect(throws: Failure(index: 2)) {
      try Parallel.forEach(1000, threads: 1) { index in
        calls.add(1, ordering: .relaxed)
        if index == 2 { throw Failure(index: index) }
      }
    }
    #expect(calls.load(ordering: .relaxed) == 3)
  }

  @Test(arguments: [1, 2, 5])
  func `each worker has a state of its own`(threads: Int) {
    let sums = Mutex<[Int: Int]>([:])
    Parallel.forEach(1000, threads: threads, state: { (worker: $0, sum: 0) }) { state, index in
      state.sum += index
      sums.withLock { $0[state.worker] = state.sum }
    }
    let found = sums.withLock { $0 }
    #expect(found.values.reduce(0, +) == 999 * 1000 / 2)
    #expect(found.keys.allSatisfy { $0 < threads })
  }

  @Test func `one worker runs on the caller's own thread`() {
    let thread = UInt(pthread_self())
    #expect(Parallel.map(2, threads: 1) { _ in UInt(pthread_self()) } == [thread, thread])
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
      } onCaller: {
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
      } onCaller: {
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
    let taken = Parallel.map(4, threads: 4) { _ in
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
