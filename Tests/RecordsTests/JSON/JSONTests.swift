import Foundation
import Testing

@testable import Records

@Suite struct JSONTests {
  private func parse(_ text: String) throws -> JSONItem { try parse(Array(text.utf8)) }

  private func parse(_ text: [UInt8]) throws -> JSONItem {
    let nodes = try JSONParser.parse(text.span).nodes
    return JSONDocument(bytes: text, byteOffset: 0, line: 1, nodes: nodes).root
  }

  private func failure(_ text: [UInt8]) -> JSONParser.Failure? {
    do {
      _ = try parse(text)
      return nil
    } catch { return error as? JSONParser.Failure }
  }

  @Test func `values are found by name and in order`() throws {
    let item = try parse(#" {"a": [1, -2.5e3, true, null], "b": {"c": "x"}, "a\u0062": 0} "#)
    #expect(item["a"]?.elements.map(\.kind) == [.number, .number, .boolean, .null])
    #expect(item["a"]?.elements.compactMap(\.number) == [1, -2500])
    #expect(item["a"]?.count == 4)
    #expect(item["b"]?["c"]?.text == "x")
    #expect(item["c"] == nil)
    #expect(item.members.count == 3)
    #expect(item["a"]?.byteOffset == 7)
  }

  @Test func `of two members of one name the last counts`() throws {
    #expect(try parse(#"{"a": 1, "a": 2}"#)["a"]?.integer == 2)
  }

  @Test(arguments: [
    (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9é""#, "éé"),
    (#""\ud83d\ude00""#, "😀"), (#""\uD83Dx""#, "\u{FFFD}x"), (#""\ude00""#, "\u{FFFD}"),
    (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""""#, ""),
  ])
  func `escapes are decoded and half surrogates replaced`(source: String, text: String) throws {
    let string = try #require(try parse(source).string)
    #expect(String(decoding: string.bytes, as: UTF8.self) == text)
    #expect(string.hasReplacements == text.contains("\u{FFFD}"))
  }

  @Test func `surrogates of Python's surrogateescape are the bytes they stand for`() throws {
    let string = try #require(try parse(#""\udce2\udc80\udc99""#).string)
    #expect(string.bytes == [0xe2, 0x80, 0x99])
    #expect(!string.hasReplacements)
  }

  @Test func `numbers have the nearest double, also those that Python writes without the standard`()
    throws
  {
    for value in [
      0, -0.0, 0.1, -1e-300, Double.leastNonzeroMagnitude, 1.7976931348623157e308,
      -6.242194652557373,
    ] {
      #expect(try parse("\(value)").number?.bitPattern == value.bitPattern)
    }
    #expect(try parse("NaN").number?.isNaN == true)
    #expect(try parse("Infinity").number == .infinity)
    #expect(try parse("-Infinity").number == -.infinity)
    #expect(try parse(#""-inf""#).number == -.infinity)
    #expect(try parse(#""-12.5""#).number == -12.5)
    #expect(try parse(#""0x1p3""#).number == nil)
    #expect(try parse("1.5").integer == nil)
    #expect(try parse("-9999").integer == -9999)
  }

  @Test(arguments: [
    ("[1, 2", 5, true), ("[1 2]", 3, false), ("{\"a\" 1}", 5, false), ("{\"a\":}", 5, false),
    ("{a: 1}", 1, false), ("01", 0, false), ("-", 1, true), ("1.", 2, true), ("1.e3", 2, false),
    ("+1", 0, false), ("tru", 3, true), ("trux", 0, false), ("\"a", 2, true), ("\"\\x\"", 2, false),
    ("\"\\u12g4\"", 5, false), ("[1,]", 3, false), ("{\"a\":1,}", 7, false), ("", 0, true),
    ("\"a\u{1}\"", 2, false), ("nul", 3, true), ("-Infinitx", 0, false), ("'a'", 0, false),
  ])
  func `what is not JSON is refused where it is not`(text: String, position: Int, isCut: Bool) {
    let failure = failure(Array(text.utf8))
    #expect(failure?.position == position)
    #expect(failure?.isTruncated == isCut)
  }

  @Test func `bytes that are not UTF-8 are refused at their place`() {
    #expect(failure([0x22, 0x61, 0xff, 0x22])?.position == 2)
    #expect(failure([0x22, 0xe2, 0x80, 0x22])?.position == 1)
  }

  @Test func `depth is bounded`() throws {
    let limit = JSONParser.depthLimit
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(limit))
    #expect(failure(Array(nested(limit + 1).utf8))?.position == limit)
  }

  @Test func `every beginning of a text is cut short and nothing else`() throws {
    let text = Array(#"{"a": [1.5e-3, "\u00e9\n", {"b": null}], "c": -Infinity}"#.utf8)
    for count in 0..<text.count {
      #expect(failure(Array(text[..<count]))?.isTruncated == true, "\(count) bytes")
    }
  }

  @Test func `no byte changed makes the reader crash`() throws {
    let text = Array(#"{"a": [1.5, "\u00e9", {"b": null}], "c": "\ud83d\ude00"}"#.utf8)
    for index in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[index] = byte
        guard let item = try? parse(changed) else { continue }
        for member in item.members {
          _ = (member.name.text, member.value.number, member.value.text, member.value.count)
        }
      }
    }
  }
}
