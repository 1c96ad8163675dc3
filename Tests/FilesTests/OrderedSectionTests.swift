import Files
import Synchronization
import Testing

@Suite struct TurnsTests {
  @Test(arguments: [1, 2, 3, 8])
  func `turns come in the order of their numbers on any number of threads`(threads: Int) throws {
    let turns = OrderedSection(threads: threads)
    let numbers = IndexDispenser(500)
    let order = Mutex<[Int]>([])
    Parallel.forEach(threads, threads: threads) { _ in
      while let number = numbers.take() {
        turns.take(number) { order.withLock { $0.append(number) } }
      }
    }
    #expect(order.withLock { $0 } == Array(0..<500))
  }

  @Test func `a turn gives its result`() {
    let turns = OrderedSection(threads: 1)
    #expect((0..<3).map { number in turns.take(number) { number * 2 } } == [0, 2, 4])
  }
}
