import Synchronization
import Testing

@testable import Terminal

/// A clock set by hand, and what was drawn.
private final class Stage: Sendable {
  let time = Mutex(0.0)
  let drawn = Mutex<[String]>([])

  func bar(total: Int?, isVisible: Bool = true) -> ProgressBar {
    ProgressBar(
      label: "counting",
      total: total,
      unit: .bytes,
      isVisible: isVisible,
      width: 80,
      now: { self.time.withLock { $0 } },
      write: { text in self.drawn.withLock { $0.append(text) } }
    )
  }

  func at(_ seconds: Double) { time.withLock { $0 = seconds } }
  var lines: [String] { drawn.withLock { $0 } }
}

@Suite struct `Progress` {
  @Test func `short work draws nothing`() {
    let stage = Stage()
    let bar = stage.bar(total: 100)
    for step in 0...10 {
      stage.at(Double(step) / 10)
      bar.update(step)
    }
    bar.finish()
    #expect(stage.lines == [])
  }

  @Test func `long work is drawn ten times a second and cleared at the end`() {
    let stage = Stage()
    let bar = stage.bar(total: 1000)
    for step in 0...3000 {
      stage.at(Double(step) / 1000)
      bar.advance(by: 0)
    }
    #expect((19...20).contains(stage.lines.count))
    bar.finish()
    #expect(stage.lines.last == "\r\u{1B}[K")
    bar.update(5)
    bar.finish()
    #expect((20...21).contains(stage.lines.count))
  }

  @Test func `where no person reads, nothing is drawn`() {
    let stage = Stage()
    let bar = stage.bar(total: nil, isVisible: false)
    stage.at(5)
    bar.update(5)
    bar.finish()
    #expect(stage.lines == [])
  }

  @Test(arguments: [
    (Int?(100_000_000), 47_000_000, 4.0, "  47 %  11.8 MB/s  5 s left"),
    (100_000_000, 0, 2, "   0 %  0 B/s"),
    (100_000_000, 100_000_000, 2, " 100 %  50.0 MB/s"),
    (nil, 12_300_000, 3, "  12.3 MB  4.1 MB/s  3.0 s"),
  ])
  func `the line tells share, rate and time left`(
    total: Int?,
    done: Int,
    seconds: Double,
    tail: String
  ) {
    let line = Stage().bar(total: total).line(done: done, secondsElapsed: seconds)
    #expect(line.hasPrefix("counting  "))
    #expect(line.hasSuffix(tail))
    #expect(TextLayout.columnCount(of: line) < 80)
  }

  @Test func `several threads may report`() async {
    let stage = Stage()
    let bar = stage.bar(total: 8000)
    stage.at(2)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { for _ in 0..<999 { bar.advance(by: 1) } } }
    }
    stage.at(4)
    bar.advance(by: 8)
    #expect(stage.lines.last?.contains(" 100 %") == true)
    #expect(stage.lines.count == 2)
  }
}
