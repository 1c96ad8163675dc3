import Glibc

/// A standard stream could not be written.
public struct ConsoleError: Error, Equatable, Sendable {
  /// The stream: `standard output` or `standard error`.
  public let stream: String

  /// The number that the system gave as the cause.
  public let errorNumber: Int32

  /// The reader of a pipe has gone, as `head` does when it has seen enough.
  public var isClosedPipe: Bool { errorNumber == EPIPE }
}

extension ConsoleError: CustomStringConvertible {
  /// The failure in words.
  public var description: String {
    "cannot write \(stream): \(String(cString: strerror(errorNumber)))"
  }
}

/// Bytes on their way to a file descriptor, or kept where there is none.
struct OutputBuffer: Sendable {
  private let descriptor: Int32?
  private let stream: String
  private let isLineBuffered: Bool
  private var bytes: [UInt8] = []
  private var failure: ConsoleError?

  private static let capacity = 1 << 16

  init(descriptor: Int32?, stream: String, isLineBuffered: Bool) {
    self.descriptor = descriptor
    self.stream = stream
    self.isLineBuffered = isLineBuffered
  }

  /// The bytes that are kept and not written.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func append(_ new: some Collection<UInt8>) throws(ConsoleError) {
    bytes.append(contentsOf: new)
    guard descriptor != nil else { return }
    if bytes.count >= Self.capacity || isLineBuffered && bytes.last == 0x0A { try flush() }
  }

  /// Writes what is left; a failure is given again by every later call.
  mutating func flush() throws(ConsoleError) {
    guard let descriptor else { return }
    if let failure {
      bytes = []
      throw failure
    }
    while !bytes.isEmpty {
      let count = write(descriptor, bytes, bytes.count)
      if count >= 0 {
        bytes.removeFirst(count)
      } else if errno == EAGAIN {
        // The stream does not block, and its reader is slow.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
      } else if errno != EINTR {
        let error = ConsoleError(stream: stream, errorNumber: errno)
        failure = error
        bytes = []
        throw error
      }
    }
  }
}
