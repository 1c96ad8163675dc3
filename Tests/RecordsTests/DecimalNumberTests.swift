import Records
import Testing

struct DecimalNumberTests {
  private func read(_ text: String) -> Double? {
    DecimalNumber.read(Array(text.utf8).span)
  }

  @Test(arguments: [
    "0", "-0.5", "+3", "1e-300", "0.1", "123456789012345678901", "1.7976931348623157e308",
  ])
  func `numbers are the nearest doubles`(_ text: String) {
    #expect(read(text) == Double(text))
  }

  @Test(arguments: ["", "-", ".", "1.2.3", "0x10", "nan", "1,5", "one", "1e"])
  func `what is no decimal number is none`(_ text: String) {
    #expect(read(text) == nil)
  }

  @Test func `infinities have their words`() {
    #expect(read("-inf") == -.infinity)
    #expect(read("Infinity") == .infinity)
  }
}
