import CLibrary
import Synchronization

/// The files that are being written, so that a signal which ends the process removes them first.
///
/// The handler must not allocate or lock. So the paths are C strings in a table of fixed size,
/// whose slots are atomic words. The thread that takes a path out of its slot owns it, so no path
/// is freed while the handler uses it.
///
/// Only signals with the default action get the handler: `nohup` and programs with other handlers
/// keep theirs. After the files are removed the signal takes its default action, so that the exit
/// status shows it.
@safe
enum UnfinishedFiles {
  /// The largest number of files that a signal removes; the next run removes the others.
  static let capacity = 64

  /// The signals that end a process which does not expect them.
  private static let signals = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGXFSZ]

  /// Addresses of C strings; zero where a slot is free.
  private nonisolated(unsafe) static let slots: UnsafeMutablePointer<Atomic<UInt>> = {
    let slots = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: capacity)
    for index in 0..<capacity { unsafe (slots + index).initialize(to: Atomic(0)) }
    return unsafe slots
  }()

  private static let installation: Void = install()

  /// Remembers `path` until ``remove(_:)`` is given the result; nil if the table is full.
  static func insert(_ path: String) -> Int? {
    guard let name = unsafe strdup(path) else { return nil }
    let address = UInt(bitPattern: name)
    for index in 0..<capacity {
      let (isTaken, _) = unsafe slots[index].compareExchange(
        expected: 0,
        desired: address,
        ordering: .acquiringAndReleasing
      )
      if isTaken {
        // After the table is made: the handler must not be the one to make it.
        _ = installation
        return index
      }
    }
    unsafe free(name)
    return nil
  }

  /// Forgets the path in a slot.
  static func remove(_ slot: Int?) {
    guard let slot else { return }
    let address = unsafe slots[slot].exchange(0, ordering: .acquiringAndReleasing)
    unsafe free(UnsafeMutableRawPointer(bitPattern: address))
  }

  /// Removes all files of the table, then its folders, which are empty by then; all that the
  /// handler does.
  private static func unlinkAll() {
    var folders = InlineArray<64, UInt>(repeating: 0)
    var index = 0
    while index < capacity {
      let address = unsafe slots[index].exchange(0, ordering: .acquiringAndReleasing)
      if let name = unsafe UnsafePointer<CChar>(bitPattern: address), unsafe unlink(name) != 0 {
        folders[index] = address
      }
      index += 1
    }
    index = 0
    while index < capacity {
      if let name = unsafe UnsafePointer<CChar>(bitPattern: folders[index]) { unsafe rmdir(name) }
      index += 1
    }
  }

  private static func install() {
    for number in signals {
      Platform.onSignal(number) { number in
        UnfinishedFiles.unlinkAll()
        // The action is the default again, and is taken when the handler returns.
        raise(number)
      }
    }
  }
}
