import CLibrary
import Synchronization

/// A file without a name for what does not fit in memory.
///
/// It takes room in a folder, and vanishes with the object however the process ends. Positions are
/// in bytes.
///
/// ```swift
/// let file = try ScratchFile(in: "/var/tmp")
/// var numbers = Buffer<UInt32>(repeating: 7, count: 1000)
/// let offset = try file.append(0..<1000, of: numbers)  // 0
/// try file.read(0..<10, of: &numbers, from: offset + 40)
/// ```
public final class ScratchFile: Sendable {
  /// The folder whose room it takes.
  public let folder: String

  private let descriptor: Descriptor
  private let end = Atomic<Int>(0)

  /// The folder for temporary files: that of the environment's `TMPDIR`, else `/tmp`.
  public static var defaultFolder: String {
    guard let folder = unsafe getenv("TMPDIR"), unsafe folder.pointee != 0 else { return "/tmp" }
    return unsafe String(cString: folder)
  }

  /// The bytes that are free for this user on the disk of `folder`.
  ///
  /// - Throws: `FileError` when the folder cannot be asked.
  public static func freeByteCount(in folder: String) throws(FileError) -> Int {
    var status = statvfs()
    guard unsafe statvfs(folder, &status) == 0 else { throw FileError(.open, folder) }
    // Some file systems without a bound claim more than a number holds.
    let (product, overflow) = UInt(status.f_bavail).multipliedReportingOverflow(
      by: UInt(status.f_frsize)
    )
    return overflow ? .max : Int(clamping: product)
  }

  /// An empty file in `folder`.
  ///
  /// - Throws: `FileError` when nothing can be written there.
  public init(in folder: String = ScratchFile.defaultFolder) throws(FileError) {
    self.folder = folder
    descriptor = try Descriptor(unnamedIn: folder)
  }

  /// The number of bytes: one more than the last position that was written.
  public var byteCount: Int { end.load(ordering: .acquiring) }

  /// Writes elements behind all that is there, and gives the position of the first.
  ///
  /// Threads may append at the same time; each piece stays in one.
  /// - Throws: `FileError` naming the folder when the disk is full or fails.
  /// - Complexity: One call of the system for each piece.
  @discardableResult
  public func append<Element>(
    _ range: Range<Int>,
    of buffer: borrowing Buffer<Element>
  ) throws(FileError) -> Int {
    let byteCount = range.count * MemoryLayout<Element>.stride
    let offset = end.add(byteCount, ordering: .acquiringAndReleasing).oldValue
    try write(range, of: buffer, at: offset)
    return offset
  }

  /// Writes elements at byte `offset`; what nobody wrote before it reads as zero.
  ///
  /// Threads may write to different offsets at the same time.
  /// - Throws: `FileError` naming the folder when the disk is full or fails.
  public func write<Element>(
    _ range: Range<Int>,
    of buffer: borrowing Buffer<Element>,
    at offset: Int
  ) throws(FileError) {
    precondition(offset >= 0, "a position is not negative")
    try buffer.withBytes(range) { (bytes) throws(FileError) in
      try descriptor.write(bytes, at: offset, path: folder)
    }
    end.max(offset + range.count * MemoryLayout<Element>.stride, ordering: .acquiringAndReleasing)
  }

  /// Fills `range` of `buffer` with what stands at byte `offset` and after.
  ///
  /// Threads may read at the same time, also while others append.
  /// - Precondition: All of it is below ``byteCount``.
  /// - Throws: `FileError` naming the folder when the disk fails.
  public func read<Element>(
    _ range: Range<Int>,
    of buffer: inout Buffer<Element>,
    from offset: Int
  ) throws(FileError) {
    precondition(
      offset >= 0 && offset + range.count * MemoryLayout<Element>.stride <= byteCount,
      "nothing was written there"
    )
    try unsafe buffer.withUnsafeMutableBytes(range) { (bytes) throws(FileError) in
      try unsafe descriptor.read(bytes, at: offset, path: folder)
    }
  }
}
