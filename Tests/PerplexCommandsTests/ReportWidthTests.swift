import Foundation
import Terminal
import Testing

/// The reports of `loss` and of `divergence` on files, on a terminal of 80 columns.
struct ReportWidthTests {
  private func lines(_ words: [String], _ text: String) throws -> [String] {
    let bench = try Workbench()
    try bench.write(text, to: "rows.csv")
    let outcome = bench.run([words[0], "@rows.csv"] + words.dropFirst(), width: 80)
    #expect(outcome.code == 0, "\(outcome.errors)")
    // Paths are as long as the folder for temporary files makes them.
    return outcome.output.replacingOccurrences(of: bench.folder + "/", with: "")
      .split(separator: "\n").map(String.init)
  }

  private func expectFit(_ lines: [String]) {
    for line in lines { #expect(TextLayout.columnCount(of: line) <= 80, "\(line)") }
  }

  private static let long = "a-class-whose-name-is-much-longer-than-others"

  private static let losses = [
    // Many rows, large numbers, a long name, an infinite loss, a teacher.
    "label,a,b\n" + String(repeating: "a,0.9,0.1\n", count: 12_000),
    "label,logit_a,logit_b,logit_c\na,2,1,0\nc,8,0,-88\nb,0,3000,0\na,-700,0,0\n",
    "label,\(long),b\nb,0.3,0.7\n0,0,1\n",
    "label,\(long),b,teacher_\(long),teacher_b\nb,0.3,0.7,0.9,0.1\n0,0,1,1,0\n",
    "label,logit,teacher\n1,200,-300\n0,4,-5\n",
  ]

  @Test(arguments: losses)
  func `loss fits, and cuts nothing but names`(_ text: String) throws {
    for options in [[], ["--label-smoothing", "0.125"], ["--floor", "1e-7"]] {
      let lines = try lines(["loss"] + options, text)
      expectFit(lines)
      #expect(lines.contains { $0.hasSuffix("mean over rows, 15 bins") || $0.hasSuffix("bins") })
      for line in lines where line.contains("…") {
        #expect(line.hasPrefix("a-c") || line.contains("  a-c"))
      }
      // Bars are the last thing in a line, and a bar that was cut would end so.
      #expect(!lines.contains { $0.hasSuffix("…") })
    }
  }

  @Test func `the figures of loss are what they were, a line each`() throws {
    let lines = try lines(["loss", "--label-smoothing", "0.1"], Self.losses[1])
    let names = ["cross-entropy", "in bits", "smoothed", "perplexity", "accuracy"]
    for (name, line) in zip(names, lines.dropFirst(2)) {
      #expect(line.drop { $0 == " " }.hasPrefix(name), "\(line)")
    }
  }

  @Test func `bars become shorter before words are cut, and go where numbers need the room`() throws
  {
    let wide = try lines(["loss"], "label,a,b\na,0.5,0.5\nb,0.9,0.1\n")
    #expect(wide.contains { $0.hasSuffix("nats as a bar") })
    #expect(wide.contains { $0.hasSuffix(String(repeating: "█", count: 12)) })
    let narrow = try lines(["loss"], "label,a-long-name,b\n0,0.5,0.5\nb,0.9,0.1\n")
    #expect(narrow.contains { $0.contains("a-long-name") })
    #expect(narrow.contains { $0.hasSuffix("Brier  nats") })
    let header = "label,\(Self.long),b,teacher_\(Self.long),teacher_b\n"
    let crowded = try lines(["loss"], header + "b,0.3,0.7,0.9,0.1\n")
    #expect(crowded.contains { $0.hasSuffix("Brier") && $0.contains("distilled") })
  }

  @Test(arguments: [
    "outcome,p,q\nrain,0.5,0.4\nsnow,0.25,0.3\nsun,0.25,0.3\n",
    "outcome,p,q\n\(long),0.5,0.4\nsnow,0.25,0.3\nsun,0.25,0.3\n",
    "outcome,p,q\na-long-outcome,0.5,1\nsnow,0.25,0\nsun,0.25,0\n",
  ])
  func `divergence fits, and cuts nothing but names`(_ text: String) throws {
    for options in [[], ["--top", "1"], ["--floor", "1e-7"]] {
      let lines = try lines(["divergence"] + options, text)
      expectFit(lines)
      #expect(!lines.contains { $0.hasSuffix("…") })
      #expect(lines.contains { $0.contains("p, q") || $0.contains("p and q as bars") })
      let bars = lines.filter { $0.hasSuffix("█") }
      #expect(!bars.isEmpty)
    }
  }
}
