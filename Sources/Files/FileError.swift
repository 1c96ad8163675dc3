import CLibrary

/// An operation on a file that the operating system refused.
public struct FileError: Error, Hashable, Sendable {
  /// The operation.
  public enum Operation: String, Sendable {
    case open, read, write, create, rename, list, map, unpack
  }

  /// The operation.
  public var operation: Operation

  /// The path of the file or folder.
  public var path: String

  /// The system's error number.
  public var code: Int32

  /// The fault and the remedy in words, where the system's are not enough.
  public var detail: String?

  /// An error of `operation` on `path` with a fault and a remedy in words.
  init(_ operation: Operation, _ path: String, detail: String) {
    self.operation = operation
    self.path = path
    self.detail = detail
    code = 0
  }

  /// An error of `operation` on `path`; without a code, the system's latest.
  public init(_ operation: Operation, _ path: String, code: Int32? = nil) {
    self.operation = operation
    self.path = path
    self.code = code ?? errno
  }
}

extension FileError {
  /// True if the reader of a pipe has closed it, as `head` does.
  package var isClosedPipe: Bool { operation == .write && code == EPIPE }
}

extension FileError: CustomStringConvertible {
  /// One line: the file, the failed operation, and a remedy if one is known.
  public var description: String {
    if let detail { return "\(path): \(detail)" }
    let reason = Platform.reason(code)
    let remedy =
      switch code {
      case ENOENT: "; check the name"
      case ENOSPC, EDQUOT: "; free some space or choose another folder"
      case EACCES, EPERM, EROFS: "; check its permissions"
      case EISDIR: "; name a file"
      default: ""
      }
    return "\(path): cannot \(operation.rawValue): \(reason)\(remedy)"
  }
}
