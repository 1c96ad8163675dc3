import CLibrary

/// A file or standard input, read from front to back in pieces.
@safe
public struct InputBytes: ~Copyable, Sendable {
  private let descriptor: Int32
  private let path: String

  /// Opens `path`; `-` is standard input.
  ///
  /// - Throws: `FileError` when it cannot be opened, or is a folder.
  public init(_ path: String) throws(FileError) {
    self.path = path
    if path == "-" {
      descriptor = 0
      return
    }
    descriptor = unsafe CLibrary.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw FileError(.open, path, code: EISDIR)
    }
  }

  deinit {
    if descriptor > 0 { close(descriptor) }
  }

  /// Appends the next `count` bytes to `bytes`, fewer only at the end.
  ///
  /// - Returns: The number of bytes appended.
  /// - Throws: `FileError` when reading fails.
  public mutating func read(_ count: Int, into bytes: inout [UInt8]) throws(FileError) -> Int {
    var done = 0
    while done < count {
      let result = try readOnce(count - done, into: &bytes)
      if result == 0 { break }
      done += result
    }
    return done
  }

  /// Appends the available bytes to `bytes`, at most `count`; a pipe or a terminal may have fewer.
  ///
  /// - Returns: The number of bytes appended, at least 1; 0 at the end.
  /// - Throws: `FileError` when reading fails.
  package mutating func readOnce(
    _ count: Int,
    into bytes: inout [UInt8]
  ) throws(FileError) -> Int {
    var result = 0
    bytes.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
        guard let start = buffer.baseAddress else { return }
        repeat {
          result = unsafe CLibrary.read(descriptor, start + initializedCount, count)
        } while result < 0 && errno == EINTR
        initializedCount += max(0, result)
      }
    }
    guard result >= 0 else { throw FileError(.read, path) }
    return result
  }
}

extension Bytes {
  /// The file at `path`, mapped; standard input, `-`, and devices are read to memory.
  ///
  /// - Throws: `FileError` when it cannot be opened or read.
  public static func whole(_ path: String) throws(FileError) -> Bytes {
    if path != "-" {
      let mapped = try Bytes(mapping: path)
      if mapped.count > 0 { return mapped }
    }
    var input = try InputBytes(path)
    var contents: [UInt8] = []
    while try input.read(1 << 20, into: &contents) > 0 {}
    return Bytes(copying: contents.span)
  }
}
