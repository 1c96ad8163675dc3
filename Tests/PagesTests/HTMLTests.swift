import Pages
import Testing

@Suite struct HTMLTests {
  @Test(arguments: [
    ("a < b && c > \"d\" 'e'", "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;"),
    ("</style><script>", "&lt;/style&gt;&lt;script&gt;"),
    ("&amp;", "&amp;amp;"),
    ("one\ttwo\nthree", "one\ttwo\nthree"),
    ("\u{0}\u{1B}[31m\r\u{7F}", "\u{2400}\u{241B}[31m\u{240D}\u{2421}"),
    ("\u{85}", "\u{FFFD}"),
    ("naïve 日本 👩‍🚀", "naïve 日本 👩‍🚀"),
    ("", ""),
  ])
  func `text is escaped`(text: String, markup: String) {
    #expect(HTML(text: text).markup == markup)
  }

  @Test func `what a text says is what a parser reads, as text and as attribute`() throws {
    let text = "<b>&\"'\t\n</b> ]]> <!-- & \\ é"
    let element = HTML("p", ["title": text]) { text }
    let parsed = try #require(Elements(element.markup)?.all.first)
    #expect(parsed.text == text)
    #expect(parsed.attributes == ["title": text])
  }

  @Test(arguments: [0xFFFE, 0xFFFF, 0xFDD0, 0x1_FFFF] as [UInt32])
  func `what is no character is replaced`(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(HTML(text: String(scalar)).markup == "\u{FFFD}")
  }

  @Test func `every scalar leaves a page well-formed`() throws {
    for range in [UInt32(0)...0x3FF, 0x1FF0...0x20FF, 0xFDC0...0x10_010, 0x1F_FF0...0x20_00F] {
      let text = String(String.UnicodeScalarView(range.compactMap { Unicode.Scalar($0) }))
      #expect(Elements(HTML("p", ["title": text]) { text }.markup) != nil)
    }
  }

  @Test func `elements nest, loop and leave out what does not apply`() {
    let isThere = false
    let html = HTML("ul", ["class": nil, "id": "list"]) {
      for word in ["a", "<"] { HTML("li") { word } }
      if isThere { HTML("li") { "never" } }
      HTML("br")
    }
    #expect(
      html.markup == "<ul id=\"list\"><li>a</li>\n<li>&lt;</li>\n<br/></ul>\n"
    )
    #expect(HTML("b") {}.markup == "<b></b>")
  }

  @Test func `a page is well-formed and loads nothing`() throws {
    let page = Page(title: "a & b") { HTML("p") { "text" } }
    let elements = try #require(Elements(page.markup))
    #expect(elements.named("title").map(\.text) == ["a & b"])
    #expect(elements.named("html").first?.attributes["lang"] == "en")
    for reference in ["http:", "https:", "src=", "url(", "@import", "<script", "<link"] {
      #expect(!page.markup.contains(reference))
    }
  }

  @Test func `a table says what its cells belong to`() throws {
    var table = ReportTable(caption: "Sizes & such", columns: [.text("name"), .number("bits")])
    table.append(["<a>", "1.5"])
    table.append([HTML("i") { "b" }, HTML(text: "2.5")])
    let elements = try #require(Elements(table.html.markup))
    #expect(elements.named("caption").map(\.text) == ["Sizes & such"])
    let heads = elements.named("th")
    #expect(heads.map(\.text) == ["name", "bits", "<a>", "b"])
    #expect(heads.map { $0.attributes["scope"] } == ["col", "col", "row", "row"])
    #expect(elements.named("td").map(\.text) == ["1.5", "2.5"])
    #expect(elements.named("td").allSatisfy { $0.attributes["class"] == "number" })
    #expect(elements.all.first?.attributes["tabindex"] == "0")
  }
}
