import CLibrary

/// An open file of the system, closed with the last reference.
final class Descriptor: Sendable {
  /// The system's file descriptor.
  let number: Int32

  /// Takes over the open file `number`.
  init(_ number: Int32) { self.number = number }

  /// Makes a file without a name in `folder`, which vanishes with its last user at whatever end.
  ///
  /// `O_TMPFILE` would do the same in one step, but not on every file system; between the two steps
  /// here only an empty file can be left behind.
  convenience init(unnamedIn folder: String) throws(FileError) {
    var template = Array("\(folder)/perplex.XXXXXX".utf8CString)
    let number: Int32 = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let name = buffer.baseAddress else { return -1 }
      let number = unsafe mkstemp(name)
      guard number >= 0 else { return number }
      unsafe unlink(name)
      return fcntl(number, F_SETFD, FD_CLOEXEC) == 0 ? number : -1
    }
    guard number >= 0 else { throw FileError(.create, folder) }
    self.init(number)
  }

  deinit { close(number) }

  /// Writes `bytes` at byte `offset`, or at the file's position if nil; errors name `path`.
  func write(
    _ bytes: Span<UInt8>,
    at offset: Int?,
    path: String
  ) throws(FileError) {
    try Self.write(bytes, to: number, at: offset, path: path)
  }

  /// Writes `bytes` to the open file `number`, which the caller keeps.
  static func write(
    _ bytes: Span<UInt8>,
    to number: Int32,
    at offset: Int?,
    path: String
  ) throws(FileError) {
    try unsafe bytes.withUnsafeBytes { (bytes) throws(FileError) in
      var written = 0
      while written < bytes.count, let base = bytes.baseAddress {
        let rest = bytes.count - written
        let result =
          if let offset {
            unsafe pwrite(number, base + written, rest, off_t(offset + written))
          } else {
            unsafe CLibrary.write(number, base + written, rest)
          }
        if result < 0 && errno == EINTR { continue }
        if result < 0 && errno == EAGAIN {
          // The stream does not block, and its reader is slow.
          var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
          _ = unsafe poll(&request, 1, -1)
          continue
        }
        if result < 0 { throw FileError(.write, path) }
        written += result
      }
    }
  }

  /// Fills `bytes` from byte `offset` on; errors name `path`.
  func read(
    _ bytes: UnsafeMutableRawBufferPointer,
    at offset: Int,
    path: String
  ) throws(FileError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let result = unsafe pread(number, base + done, bytes.count - done, off_t(offset + done))
      if result < 0 && errno == EINTR { continue }
      if result < 0 { throw FileError(.read, path) }
      // Who reads what he wrote finds the end only where the device has lost it.
      if result == 0 { throw FileError(.read, path, code: EIO) }
      done += result
    }
  }

  /// Appends the available bytes of the open file `number` to `bytes`, at most `count`.
  ///
  /// - Returns: The number of bytes appended; 0 at the end.
  static func readOnce(
    _ count: Int,
    of number: Int32,
    into bytes: inout [UInt8],
    path: String
  ) throws(FileError) -> Int {
    var result = 0
    bytes.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
        guard let start = buffer.baseAddress else { return }
        repeat {
          result = unsafe CLibrary.read(number, start + initializedCount, count)
        } while result < 0 && errno == EINTR
        initializedCount += max(0, result)
      }
    }
    guard result >= 0 else { throw FileError(.read, path) }
    return result
  }

  /// Appends the next bytes of the open file `number` to `bytes`, at most `count`, without moving
  /// its position.
  ///
  /// - Returns: False for a pipe or a terminal, which has no position.
  static func start(ofFile number: Int32, _ count: Int, into bytes: inout [UInt8]) -> Bool {
    let position = lseek(number, 0, SEEK_CUR)
    guard position >= 0 else { return false }
    bytes.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
        guard let start = buffer.baseAddress else { return }
        let result = unsafe pread(number, start + initializedCount, count, position)
        initializedCount += max(0, result)
      }
    }
    return true
  }
}
