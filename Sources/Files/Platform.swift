import CLibrary

/// The process and the machine it runs on.
package enum Platform {
  /// The value of the environment variable `name`.
  package static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The bytes of memory that the machine has.
  package static var memoryByteCount: Int {
    Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Makes a pipe whose reader has gone an error of the next write, not the end of the process.
  package static func reportClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Ends the process.
  package static func exit(_ code: Int32) -> Never { CLibrary.exit(code) }

  /// Asks for pages of 2 MB for the whole pages of `byteCount` bytes from `start` on.
  ///
  /// A first touch then costs a tenth, and random access waits less for the page table.
  package static func useLargePages(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    #if os(Linux)
    let pageSize = Int(getpagesize())
    let first = unsafe start.alignedUp(toMultipleOf: pageSize)
    let end = unsafe (start + byteCount).alignedDown(toMultipleOf: pageSize)
    unsafe madvise(first, end - first, MADV_HUGEPAGE)
    #endif
  }

  /// Sets the action of signal `number`, if it is the default one; once taken, it is the default again.
  static func onSignal(_ number: Int32, _ body: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return }
    #if canImport(Darwin)
    guard unsafe action.__sigaction_u.__sa_handler == nil else { return }
    unsafe action.__sigaction_u.__sa_handler = body
    #elseif canImport(Musl)
    guard unsafe action.__sa_handler.sa_handler == nil else { return }
    unsafe action.__sa_handler.sa_handler = body
    #else
    guard unsafe action.__sigaction_handler.sa_handler == nil else { return }
    unsafe action.__sigaction_handler.sa_handler = body
    #endif
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    unsafe sigaction(number, &action, nil)
  }

  /// The words for an error number of the system.
  package static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

  /// The error number of a pipe whose reader has gone.
  package static var closedPipeCode: Int32 { EPIPE }

  /// A clock of the system.
  package enum Clock {
    /// The time that passes.
    case wall
    /// The time that all processors worked for this process.
    case processor
  }

  /// The seconds of `clock` since some moment.
  package static func seconds(of clock: Clock) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock == .wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The letter of a conversion of C's `printf`.
  package enum NumberForm: String { case fixed = "f", scientific = "e", shortest = "g" }

  /// The digits of `value` as C's `printf` writes them, which depend on the locale.
  package static func digits(_ value: Double, _ form: NumberForm, precision: Int) -> [UInt8] {
    // The longest Double has 309 digits before the point.
    let capacity = 330 + precision
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      unsafe buffer.withMemoryRebound(to: CChar.self) { buffer in
        count = unsafe withVaList([Int32(precision), value]) {
          unsafe Int(vsnprintf(buffer.baseAddress, capacity, "%.*\(form.rawValue)", $0))
        }
      }
    }
  }
}

/// A stream that the process has from its start.
package struct StandardStream: Sendable {
  private let descriptor: Int32
  private let name: String

  /// The open file `descriptor`, called `name` in errors.
  package init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// The stream for results.
  package static let output = StandardStream(descriptor: 1, name: "standard output")

  /// The stream for errors and remarks.
  package static let error = StandardStream(descriptor: 2, name: "standard error")

  /// A flag: a person reads it.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// The number of columns of the terminal; nil if the stream is not one.
  package var columnCount: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Writes all of `bytes`.
  ///
  /// - Throws: `FileError` if the stream takes no more.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    try Descriptor.write(bytes.span, to: descriptor, at: nil, path: name)
  }
}
