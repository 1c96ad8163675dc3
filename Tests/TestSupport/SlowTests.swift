import Foundation
package import Testing

extension Trait where Self == ConditionTrait {
  /// The test runs only where the environment has `PERPLEX_SLOW_TESTS=1`.
  package static var slow: ConditionTrait {
    .enabled(if: isWantedSlow, "slow: runs where PERPLEX_SLOW_TESTS=1")
  }
}

/// True if slow tests run, and other tests run all of their cases.
package let isWantedSlow = ProcessInfo.processInfo.environment["PERPLEX_SLOW_TESTS"] == "1"
