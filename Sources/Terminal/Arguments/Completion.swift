/// The words that a shell offers next.
package enum Completion: Sendable, Equatable {
  /// Nothing: a number or free text.
  case nothing
  /// Names of files and folders.
  case files
  /// Names of folders.
  case folders
  /// A few fixed words.
  case words([String])
}
