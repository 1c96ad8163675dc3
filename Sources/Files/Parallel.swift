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

extension Parallel {
  /// Runs `work` on so many threads at once, one of them the caller's, which does `own` before.
  ///
  /// `work` takes pieces until none are left, and must not wait for another thread. Threads that
  /// come too late to find a piece are not waited for, so who runs on a thread of a busy pool cannot
  /// be stuck.
  ///
  /// - Throws: what `own` throws, after `work` is done.
  public static func run<Result>(
    on threads: Int,
    _ work: @escaping @Sendable () -> Void,
    besides own: () throws -> Result
  ) rethrows -> Result {
    let crew = Helpers()
    for _ in 0..<max(0, threads - 1) {
      DispatchQueue.global().async { crew.join(work) }
    }
    defer {
      work()
      crew.dismiss()
    }
    return try own()
  }

  /// The threads that help with a piece of work.
  private final class Helpers: Sendable {
    private struct State {
      var isOpen = true
      var busyCount = 0
    }

    private let state = Mutex(State())
    private let lastIsDone = DispatchSemaphore(value: 0)

    /// Does `work`, if the crew is still wanted.
    func join(_ work: () -> Void) {
      let isWanted = state.withLock { state in
        if state.isOpen { state.busyCount += 1 }
        return state.isOpen
      }
      guard isWanted else { return }
      work()
      let isLast = state.withLock { state in
        state.busyCount -= 1
        return !state.isOpen && state.busyCount == 0
      }
      if isLast { lastIsDone.signal() }
    }

    /// Waits for those who have begun, and lets nobody begin.
    func dismiss() {
      let isBusy = state.withLock { state in
        state.isOpen = false
        return state.busyCount > 0
      }
      if isBusy { lastIsDone.wait() }
    }
  }
}

/// Hands out the numbers from 0 up to threads, each number once.
public final class IndexDispenser: Sendable {
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
