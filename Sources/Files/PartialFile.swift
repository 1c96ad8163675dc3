import CLibrary

/// A partial file of a destination: `DESTINATION.PID.partial`, beside it.
///
/// It is removed when it is given up, and when a signal ends the process. What a crash or `kill -9`
/// leaves is removed by the next run that writes the same destination: the writer holds a lock on
/// its partial file (`flock`), which ends with the process, so that a file whose lock can be taken
/// is nobody's. The number of the process decides nothing, since numbers come again.
///
/// A file without a name (`O_TMPFILE`, then `linkat`) would leave less, but not nothing: it cannot
/// replace a file, so it needs a short-lived name before the rename; it is missing on some file
/// systems, so this way would have to exist as well; and a file that fills a disk unseen is no
/// kindness to who looks for it.
final class PartialFile: @unchecked Sendable {
  /// The open file.
  let descriptor: Descriptor

  private let path: String
  private let slot: Int?
  private var isPlaced = false

  private init(_ descriptor: Descriptor, path: String, slot: Int?) {
    self.descriptor = descriptor
    self.path = path
    self.slot = slot
  }

  deinit {
    // The lock is held until this is done, else another writer's file could have the name by now.
    if !isPlaced { unsafe unlink(path) }
    UnfinishedFiles.remove(slot)
  }

  /// Begins a file beside `destination`, and removes the partial files of killed runs.
  static func create(for destination: String) throws(FileError) -> PartialFile {
    removeStale(of: destination)
    for attempt in 0..<1000 {
      let suffix = attempt == 0 ? "" : "-\(attempt)"
      let path = "\(destination).\(getpid())\(suffix).partial"
      // What stands there is another writer's: of this process, or of one that another system, with
      // numbers of its own, runs in the same folder.
      if unsafe access(path, F_OK) == 0 { continue }
      // Before the file is there, so that no signal finds it unknown.
      let slot = UnfinishedFiles.insert(path)
      let number = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard number >= 0 else {
        let code = errno
        UnfinishedFiles.remove(slot)
        if code == EEXIST { continue }
        throw FileError(.create, destination, code: code)
      }
      let descriptor = Descriptor(number)
      if claim(descriptor) { return PartialFile(descriptor, path: path, slot: slot) }
      UnfinishedFiles.remove(slot)
    }
    throw FileError(.create, destination, code: EEXIST)
  }

  /// Moves the file to `destination`.
  func move(to destination: String) throws(FileError) {
    guard unsafe rename(path, destination) == 0 else { throw FileError(.rename, destination) }
    isPlaced = true
  }

  /// Locks a new file; returns false if another process took it for stale and removes it.
  private static func claim(_ descriptor: Descriptor) -> Bool {
    if flock(descriptor.number, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
    // A file system without locks keeps its files: nobody can take their lock either.
    var status = stat()
    return unsafe fstat(descriptor.number, &status) == 0 && status.st_nlink > 0
  }

  /// Removes the partial files of `destination` whose writers are gone.
  ///
  /// A file that cannot be listed, opened or locked stays; it does no harm.
  private static func removeStale(of destination: String) {
    let (folder, name) = FilePath.split(destination)
    guard let directory = unsafe opendir(folder) else { return }
    defer { unsafe closedir(directory) }
    while let entry = unsafe readdir(directory) {
      let candidate = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isPartial(candidate, of: name) { removeIfStale("\(folder)/\(candidate)") }
    }
  }

  /// Returns true if `candidate` is `NAME.PID.partial` or `NAME.PID-N.partial`.
  private static func isPartial(_ candidate: String, of name: String) -> Bool {
    let prefix = name + "."
    let suffix = ".partial"
    guard candidate.hasPrefix(prefix), candidate.hasSuffix(suffix),
      candidate.utf8.count > prefix.utf8.count + suffix.utf8.count
    else { return false }
    let numbers = candidate.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
      .split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return numbers.count <= 2
      && numbers.allSatisfy { number in
        !number.isEmpty && number.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      }
  }

  private static func removeIfStale(_ path: String) {
    let number = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { return }
    let descriptor = Descriptor(number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else { return }
    // Its writer may have put the file in its place between the two steps, and the name may be
    // another's by now: only what was locked is removed.
    var locked = stat()
    var named = stat()
    if unsafe fstat(number, &locked) == 0, unsafe lstat(path, &named) == 0,
      locked.st_mode & S_IFMT == S_IFREG,
      locked.st_dev == named.st_dev, locked.st_ino == named.st_ino
    {
      unsafe unlink(path)
    }
    withExtendedLifetime(descriptor) {}
  }
}
