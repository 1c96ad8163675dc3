import Statistics
import Testing

struct HolmTests {
  @Test func `a worked example`() {
    // Ascending 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04, and the last
    // is not below the one before it.
    let adjusted = Holm.adjusted([0.01, 0.04, 0.03, 0.005])
    #expect(zip(adjusted, [0.03, 0.06, 0.06, 0.02]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test func `one comparison is not corrected, and none is nothing`() {
    #expect(Holm.adjusted([0.3]) == [0.3])
    #expect(Holm.adjusted([]) == [])
  }

  @Test func `a corrected p-value is at most one, not below the plain one, and in the same order`()
  {
    let plain = [0.9, 0.2, 0.2, 0.001, 0.5, 0.04]
    let adjusted = Holm.adjusted(plain)
    #expect(zip(plain, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
    for (left, right) in plain.indices.flatMap({ i in plain.indices.map { (i, $0) } })
    where plain[left] <= plain[right] {
      #expect(adjusted[left] <= adjusted[right])
    }
  }
}
