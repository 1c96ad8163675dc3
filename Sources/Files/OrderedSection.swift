import Dispatch
import Synchronization

/// Lets threads do one part of their work one after the other, in an order fixed beforehand.
///
/// For results that must be put together in the order of the input while everything else about
/// them is done at the same time.
public final class OrderedSection: Sendable {
  private let signals: [DispatchSemaphore]

  /// Turns for work of which at most `threads` pieces are in hand at the same time.
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
