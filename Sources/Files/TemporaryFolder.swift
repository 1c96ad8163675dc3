import Glibc

/// A folder for files that are wanted for a while.
public struct TemporaryFolder {
  /// Where it is.
  public let path: String

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
  }
}
