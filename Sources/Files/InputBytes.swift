import CLibrary

/// A file or standard input, read from front to back in pieces.
///
/// A packed file is read as what it holds: a program of the system unpacks it (``PackedForm``).
@safe
public struct InputBytes: ~Copyable, Sendable {
  private let descriptor: Int32
  private let path: String
  /// Bytes of a stream that were read to tell whether it is packed.
  private var ahead: [UInt8] = []
  private var unpacker: Unpacker?
  private var mayBePacked: Bool

  /// Opens `path`; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - unpacks: A packed file is unpacked.
  /// - Throws: `FileError` when it cannot be opened, or is a folder.
  public init(_ path: String, unpacks: Bool = true) throws(FileError) {
    self.path = path
    mayBePacked = unpacks
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
  /// - Throws: `FileError` when reading or unpacking fails.
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
  /// - Throws: `FileError` when reading or unpacking fails.
  package mutating func readOnce(
    _ count: Int,
    into bytes: inout [UInt8]
  ) throws(FileError) -> Int {
    if mayBePacked {
      mayBePacked = false
      try unpackIfPacked()
    }
    if let unpacked = try unpacker?.readOnce(count, into: &bytes) { return unpacked }
    if !ahead.isEmpty {
      let part = ahead.prefix(count)
      bytes += part
      ahead.removeFirst(part.count)
      return part.count
    }
    return try Descriptor.readOnce(count, of: descriptor, into: &bytes, path: path)
  }

  /// Starts the program that unpacks the file if its first bytes say that it is packed.
  ///
  /// Of a stream no more is read than is needed to tell, as its writer may wait for an answer.
  private mutating func unpackIfPacked() throws(FileError) {
    var start: [UInt8] = []
    let isFile = Descriptor.start(ofFile: descriptor, PackedForm.signatureByteCount, into: &start)
    if !isFile {
      repeat {
        let wanted = PackedForm.signatureByteCount - start.count
        let count = try Descriptor.readOnce(wanted, of: descriptor, into: &start, path: path)
        if count == 0 { break }
      } while PackedForm.mayBegin(with: start)
    }
    guard let form = PackedForm(start: start) else {
      if !isFile { ahead = start }
      return
    }
    unpacker = try Unpacker.start(form, of: descriptor, after: isFile ? nil : start, path: path)
  }
}

extension Bytes {
  /// The file at `path`, mapped; standard input, `-`, pipes and packed files are read to memory.
  ///
  /// - Throws: `FileError` when it cannot be opened, read or unpacked.
  public static func whole(_ path: String) throws(FileError) -> Bytes {
    if path != "-" {
      let mapped = try Bytes(mapping: path)
      let start = mapped.withBytes(0..<min(mapped.count, PackedForm.signatureByteCount)) {
        Array($0)
      }
      if mapped.count > 0 && PackedForm(start: start) == nil { return mapped }
    }
    var input = try InputBytes(path)
    return try Bytes(reading: &input, path: path)
  }
}
