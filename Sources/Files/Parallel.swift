import Dispatch
import Glibc
import Synchronization

/// Threads for work that falls into independent pieces.
public enum Parallel {
  /// The number of processors.
  public static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Runs `body` for 0 ..< `count` on so many threads, and gives the results in that order.
  ///
  /// - Throws: what the lowest-numbered failing call threw.
  public static func run<Result: Sendable>(
    _ count: Int,
    _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    if count == 1 { return [try body(0)] }
    let slots = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result = Swift.Result { try body(index) }
      slots.withLock { $0[index] = result }
    }
    return try slots.withLock { slots in
      try (0..<count).map { index in
        guard let slot = slots[index] else { preconditionFailure("every call leaves a result") }
        return try slot.get()
      }
    }
  }
}

/// Hands out the numbers from 0 up to threads, each number once.
public final class Dispenser: Sendable {
  private let next = Atomic<Int>(0)
  private let count: Int

  /// Hands out the numbers below `count`.
  public init(_ count: Int) { self.count = count }

  /// The next number, or nil when all are taken.
  public func take() -> Int? {
    let number = next.add(1, ordering: .relaxed).oldValue
    return number < count ? number : nil
  }
}
