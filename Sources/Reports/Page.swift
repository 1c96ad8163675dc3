/// A whole page in one file, which loads nothing from anywhere and runs no script.
///
/// That is not only so by its content: its security policy tells browsers to refuse both.
public struct Page: Sendable, Equatable {
  /// What a browser shows as the page's name.
  public var title: String

  /// What stands on it.
  public var body: HTML

  /// A page.
  public init(title: String, @HTMLBuilder body: () -> HTML) {
    self.title = title
    self.body = body()
  }

  /// The file's text.
  public var markup: String {
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
            "content": "default-src 'none'; style-src 'unsafe-inline'",
          ]
        )
        HTML(styleSheet: styleSheet)
      }
      HTML("body") { body }
    }
    return "<!DOCTYPE html>\n\(page.markup)\n"
  }
}
