import Terminal
import Testing

@Suite struct `Numbers for people` {
  @Test(arguments: [
    (2.5, 3, "2.500"), (0.125, 2, "0.12"), (-0.001, 2, "0.00"), (1e20, 0, "100000000000000000000"),
    (.infinity, 2, "inf"), (-.infinity, 2, "-inf"), (.nan, 2, "nan"), (-1.5, 0, "-2"),
  ])
  func `fixed decimals`(value: Double, decimals: Int, text: String) {
    #expect(NumberFormat.fixed(value, decimals: decimals) == text)
  }

  @Test(arguments: [
    (141.2345, 4, "141.2"), (9.996, 3, "10.0"), (1234.5, 3, "1,230"), (0.00012345, 2, "0.00012"),
    (1.5e-8, 3, "1.50e-08"), (0, 3, "0.00"), (1e15, 2, "1.0e+15"), (-2, 1, "-2"),
    (123_456_789, 4, "123,500,000"), (.nan, 3, "nan"),
  ])
  func `digits that count`(value: Double, digits: Int, text: String) {
    #expect(NumberFormat.significant(value, digits: digits) == text)
  }

  @Test func `thousands are grouped by commas`() {
    #expect(NumberFormat.grouped(0) == "0")
    #expect(NumberFormat.grouped(999) == "999")
    #expect(NumberFormat.grouped(-1_000) == "-1,000")
    #expect(NumberFormat.grouped(UInt64.max) == "18,446,744,073,709,551,615")
    #expect(NumberFormat.grouped(1234567.891, decimals: 2) == "1,234,567.89")
    #expect(NumberFormat.grouped(-.infinity, decimals: 2) == "-inf")
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_300_000, "12.3 MB"), (999_960, "1.0 MB"),
    (-4_200, "-4.2 kB"), (.max, "9.2 EB"), (.min, "-9.2 EB"),
  ])
  func `bytes have a decimal unit`(count: Int, text: String) {
    #expect(NumberFormat.bytes(count) == text)
  }

  @Test(arguments: [
    (0, "0.0 ms"), (0.0042, "4.2 ms"), (0.042, "42 ms"), (0.45, "0.45 s"), (12.34, "12.3 s"),
    (59.96, "1 m 00 s"), (64, "1 m 04 s"), (7_500, "2 h 05 m"), (270_000, "3 d 03 h"),
    (-64, "-1 m 04 s"), (.infinity, "inf"),
  ])
  func `times have their two largest units`(seconds: Double, text: String) {
    #expect(NumberFormat.duration(seconds: seconds) == text)
  }

  @Test func `shares are in hundredths and counts have letters`() {
    #expect(NumberFormat.percent(0.4567) == "45.7 %")
    #expect(NumberFormat.percent(1, decimals: 0) == "100 %")
    #expect(NumberFormat.abbreviated(12_345_678) == "12.3 M")
    #expect(NumberFormat.abbreviated(999) == "999")
  }
}
