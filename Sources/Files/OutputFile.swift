import CLibrary

/// A file that is whole or absent: written beside its destination, synced, then renamed onto it.
///
/// Until ``commit()`` an older file of that name stays as it was. A failure, a release of the
/// object or a signal that ends the process removes the new file; after a crash, the next writer to
/// the same destination removes it. A device such as `/dev/null` is written to and never replaced;
/// a link stays, and the file that it leads to is replaced.
public final class OutputFile: Sendable {
  /// The destination.
  public let path: String

  private let descriptor: Descriptor
  private let partial: PartialFile?
  /// The final path of the file, with links resolved.
  private let destination: String
  /// The path or purpose that errors of writing name.
  private let errorPath: String

  /// Begins a file that will stand at `path`.
  ///
  /// - Throws: `FileError` when nothing can be written beside `path`, or `path` is a folder.
  public init(_ path: String) throws(FileError) {
    self.path = path
    errorPath = path
    destination = FilePath.resolvingLink(path)
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw FileError(.create, path, code: EISDIR)
      }
      let number = unsafe CLibrary.open(path, O_WRONLY | O_CLOEXEC)
      guard number >= 0 else { throw FileError(.open, path) }
      descriptor = Descriptor(number)
      partial = nil
      return
    }
    let partial = try PartialFile.create(for: destination)
    self.partial = partial
    descriptor = partial.descriptor
  }

  /// Begins a file without a name in `folder`.
  ///
  /// It is removed with this object and its mappings. Errors name `purpose` in place of a path.
  ///
  /// - Throws: `FileError` naming the folder when no file can be made in it.
  public init(
    temporaryFor purpose: String,
    in folder: String = ScratchFile.defaultFolder
  ) throws(FileError) {
    path = purpose
    errorPath = folder
    descriptor = try Descriptor(unnamedIn: errorPath)
    partial = nil
    destination = purpose
  }

  /// Writes `bytes` at byte `offset`.
  ///
  /// Threads may write to different offsets at the same time.
  /// - Throws: `FileError` when the disk is full or fails.
  public func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
    try descriptor.write(bytes, at: offset, path: errorPath)
  }

  /// Writes `bytes` behind what was written, which ends at `offset`.
  ///
  /// A pipe, such as a shell's `>(…)`, can only be written to at its end.
  func append(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
    try descriptor.write(bytes, at: partial == nil ? nil : offset, path: errorPath)
  }

  /// Syncs the file and moves it to its destination.
  ///
  /// - Throws: `FileError` when it cannot be synced or renamed; the destination is then as before.
  public func commit() throws(FileError) {
    guard let partial else { return }
    guard fsync(descriptor.number) == 0 else { throw FileError(.write, path) }
    try partial.move(to: destination)
  }

  /// The bytes written so far, mapped.
  ///
  /// - Throws: `FileError` when it cannot be mapped.
  public func contents() throws(FileError) -> Bytes {
    try Bytes(mapping: descriptor.number, path: path)
  }
}
