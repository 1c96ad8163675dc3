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

  /// Ends the text and moves the file to its destination.
  ///
  /// - Throws: `FileError` when the disk is full or fails.
  public consuming func commit() throws(FileError) {
    try flush()
    if case .file(let file) = destination { try file.commit() }
  }

  /// Writes the rest of the buffer.
  ///
  /// - Throws: `FileError` when the disk is full or fails.
  public mutating func flush() throws(FileError) {
    switch destination {
    case .file(let file): try file.append(pending.span, at: offset)
    case .descriptor(let number, let name):
      try Descriptor.write(pending.span, to: number, at: nil, path: name)
    }
    offset += pending.count
    pending.removeAll(keepingCapacity: true)
  }
}
