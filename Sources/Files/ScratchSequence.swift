/// Elements written one after another to the end of a ``ScratchFile``, through a buffer.
///
/// They stand in one piece where nobody else appends to the file meanwhile: a thread takes a file of
/// its own, or appends whole buffers.
public struct ScratchWriter<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline let pending: Buffer<Element>
  @usableFromInline var pendingCount = 0
  private let file: ScratchFile

  /// Appends to `file` in pieces of `bufferCount` elements.
  public init(_ file: ScratchFile, bufferCount: Int = 1 << 15) {
    precondition(bufferCount >= 1, "a buffer holds an element at least")
    self.file = file
    pending = Buffer(count: bufferCount)
  }

  /// Appends `element`.
  ///
  /// - Throws: `FileError` naming the folder when the disk is full or fails.
  @inlinable
  public mutating func append(_ element: Element) throws(FileError) {
    if pendingCount == pending.count { try flush() }
    pending[pendingCount] = element
    pendingCount += 1
  }

  /// Writes what is still buffered, so that it can be read.
  ///
  /// - Throws: `FileError` naming the folder when the disk is full or fails.
  public mutating func flush() throws(FileError) {
    try file.append(0..<pendingCount, of: pending)
    pendingCount = 0
  }
}

/// Elements of a ``ScratchFile`` read one after another, through a buffer.
public struct ScratchReader<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline let ready: Buffer<Element>
  @usableFromInline var readyCount = 0
  @usableFromInline var position = 0
  private let file: ScratchFile
  private var offset: Int
  private var remainingCount: Int

  /// Reads `count` elements of `file` from byte `offset` on, in pieces of `bufferCount`.
  ///
  /// - Precondition: All of it was written.
  public init(_ file: ScratchFile, from offset: Int, count: Int, bufferCount: Int = 1 << 15) {
    precondition(bufferCount >= 1, "a buffer holds an element at least")
    self.file = file
    self.offset = offset
    remainingCount = count
    ready = Buffer(count: min(bufferCount, max(1, count)))
  }

  /// The next element, or nil after the last.
  ///
  /// - Throws: `FileError` naming the folder when the disk fails.
  @inlinable
  public mutating func next() throws(FileError) -> Element? {
    if position == readyCount {
      try fill()
      if readyCount == 0 { return nil }
    }
    position += 1
    return ready[position - 1]
  }

  @usableFromInline
  mutating func fill() throws(FileError) {
    position = 0
    readyCount = min(ready.count, remainingCount)
    try file.read(0..<readyCount, of: ready, from: offset)
    remainingCount -= readyCount
    offset += readyCount * MemoryLayout<Element>.stride
  }
}
