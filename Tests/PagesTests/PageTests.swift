import Pages
import Testing

@Suite("Pages")
struct PageTests {
  @Test("a page without a script forbids scripts, one with a script nothing but its own text")
  func policy() throws {
    let silent = Page(title: "t") { HTML("p") { "x" } }.markup
    #expect(
      silent.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\"")
    )
    #expect(!silent.contains("<script"))
    let moving = Page(title: "t", script: PageScript(program: "1;", data: "{}")) {
      HTML("p") { "x" }
    }.markup
    #expect(moving.contains("script-src &#39;unsafe-inline&#39;"))
    #expect(!moving.contains("src=") && !moving.contains("href="))
  }

  @Test("data that looks like the end of its element stays data, and the page well-formed")
  func dataIsEscaped() throws {
    let data = #"{"text":"</script><script>alert(1)</script> & ]]> <!--"}"#
    let page = Page(
      title: "t",
      script: PageScript(program: "const a = 1 < 2 && 3 > 2;", data: data)
    ) { HTML("p") { "x" } }
    let elements = try #require(Elements(page.markup))
    let scripts = elements.named("script")
    try #require(scripts.count == 2)
    #expect(
      scripts[0].text
        == #"{"text":"\u003c/script\u003e\u003cscript\u003ealert(1)\u003c/script\u003e"#
        + #" \u0026 ]]\u003e \u003c!--"}"#
    )
    #expect(scripts[1].text.contains("const a = 1 < 2 && 3 > 2;"))
  }

  @Test("a page's own style stands after that of all pages")
  func ownStyle() throws {
    let page = Page(title: "t", style: "p { color: red; }") { HTML("p") { "x" } }
    let styles = try #require(Elements(page.markup)).named("style")
    #expect(styles.count == 2)
    #expect(styles.last?.text.contains("color: red") == true)
  }
}
