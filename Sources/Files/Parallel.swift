import CLibrary
import Dispatch
import Synchronization

/// Threads for work that falls into independent pieces.
///
/// The pieces have numbers, and workers take them in the order of the numbers: one worker on the
/// caller's thread, the others on threads of the system's pool. No worker waits for another, so a
/// loop inside a loop, or on a thread of a busy pool, cannot be stuck.
///
///     let squares = Parallel.map(4, threads: 2) { $0 * $0 }        // [0, 1, 4, 9]
public enum Parallel {
  /// The number of processors.
  public static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Calls `body` once for each number below `count`, on at most `threads` threads.
  ///
  /// - Throws: the error of the lowest-numbered call that failed; numbers above it may not have had
  ///   their call.
  public static func forEach<Failure: Error>(
    _ count: Int,
    threads: Int,
    _ body: @Sendable (_ index: Int) throws(Failure) -> Void
  ) throws(Failure) {
    try work(count, threads) { (_, next: () -> Int?, failed) in
      while let index = next() {
        do throws(Failure) { try body(index) } catch { return failed(index, error) }
      }
    }
  }

  /// Calls `body` once for each number below `count`; each worker passes its own `state`.
  ///
  /// `state` gets the worker's number, from 0. Errors are those of ``forEach(_:threads:_:)``.
  public static func forEach<State: ~Copyable, Failure: Error>(
    _ count: Int,
    threads: Int,
    state makeState: @Sendable (_ worker: Int) -> State,
    _ body: @Sendable (_ state: inout State, _ index: Int) throws(Failure) -> Void
  ) throws(Failure) {
    try work(count, threads) { (worker, next: () -> Int?, failed) in
      var state = makeState(worker)
      while let index = next() {
        do throws(Failure) { try body(&state, index) } catch { return failed(index, error) }
      }
    }
  }

  /// Returns the results of `body` for the numbers below `count`, in the order of the numbers.
  ///
  /// Each worker passes its own `state`. Errors are those of ``forEach(_:threads:_:)``.
  public static func map<Result: Sendable, Failure: Error>(
    _ count: Int,
    threads: Int,
    _ body: @Sendable (_ index: Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    try map(count, threads: threads, state: { _ in }) { (_, index) throws(Failure) in
      try body(index)
    }
  }

  /// Returns the results of `body` for the numbers below `count`, in the order of the numbers.
  ///
  /// Each worker passes its own `state`. Errors are those of ``forEach(_:threads:_:)``.
  public static func map<State: ~Copyable, Result: Sendable, Failure: Error>(
    _ count: Int,
    threads: Int,
    state makeState: @Sendable (_ worker: Int) -> State,
    _ body: @Sendable (_ state: inout State, _ index: Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    let found = Mutex<[(index: Int, result: Result)]>([])
    try forEach(count, threads: threads, state: makeState) { (state, index) throws(Failure) in
      let result = try body(&state, index)
      found.withLock { $0.append((index, result)) }
    }
    return found.withLock { $0.sorted { $0.index < $1.index }.map(\.result) }
  }

  /// Has workers take the numbers below `count`; the first worker runs on the caller's thread.
  private static func work<Failure: Error>(
    _ count: Int,
    _ threads: Int,
    _ worker:
      @Sendable (
        _ number: Int,
        _ next: () -> Int?,
        _ failed: (_ index: Int, Failure) -> Void
      ) -> Void
  ) throws(Failure) {
    let indices = IndexDispenser(count)
    let failure = Mutex<(index: Int, error: Failure)?>(nil)
    @Sendable func run(_ number: Int) {
      worker(number, { indices.take() }) { index, error in
        indices.close()
        failure.withLock { first in
          if index < first?.index ?? .max { first = (index, error) }
        }
      }
    }
    let workers = min(threads, count)
    if workers > 1 {
      DispatchQueue.concurrentPerform(iterations: workers, execute: run)
    } else if count > 0 {
      run(0)
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }
}

extension Parallel {
  /// Runs `work` on `threads` threads; the caller runs `body` first, then helps.
  ///
  /// `work` takes pieces until none are left, and must not wait for another thread. Threads that
  /// come too late to find a piece are not waited for.
  ///
  /// - Throws: the error of `body`, after `work` is done.
  public static func run<Result>(
    on threads: Int,
    _ work: @escaping @Sendable () -> Void,
    onCaller body: () throws -> Result
  ) rethrows -> Result {
    let helpers = Helpers()
    for _ in 0..<max(0, threads - 1) {
      DispatchQueue.global().async { helpers.join(work) }
    }
    defer {
      work()
      helpers.dismiss()
    }
    return try body()
  }

  /// The threads that help with a piece of work.
  private final class Helpers: Sendable {
    private struct State {
      var isOpen = true
      var busyCount = 0
    }

    private let state = Mutex(State())
    private let lastIsDone = DispatchSemaphore(value: 0)

    /// Does `work`, if help is still wanted.
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

    /// Waits for the helpers that have begun, and lets no other begin.
    func dismiss() {
      let isBusy = state.withLock { state in
        state.isOpen = false
        return state.busyCount > 0
      }
      if isBusy { lastIsDone.wait() }
    }
  }
}

/// The numbers from 0 up, handed out to threads, each number once.
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

  /// Hands out no more numbers.
  func close() { next.store(count, ordering: .relaxed) }
}
