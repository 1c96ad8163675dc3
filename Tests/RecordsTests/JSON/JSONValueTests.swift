import Foundation
import Records
import Testing

@Suite struct `JSON values` {
  static let report: JSONValue = [
    "zebra": 12, "apple": .double(12), "none": nil, "yes": true, "list": [1, 2.5, "x", []],
    "object": ["a": [:]], "seed": .unsigned(.max),
  ]

  @Test func `members keep their order`() {
    #expect(
      Self.report.description == """
        {"zebra":12,"apple":12.0,"none":null,"yes":true,"list":[1,2.5,"x",[]],\
        "object":{"a":{}},"seed":18446744073709551615}
        """
    )
  }

  @Test func `pretty values are indented by two blanks`() {
    let value: JSONValue = ["a": [1, ["b": "c"]], "d": [], "e": [:]]
    #expect(
      value.prettyPrinted == """
        {
          "a": [
            1,
            {
              "b": "c"
            }
          ],
          "d": [],
          "e": {}
        }
        """
    )
  }

  @Test(arguments: [
    ("a\"b", #""a\"b""#), ("\\", #""\\""#), ("\n\r\t\u{8}\u{C}", #""\n\r\t\b\f""#),
    ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#), ("日本 é 👍", #""日本 é 👍""#), ("/", #""/""#),
    ("\r\n", #""\r\n""#),
  ])
  func `strings are escaped`(text: String, json: String) {
    #expect(JSONValue.string(text).description == json)
  }

  @Test(arguments: [
    (0.1, "0.1"), (12, "12.0"), (-0.0, "-0.0"), (1e-8, "1e-08"), (1e300, "1e+300"),
    (.leastNonzeroMagnitude, "5e-324"), (.infinity, "\"inf\""), (-.infinity, "\"-inf\""),
    (.nan, "\"nan\""),
    (0.1 + 0.2, "0.30000000000000004"),
  ])
  func `doubles are unrounded, and strings where JSON has no word`(value: Double, json: String) {
    #expect(JSONValue.double(value).description == json)
  }

  @Test(arguments: [
    0.1, 1.0 / 3, 1e-8, .pi * 1e200, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 12,
  ])
  func `another reader finds the same double`(value: Double) throws {
    let data = Data(JSONValue.array([.double(value)]).description.utf8)
    let read = try #require(try JSONSerialization.jsonObject(with: data) as? [Double])
    #expect(read == [value])
  }

  @Test func `another reader finds every scalar in a string`() throws {
    // One of each block of 61 scalars, and all of ASCII.
    let values = Array(0...0x7F) + stride(from: UInt32(0x80), to: 0x110000, by: 61)
    var text = ""
    for scalar in values.compactMap(Unicode.Scalar.init) { text.unicodeScalars.append(scalar) }
    let value: JSONValue = [text: .string(text)]
    for json in [value.description, value.prettyPrinted] {
      let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String]
      #expect(read?.first?.value.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
      #expect(read?.first?.key.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    }
  }

  @Test func `absent values are null, and members are found by name`() {
    #expect(JSONValue(Double?.none) == .null)
    #expect(JSONValue(Int?(3)) == .integer(3))
    #expect(Self.report["apple"] == .double(12))
    #expect(Self.report["pear"] == nil)
  }
}
