import Foundation
import PerplexCommands
import Terminal
import TestSupport
import Testing

@Suite struct InterruptionTests {
  private static let text = String(repeating: sampleText, count: isWantedSlow ? 300 : 60)

  /// An older model, the text of a newer one, and the bytes of both.
  private func bench() throws -> (bench: Workbench, older: [UInt8], newer: [UInt8], time: Duration)
  {
    let bench = try Workbench()
    try bench.write(sampleText, to: "older.txt")
    try bench.write(Self.text, to: "newer.txt")
    #expect(bench.run("train", "@older.txt", "-o", "@m.perplex", "-q").code == 0)
    let older = try #require(bench.bytes(of: "m.perplex"))
    let time = ContinuousClock().measure {
      #expect(bench.run("train", "@newer.txt", "-o", "@other.perplex", "-q").code == 0)
    }
    let newer = try #require(bench.bytes(of: "other.perplex"))
    try FileManager.default.removeItem(atPath: bench.path("other.perplex"))
    return (bench, older, newer, time)
  }

  /// The moments of a run, from its start to after its end.
  private func delays(_ time: Duration, count: Int) -> [UInt32] {
    let microseconds = Double(time / .microseconds(1))
    return (0..<count).map { UInt32(microseconds * 1.2 * Double($0) / Double(count - 1)) + 1 }
  }

  @Test func `a run killed at any moment leaves the older model or the whole newer one`()
    async throws
  {
    let (bench, older, newer, time) = try bench()
    for delay in delays(time, count: isWantedSlow ? 8 : 4) {
      try Data(older).write(to: URL(fileURLWithPath: bench.path("m.perplex")))
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [folder = bench.folder as String, delay = delay as UInt32] in
        train(in: folder, endingAfter: delay, by: SIGKILL)
      }
      let left = bench.bytes(of: "m.perplex")
      #expect(left == older || left == newer, "killed after \(delay) µs")
    }
    // Whatever was left, the next run clears away.
    #expect(bench.run("train", "@newer.txt", "-o", "@m.perplex", "-q").code == 0)
    #expect(bench.names == ["m.perplex", "newer.txt", "older.txt"])
    #expect(bench.bytes(of: "m.perplex") == newer)
  }

  @Test func `a run interrupted at any moment leaves no other file`() async throws {
    let (bench, older, newer, time) = try bench()
    for delay in delays(time, count: isWantedSlow ? 6 : 3) {
      try Data(older).write(to: URL(fileURLWithPath: bench.path("m.perplex")))
      await #expect(processExitsWith: .signal(SIGTERM)) {
        [folder = bench.folder as String, delay = delay as UInt32] in
        train(in: folder, endingAfter: delay, by: SIGTERM)
      }
      #expect(bench.names == ["m.perplex", "newer.txt", "older.txt"])
      let left = bench.bytes(of: "m.perplex")
      #expect(left == older || left == newer, "interrupted after \(delay) µs")
    }
  }
}

/// Trains in this process, which gets the signal `number` after so many microseconds.
private func train(in folder: String, endingAfter delay: UInt32, by number: Int32) {
  Thread.detachNewThread {
    usleep(delay)
    kill(getpid(), number)
  }
  var console = Console.recording()
  _ = perplex.run(
    ["train", folder + "/newer.txt", "-o", folder + "/m.perplex", "-q"],
    in: &console
  )
  sleep(60)
}
