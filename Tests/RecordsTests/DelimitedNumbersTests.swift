import Records
import Testing

struct DelimitedNumbersTests {
  private func number(_ text: String, _ delimiter: Character) -> Double? {
    let fields = DelimitedFields(delimiter: delimiter.asciiValue ?? 0)
    return fields.number(Array(text.utf8).span)
  }

  @Test(arguments: [
    ("0.5", 0.5), ("-1e3", -1000), ("0,5", 0.5), ("-0,125", -0.125), ("1,5", 1.5), ("50%", 0.5),
    ("12,5 %", 0.125), ("inf", .infinity),
  ])
  func `decimal commas and per cent signs are read`(_ text: String, _ value: Double) {
    for delimiter: Character in [",", ";", "\t"] { #expect(number(text, delimiter) == value) }
  }

  @Test func `a comma before three digits is decimal between semicolons alone`() {
    #expect(number("1,234", ";") == 1.234)
    #expect(number("1,234", ",") == nil)
    #expect(number("-12,345", "\t") == nil)
    #expect(number("0,234", "\t") == 0.234)
  }

  @Test(arguments: ["", "%", "%%", "5%%", "1.234,5", "1,2,3", ",", "a", "nan", "0x1"])
  func `what is no number is none`(_ text: String) {
    for delimiter: Character in [",", ";", "\t"] { #expect(number(text, delimiter) == nil) }
  }
}
