import Files
import Foundation
import Testing

@testable import Terminal

/// A command whose reader has gone.
private struct Piping: Command {
  static let name = "pipe"
  static let abstract = "Write to a pipe."
  static let arguments: [Argument<Self>] = []
  func run(in console: inout Console) throws {
    throw ConsoleError(stream: "standard output", errorNumber: EPIPE)
  }
}

/// A command that runs into a full disk.
private struct Filling: Command {
  static let name = "fill"
  static let abstract = "Fill the disk."
  static let arguments: [Argument<Self>] = []
  func run(in console: inout Console) throws {
    throw ConsoleError(stream: "standard output", errorNumber: ENOSPC)
  }
}

@Suite struct `The console` {
  @Test func `a recording console keeps both streams`() throws {
    var console = Console.recording(width: 60)
    try console.print("result")
    try console.write(bytes: [0x41, 0x0A])
    console.note("a remark")
    console.isQuiet = true
    console.note("unheard")
    console.writeError("heard\nin one line")
    #expect(console.output == "result\nA\n")
    #expect(console.errors == "perplex: a remark\nperplex: heard in one line\n")
    #expect(console.width == 60)
  }

  @Test func `colour is for terminals unless it is asked for`() {
    #expect(Console.recording(color: .auto).style == .plain)
    #expect(Console.recording(color: .always).style == .colored)
    #expect(Style.colored.bold("x") == "\u{1B}[1mx\u{1B}[0m")
    #expect(Style.colored.red("") == "")
    #expect(Style.plain.green("x") == "x")
  }

  @Test func `progress of a console without a terminal is silent`() {
    var console = Console.recording()
    let bar = console.progress("counting", total: 3)
    bar.update(3)
    bar.finish()
    #expect(console.errors == "")
  }

  @Test func `a closed pipe ends quietly, a full disk is an error`() {
    let program = CommandGroup(
      name: "perplex",
      version: "1",
      abstract: "Write.",
      commands: [Piping.self, Filling.self]
    )
    var console = Console.recording()
    #expect(program.run(["pipe"], in: &console) == 0)
    #expect(console.errors == "")
    #expect(program.run(["fill"], in: &console) == 1)
    #expect(
      console.errors == "perplex: cannot write standard output: No space left on device\n"
    )
  }

  @Test func `a write that fails is an error now and at the end`() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var buffer = OutputBuffer(
      StandardStream(descriptor: descriptor, name: "s"),
      isLineBuffered: false
    )
    try buffer.append("x".utf8)
    let expected = ConsoleError(stream: "s", errorNumber: ENOSPC)
    #expect(throws: expected) { try buffer.flush() }
    #expect(throws: expected) { try buffer.flush() }
  }

  @Test func `what is written arrives whole and in order`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    var buffer = OutputBuffer(
      StandardStream(descriptor: ends[1], name: "s"),
      isLineBuffered: true
    )
    try buffer.append("no line".utf8)
    try buffer.append(" yet\n".utf8)
    try buffer.append("rest".utf8)
    try buffer.flush()
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = read(ends[0], &bytes, 100)
    close(ends[0])
    #expect(String(decoding: bytes.prefix(count), as: UTF8.self) == "no line yet\nrest")
  }
}
