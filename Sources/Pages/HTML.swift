/// A piece of a page: markup in which everything that came as text is escaped.
///
/// ```swift
/// HTML("p", ["class": "note"]) { "a < b" }  // <p class="note">a &lt; b</p>
/// ```
///
/// Names of elements and attributes are literals of the program; text and the values of attributes
/// may be anything. The markup is HTML and well-formed XML alike, so that a strict parser can check
/// it.
package struct HTML: Sendable, Equatable {
  /// The markup that a browser reads.
  package private(set) var markup = ""

  /// Nothing.
  package init() {}

  /// A text, escaped.
  package init(text: String) { markup = Self.escaped(text) }

  /// An element; attributes whose value is nil are left out.
  ///
  /// - Complexity: O(length of the content), for each element around it.
  package init(
    _ name: StaticString,
    _ attributes: KeyValuePairs<StaticString, String?> = [:],
    @HTMLBuilder content: () -> HTML = { HTML() }
  ) {
    let name = name.description
    markup = "<" + name
    for case (let attribute, let value?) in attributes {
      markup += " \(attribute)=\"\(Self.escaped(value, isAttribute: true))\""
    }
    if Self.voidElements.contains(name) {
      markup += "/>"
    } else {
      markup += ">" + content().markup + "</\(name)>"
    }
    if Self.blockElements.contains(name) { markup += "\n" }
  }

  /// A `style` element, in which nothing is escaped.
  ///
  /// - Precondition: the style sheet has no `<` and no `&`, which HTML and XML read differently.
  package init(styleSheet: StaticString) {
    let sheet = styleSheet.description
    precondition(!sheet.contains { $0 == "<" || $0 == "&" }, "a style sheet has no '<' and no '&'")
    markup = "<style>\n\(sheet)\n</style>\n"
  }

  /// A `script` element of JSON data, which browsers neither display nor run.
  ///
  /// In JSON `<`, `>` and `&` occur in strings alone, where they can be written by their numbers.
  init(json: String, id: StaticString) {
    var escaped = ""
    escaped.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<": escaped += "\\u003c"
      case ">": escaped += "\\u003e"
      case "&": escaped += "\\u0026"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    markup = "<script type=\"application/json\" id=\"\(id)\">\(escaped)</script>\n"
  }

  /// A `script` element that runs, in which nothing is escaped: what HTML reads as it stands is a
  /// section of plain text to XML.
  init(program: String) {
    markup = "<script>//<![CDATA[\n\(program)\n//]]></script>\n"
  }

  /// Both pieces, `left` first.
  package static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.markup += right.markup
    return sum
  }

  /// Elements that have no content and no end.
  private static let voidElements: Set<String> = ["br", "col", "hr", "input", "meta"]

  /// Elements after which a line ends, for those who read the source or compare two pages.
  private static let blockElements: Set<String> = [
    "body", "caption", "circle", "dd", "desc", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer",
    "g", "h1", "h2", "h3", "head", "header", "li", "line", "main", "meta", "p", "path", "rect",
    "section", "summary", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr", "ul",
  ]

  /// The text with the characters of markup written as references.
  ///
  /// Control characters, which HTML and XML cannot hold, become their pictures (from U+2400), or
  /// U+FFFD if they have none. Line feeds and tabs stay, in attributes as references.
  static func escaped(_ text: String, isAttribute: Bool = false) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t" where isAttribute, "\n" where isAttribute: escaped += "&#\(scalar.value);"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..<" ": escaped.unicodeScalars.append(picture(scalar.value))
      case "\u{7F}": escaped.unicodeScalars.append("\u{2421}")
      case "\u{80}"..."\u{9F}": escaped.unicodeScalars.append("\u{FFFD}")
      default:
        escaped.unicodeScalars.append(
          scalar.properties.isNoncharacterCodePoint ? "\u{FFFD}" : scalar
        )
      }
    }
    return escaped
  }

  private static func picture(_ control: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(0x2400 + control) ?? "\u{FFFD}"
  }
}

/// Joins the pieces and texts in braces to one piece of a page.
@resultBuilder
package enum HTMLBuilder {
  /// A text, escaped.
  package static func buildExpression(_ text: String) -> HTML { HTML(text: text) }

  /// A piece as it is.
  package static func buildExpression(_ piece: HTML) -> HTML { piece }

  /// All pieces in their order.
  package static func buildBlock(_ pieces: HTML...) -> HTML { pieces.reduce(HTML(), +) }

  /// The pieces of a loop.
  package static func buildArray(_ pieces: [HTML]) -> HTML { pieces.reduce(HTML(), +) }

  /// A piece or nothing.
  package static func buildOptional(_ piece: HTML?) -> HTML { piece ?? HTML() }

  /// The piece of a condition that holds.
  package static func buildEither(first piece: HTML) -> HTML { piece }

  /// The piece of a condition that does not hold.
  package static func buildEither(second piece: HTML) -> HTML { piece }
}

extension HTML {
  /// A bar of the length `share`, from 0 to 1; nothing if that is not a finite number.
  package static func bar(_ share: Double) -> HTML {
    guard share > 0, share.isFinite else { return HTML() }
    let percent = SVG.decimal(100 * min(1, share))
    return HTML("span", ["class": "bar", "style": "width:\(percent)%"])
  }
}

extension HTML {
  /// A section of a page with a heading; `id` is its name in links.
  package static func section(
    _ id: String,
    _ title: String,
    @HTMLBuilder content: () -> HTML
  ) -> HTML {
    HTML("section", ["aria-labelledby": id]) {
      HTML("h2", ["id": id]) { title }
      content()
    }
  }

  /// A drawing with a title and a remark on how to read it; its numbers unfold below.
  static func figure(
    _ title: String,
    remark: String,
    drawing: HTML,
    numbers: ReportTable? = nil
  ) -> HTML {
    HTML("figure") {
      HTML("figcaption") {
        title
        HTML("br")
        HTML("span", ["class": "quiet"]) { remark }
      }
      HTML("div", ["class": "frame", "role": "region", "aria-label": title, "tabindex": "0"]) {
        drawing
      }
      if let numbers {
        HTML("details") {
          HTML("summary") { "The numbers of this plot" }
          numbers.html
        }
      }
    }
  }
}
