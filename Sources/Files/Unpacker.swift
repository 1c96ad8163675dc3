import CLibrary
import Synchronization

/// A program of the system that unpacks a file, and a pipe from it.
///
/// No shell is between: the program reads the open file itself. Only a stream, the first bytes of
/// which are read already, is handed on to it.
@safe
struct Unpacker: ~Copyable, Sendable {
  private let form: PackedForm
  private let path: String
  private let process: pid_t
  /// The ends of pipes from the program's standard output and standard error.
  private let output: Descriptor
  private let errors: Descriptor
  /// The stream whose bytes are handed to the program, and the end of a pipe to it.
  private let source: Int32
  private var input: Descriptor?
  /// Bytes of the stream that the pipe had no room for.
  private var pending: [UInt8]
  private var isRunning = true

  private static let pieceByteCount = 1 << 16

  private static let starting = Mutex(())

  /// Starts the program for the open file `source`.
  ///
  /// - Parameters:
  ///   - form: The form of the file.
  ///   - source: The file; its position is at its start, but for the bytes of `start`.
  ///   - start: The bytes of a stream that were read already; nil for a file.
  ///   - path: The name for errors.
  /// - Returns: The program, which runs.
  /// - Throws: `FileError` if the system lacks the program or cannot start it.
  static func start(
    _ form: PackedForm,
    of source: Int32,
    after start: [UInt8]?,
    path: String
  ) throws(FileError) -> Unpacker {
    // One at a time, so that no program inherits the pipes of another.
    let (output, errors, input, (code, process)) = try starting.withLock { _ throws(FileError) in
      let output = try Pipe(path)
      let errors = try Pipe(path)
      let input = start == nil ? nil : try Pipe(path)
      let result = spawn(
        form.rawValue,
        input: input?.readEnd.number ?? source,
        output: output.writeEnd.number,
        errors: errors.writeEnd.number
      )
      return (output, errors, input, result)
    }
    guard code == 0 else { throw FileError(.unpack, path, detail: form.cannotStart(code)) }
    if let input { _ = fcntl(input.writeEnd.number, F_SETFL, O_NONBLOCK) }
    return Unpacker(
      form: form,
      path: path,
      process: process,
      output: output.readEnd,
      errors: errors.readEnd,
      source: source,
      input: input?.writeEnd,
      pending: start ?? []
    )
  }

  private init(
    form: PackedForm,
    path: String,
    process: pid_t,
    output: Descriptor,
    errors: Descriptor,
    source: Int32,
    input: Descriptor?,
    pending: [UInt8]
  ) {
    self.form = form
    self.path = path
    self.process = process
    self.output = output
    self.errors = errors
    self.source = source
    self.input = input
    self.pending = pending
  }

  deinit {
    // A reader that stops before the end does not wait for the program.
    if isRunning {
      kill(process, SIGKILL)
      _ = Self.wait(for: process)
    }
  }

  /// Appends the available unpacked bytes to `bytes`, at most `count`.
  ///
  /// - Returns: The number of bytes appended, at least 1; 0 at the end.
  /// - Throws: `FileError` if the program fails, in its own words.
  mutating func readOnce(_ count: Int, into bytes: inout [UInt8]) throws(FileError) -> Int {
    guard isRunning else { return 0 }
    while let input {
      if try handOn(to: input.number) { break }
    }
    let result = try Descriptor.readOnce(count, of: output.number, into: &bytes, path: path)
    if result == 0 { try finish() }
    return result
  }

  /// Hands on bytes of the stream until the program has an answer or the stream ends.
  ///
  /// - Returns: True if reading the program's output does not wait for its input.
  private mutating func handOn(to input: Int32) throws(FileError) -> Bool {
    var waits = [
      pollfd(fd: output.number, events: Int16(POLLIN), revents: 0),
      pending.isEmpty
        ? pollfd(fd: source, events: Int16(POLLIN), revents: 0)
        : pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
    ]
    let count = unsafe waits.withUnsafeMutableBufferPointer { buffer in
      unsafe poll(buffer.baseAddress, nfds_t(buffer.count), -1)
    }
    if count < 0 {
      guard errno == EINTR else { throw FileError(.read, path) }
      return false
    }
    if waits[0].revents != 0 { return true }
    if pending.isEmpty {
      let read = try Descriptor.readOnce(
        Self.pieceByteCount,
        of: source,
        into: &pending,
        path: path
      )
      if read == 0 { self.input = nil }
      return false
    }
    let written = unsafe pending.withUnsafeBytes { bytes in
      unsafe write(input, bytes.baseAddress, bytes.count)
    }
    if written >= 0 {
      pending.removeFirst(written)
    } else if errno != EINTR && errno != EAGAIN {
      // The program has ended; its status says why.
      self.input = nil
    }
    return false
  }

  /// Checks how the program ended.
  private mutating func finish() throws(FileError) {
    var words: [UInt8] = []
    while words.count < Self.pieceByteCount,
      try Descriptor.readOnce(Self.pieceByteCount, of: errors.number, into: &words, path: path) > 0
    {}
    isRunning = false
    let status = Self.wait(for: process)
    // Some programs warn of bytes that they leave out, and succeed.
    guard status != 0 || !words.isEmpty else { return }
    throw FileError(
      .unpack,
      path,
      detail:
        "\(form.rawValue) cannot unpack it: \(reason(words) ?? "it ended with status \(status)"); "
        + "the file is damaged, cut short, or has other bytes behind its end"
    )
  }

  /// The first line of the program's `words`, without its name and the marks at the end.
  private func reason(_ words: [UInt8]) -> String? {
    guard let line = words.split(separator: 10).first else { return nil }
    var text = String(decoding: line, as: UTF8.self)[...]
    if text.hasPrefix(form.rawValue + ": ") { text = text.dropFirst(form.rawValue.count + 2) }
    while let last = text.last, " .;".contains(last) { text = text.dropLast() }
    return String(text)
  }

  /// Starts `program`, found by the search path, to unpack its input to its output.
  ///
  /// - Returns: The system's error number, 0 without one, and the process.
  private static func spawn(
    _ program: String,
    input: Int32,
    output: Int32,
    errors: Int32
  ) -> (code: Int32, process: pid_t) {
    var actions = unsafe posix_spawn_file_actions_t()
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { return (ENOMEM, 0) }
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in [(input, 0), (output, 1), (errors, 2)] as [(Int32, Int32)] {
      unsafe posix_spawn_file_actions_adddup2(&actions, number, stream)
    }
    // The messages are quoted, so they are in English; options of the user's are not wanted.
    let path = Platform.environment("PATH").map { ["PATH=" + $0] } ?? []
    var process: pid_t = 0
    let code = unsafe withCStrings([program, "-dc"]) { arguments in
      unsafe withCStrings(["LC_ALL=C"] + path) { environment in
        unsafe posix_spawnp(&process, program, &actions, nil, arguments, environment)
      }
    }
    return (code, process)
  }

  /// The exit status of `process`, 128 and the signal's number if a signal ended it.
  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }
}

/// A pipe that programs started elsewhere do not inherit.
private struct Pipe {
  let readEnd: Descriptor
  let writeEnd: Descriptor

  init(_ path: String) throws(FileError) {
    var ends: (Int32, Int32) = (-1, -1)
    let result = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
      unsafe pipe(bytes.bindMemory(to: Int32.self).baseAddress)
    }
    guard result == 0 else { throw FileError(.unpack, path) }
    readEnd = Descriptor(ends.0)
    writeEnd = Descriptor(ends.1)
    for end in [ends.0, ends.1] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }
}

extension PackedForm {
  /// The reason why the program that unpacks this form does not run, and the remedy.
  fileprivate func cannotStart(_ code: Int32) -> String {
    code == ENOENT
      ? "this is packed with \(rawValue), and there is no program of that name to unpack it; "
        + "install \(rawValue), or give the file unpacked"
      : "cannot start \(rawValue) to unpack it: \(Platform.reason(code)); give the file unpacked"
  }
}

/// Calls `body` with `strings` as C has lists of them, ended by a null pointer.
private func withCStrings<Result>(
  _ strings: [String],
  _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = unsafe strings.map { unsafe strdup($0) }
  defer { unsafe copies.forEach { unsafe free($0) } }
  return unsafe body(copies + [nil])
}
