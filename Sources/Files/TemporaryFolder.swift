import CLibrary
import Synchronization

/// A folder for temporary files, which a signal that ends the process removes too.
public final class TemporaryFolder: Sendable {
  /// The path of the folder.
  public let path: String

  /// The slots in ``UnfinishedFiles`` of the folder, then of its files.
  private let slots: Mutex<[Int?]>

  /// Makes a folder with a new name where temporary files are kept.
  ///
  /// - Throws: `FileError` when none can be made there.
  public init() throws(FileError) {
    let parent = ScratchFile.defaultFolder
    var template = Array("\(parent)/perplex.XXXXXX".utf8CString)
    let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
    }
    guard isMade else { throw FileError(.create, parent) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    slots = Mutex([UnfinishedFiles.insert(path)])
  }

  /// The path of a file called `name` in the folder, which a signal removes too.
  public func file(_ name: String) -> String {
    let path = "\(path)/\(name)"
    slots.withLock { $0.append(UnfinishedFiles.insert(path)) }
    return path
  }

  /// Removes the folder and the files in it; what cannot be removed stays.
  public func remove() {
    if let directory = unsafe opendir(path) {
      while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
          unsafe UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)
        }
        _ = unsafe unlinkat(dirfd(directory), name, 0)
      }
      _ = unsafe closedir(directory)
    }
    _ = unsafe rmdir(path)
    slots.withLock { slots in
      for slot in slots { UnfinishedFiles.remove(slot) }
      slots = []
    }
  }
}
