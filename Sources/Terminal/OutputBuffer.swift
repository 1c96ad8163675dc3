import Files

/// A standard stream could not be written.
package struct ConsoleError: Error, Equatable, Sendable {
  /// The stream: `standard output` or `standard error`.
  package let stream: String

  /// The number that the system gave as the cause.
  package let errorNumber: Int32

  /// The reader of a pipe has gone, as `head` does when it has seen enough.
  package var isClosedPipe: Bool { errorNumber == Platform.closedPipeCode }
}

extension ConsoleError: CustomStringConvertible {
  /// The failure in words.
  package var description: String {
    "cannot write \(stream): \(Platform.reason(errorNumber))"
  }
}

/// A buffer of bytes for a stream, which keeps them if there is no stream.
struct OutputBuffer: Sendable {
  private let stream: StandardStream?
  private let isLineBuffered: Bool
  private var bytes: [UInt8] = []
  private var failure: ConsoleError?

  private static let capacity = 1 << 16

  init(_ stream: StandardStream?, isLineBuffered: Bool) {
    self.stream = stream
    self.isLineBuffered = isLineBuffered
  }

  /// The text that is kept and not written.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func append(_ new: some Collection<UInt8>) throws(ConsoleError) {
    bytes.append(contentsOf: new)
    guard stream != nil else { return }
    if bytes.count >= Self.capacity || isLineBuffered && bytes.last == 0x0A { try flush() }
  }

  /// Writes the rest; after a failure every later call throws it again.
  mutating func flush() throws(ConsoleError) {
    guard let stream else { return }
    defer { bytes.removeAll(keepingCapacity: true) }
    if let failure { throw failure }
    do throws(FileError) {
      try stream.write(bytes)
    } catch {
      let failure = ConsoleError(stream: error.path, errorNumber: error.code)
      self.failure = failure
      throw failure
    }
  }
}
