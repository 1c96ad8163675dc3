/// An error of training, opening or scoring, as one sentence that names the cause and a remedy.
///
/// ```swift
/// do {
///   let model = try Model(opening: "missing.perplex")
/// } catch {
///   print(error)  // missing.perplex: cannot open: No such file or directory; check the name
/// }
/// ```
public struct PerplexError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The part of the work that failed.
  public enum Subject: String, Sendable {
    /// An option has a value out of its range.
    case options
    /// A text cannot be read, or has no tokens.
    case text
    /// A model cannot be read or written.
    case model
    /// The texts or models do not belong together.
    case comparison
  }

  /// The part of the work that failed.
  public let subject: Subject

  /// The sentence.
  public let description: String

  init(_ subject: Subject, _ description: String) {
    self.subject = subject
    self.description = description
  }

  /// Runs `body` and turns any error of it into one of `subject`.
  static func describing<Result>(
    _ subject: Subject,
    _ body: () throws -> Result
  ) throws(PerplexError) -> Result {
    do {
      return try body()
    } catch let error as PerplexError {
      throw error
    } catch {
      throw PerplexError(subject, "\(error)")
    }
  }
}
