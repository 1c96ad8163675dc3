import Dispatch
import Synchronization

/// A section of code that threads run one after the other, in a fixed order.
///
/// It joins results in the order of the input, while the rest of the work is parallel.
public final class OrderedSection: Sendable {
  private let signals: [DispatchSemaphore]

  /// A section for at most `threads` concurrent pieces of work.
  public init(threads: Int) {
    signals = (0..<max(1, threads)).map { _ in DispatchSemaphore(value: 0) }
    signals[0].signal()
  }

  /// Waits until the turns 0 ..< `number` are over, then runs `body`, whose end ends the turn.
  ///
  /// Every number must have its turn, or those after it wait for ever: so `body` cannot throw.
  public func take<Result: ~Copyable>(_ number: Int, _ body: () -> Result) -> Result {
    signals[number % signals.count].wait()
    defer { signals[(number + 1) % signals.count].signal() }
    return body()
  }
}
