/// A whole page in one self-contained file.
///
/// Its security policy makes browsers refuse to load anything else, and to run any script but the
/// page's.
package struct Page: Sendable, Equatable {
  /// The name of the page in a browser.
  package var title: String

  /// The content.
  package var body: HTML

  private var script: PageScript?
  private var style: HTML

  /// A page with the style of all pages, and optionally a `script` and a further `style`.
  ///
  /// - Precondition: the style sheet has no `<` and no `&`.
  package init(
    title: String,
    script: PageScript? = nil,
    style: StaticString? = nil,
    @HTMLBuilder body: () -> HTML
  ) {
    self.title = title
    self.script = script
    self.style = style.map { HTML(styleSheet: $0) } ?? HTML()
    self.body = body()
  }

  /// The file's text.
  package var markup: String {
    let page = HTML("html", ["lang": "en"]) {
      HTML("head") {
        HTML("meta", ["charset": "utf-8"])
        HTML("title") { title }
        HTML("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        HTML("meta", ["name": "color-scheme", "content": "light dark"])
        HTML(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'"
              + (script == nil ? "" : "; script-src 'unsafe-inline'"),
          ]
        )
        HTML(styleSheet: styleSheet)
        style
      }
      HTML("body") {
        body
        if let script { script.html }
      }
    }
    return "<!DOCTYPE html>\n\(page.markup)\n"
  }
}

/// The script of a page: a program, and the numbers that it works on.
///
/// The program reads them as `JSON.parse(document.getElementById("data").textContent)`. It runs
/// once all of the page is there.
package struct PageScript: Sendable, Equatable {
  /// JavaScript, written as part of this program.
  package var program: String

  /// The data of the program, as JSON; texts in it may hold anything.
  package var data: String

  /// A program and its numbers.
  ///
  /// - Precondition: the program has no `]]>` and no `</`, which would end it early.
  package init(program: StaticString, data: String) {
    self.program = program.description
    self.data = data
    precondition(
      !self.program.contains("]]>") && !self.program.contains("</"),
      "a program ends where its element does"
    )
  }

  /// Both, as they stand at the end of a page.
  var html: HTML { HTML(json: data, id: "data") + HTML(program: program) }
}
