/// The numbers n₁, n₂ and so on of n-grams of one order that occur once, twice and so on.
///
/// The counts are those that the method reads: occurrences, or different tokens before the n-gram.
package struct CountsOfCounts: Hashable, Sendable {
  /// The largest count that is tallied separately.
  package static let limit = 15

  private var numbers = [UInt64](repeating: 0, count: limit + 1)

  /// No n-gram yet.
  package init() {}

  /// The numbers of n-grams that occur once, twice and so on.
  package init(_ numbers: [UInt64]) {
    for (index, number) in numbers.prefix(Self.limit).enumerated() {
      self.numbers[index + 1] = number
    }
  }

  /// The number of n-grams that occur `count` times, `count` from 1 to ``limit``.
  package subscript(count: Int) -> UInt64 { numbers[count] }

  /// Adds an n-gram that occurs `count` times.
  mutating func add(_ count: Int) {
    if count <= Self.limit { numbers[count] += 1 }
  }

  /// Adds the n-grams of other counts.
  mutating func add(_ other: CountsOfCounts) {
    for index in numbers.indices { numbers[index] += other.numbers[index] }
  }
}

/// The counts of a context, the history that n-grams share: c(h) and N₁₊(h •).
package struct ContextCounts: Hashable, Sendable, BitwiseCopyable {
  /// The sum of the counts of the n-grams with this context.
  package var total: UInt64

  /// The number of different tokens that follow.
  package var types: UInt64

  /// The counts of a context.
  package init(total: UInt64, types: UInt64) {
    self.total = total
    self.types = types
  }
}
