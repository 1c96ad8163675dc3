/// The choice of colour: by the terminal, or by the user.
package enum ColorChoice: String, CaseIterable, ArgumentValue, Sendable {
  /// Colour on a terminal if `NO_COLOR` is unset.
  case auto
  /// Colour everywhere, also in files and pipes.
  case always
  /// No colour.
  case never
}

/// Bold, dim and a few colours for text, or the text as it is.
///
/// ```swift
/// Style.colored.bold("x")  // "\u{1B}[1mx\u{1B}[0m"
/// Style.plain.bold("x")    // "x"
/// ```
package struct Style: Sendable, Equatable {
  /// True writes escape sequences.
  package let isColored: Bool

  /// Chooses between escape sequences and plain text.
  package init(isColored: Bool) { self.isColored = isColored }

  /// Leaves text as it is.
  package static let plain = Style(isColored: false)

  /// Writes escape sequences.
  package static let colored = Style(isColored: true)

  /// Headings, and the best of several.
  package func bold(_ text: String) -> String { wrapped(text, code: 1) }

  /// Text that a reader may pass over.
  package func dim(_ text: String) -> String { wrapped(text, code: 2) }

  /// The style of errors and of worse figures.
  package func red(_ text: String) -> String { wrapped(text, code: 31) }

  /// The style of success and of better figures.
  package func green(_ text: String) -> String { wrapped(text, code: 32) }

  /// Warnings.
  package func yellow(_ text: String) -> String { wrapped(text, code: 33) }

  private func wrapped(_ text: String, code: Int) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
