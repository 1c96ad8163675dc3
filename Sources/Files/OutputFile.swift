import Glibc

/// A file that is whole or absent: written beside its destination, synced, then renamed onto it.
///
/// Until ``commit()`` an older file of that name stays as it was; a failure or a loss of the
/// object removes what was written. What is no file, such as `/dev/null`, is never replaced but
/// written to.
public final class OutputFile: @unchecked Sendable {
  /// The destination.
  public let path: String

  private let partialPath: String?
  private let descriptor: Int32
  private var isFinished = false

  /// Begins a file that will stand at `path`.
  ///
  /// - Throws: `FileError` when nothing can be written beside `path`, or `path` is a folder.
  public init(_ path: String) throws(FileError) {
    self.path = path
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw FileError(.create, path, code: EISDIR)
      }
      partialPath = nil
      descriptor = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(.open, path) }
      return
    }
    let partialPath = "\(path).\(getpid()).partial"
    descriptor = unsafe Glibc.open(partialPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    self.partialPath = partialPath
    guard descriptor >= 0 else { throw FileError(.create, path) }
  }

  /// Begins a file without a name in the folder for temporary files.
  ///
  /// It goes with this object and what is mapped of it. `purpose` stands for it in errors.
  ///
  /// - Throws: `FileError` when no temporary file can be made.
  public init(temporaryFor purpose: String) throws(FileError) {
    path = purpose
    partialPath = nil
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/perplex.XXXXXX".utf8CString)
    descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let name = buffer.baseAddress else { return -1 }
      let descriptor = unsafe mkstemp(name)
      if descriptor >= 0 { unsafe unlink(name) }
      return descriptor
    }
    guard descriptor >= 0 else { throw FileError(.create, folder) }
  }

  deinit {
    close(descriptor)
    if !isFinished, let partialPath { unsafe unlink(partialPath) }
  }

  /// Writes `bytes` at byte `offset`.
  ///
  /// Threads may write to different places at the same time.
  /// - Throws: `FileError` when the disk is full or fails.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    var written = 0
    while written < bytes.count, let base = bytes.baseAddress {
      let result = unsafe pwrite(
        descriptor,
        base + written,
        bytes.count - written,
        off_t(offset + written)
      )
      if result < 0 {
        if errno == EINTR { continue }
        throw FileError(.write, path)
      }
      written += result
    }
  }

  /// Makes the file durable and puts it in its place.
  ///
  /// - Throws: `FileError` when it cannot be synced or renamed; the destination is then as before.
  public func commit() throws(FileError) {
    guard let partialPath else { return }
    guard fsync(descriptor) == 0 else { throw FileError(.write, path) }
    guard unsafe rename(partialPath, path) == 0 else { throw FileError(.rename, path) }
    isFinished = true
  }
}

extension OutputFile {
  /// What was written so far, mapped.
  ///
  /// - Throws: `FileError` when it cannot be mapped.
  public func contents() throws(FileError) -> Bytes {
    try Bytes(mapping: descriptor, path: path)
  }
}

/// Text written piece by piece through a buffer into an ``OutputFile`` or a descriptor.
public struct OutputText: ~Copyable {
  private enum Destination {
    case file(OutputFile)
    case descriptor(Int32, String)
  }

  private let destination: Destination
  private var pending: [UInt8] = []
  private var offset = 0

  /// Writes to `path`, or to standard output where `path` is `-`.
  ///
  /// - Throws: `FileError` when the file cannot be begun.
  public init(_ path: String) throws(FileError) {
    destination = path == "-" ? .descriptor(1, "standard output") : .file(try OutputFile(path))
    pending.reserveCapacity(1 << 16)
  }

  /// Appends `text`.
  ///
  /// - Throws: `FileError` when the disk is full or fails.
  public mutating func write(_ text: String) throws(FileError) {
    pending.append(contentsOf: text.utf8)
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Appends `bytes`.
  ///
  /// - Throws: `FileError` when the disk is full or fails.
  public mutating func write(bytes: some Sequence<UInt8>) throws(FileError) {
    pending.append(contentsOf: bytes)
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Ends the text and puts the file in its place.
  ///
  /// - Throws: `FileError` when the disk is full or fails.
  public consuming func commit() throws(FileError) {
    try flush()
    if case .file(let file) = destination { try file.commit() }
  }

  /// Writes what is still in the buffer.
  ///
  /// - Throws: `FileError` when the disk is full or fails.
  public mutating func flush() throws(FileError) {
    var failure: FileError?
    unsafe pending.withUnsafeBytes { bytes in
      do throws(FileError) {
        switch destination {
        case .file(let file): try unsafe file.write(bytes, at: offset)
        case .descriptor(let descriptor, let name):
          var written = 0
          while written < bytes.count, let base = bytes.baseAddress {
            let result = unsafe Glibc.write(descriptor, base + written, bytes.count - written)
            if result < 0 && errno == EINTR { continue }
            if result < 0 { throw FileError(.write, name) }
            written += result
          }
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    offset += pending.count
    pending.removeAll(keepingCapacity: true)
  }
}
