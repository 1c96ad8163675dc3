import Foundation
import InformationTheory
import Testing

@Suite struct ArticleSourceTests {
  /// Holds a test's code and what it printed against the article that shows it.
  private func expect(
    _ name: String,
    _ printed: [String],
    file: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let source = try String(contentsOfFile: file, encoding: .utf8)
    let code = try #require(ShownSource(of: name, in: source))
    let blocks = try Article(named: name).blocks.filter { $0.language == "swift" }
    #expect(blocks.count == 1, sourceLocation: sourceLocation)
    #expect(
      blocks.allSatisfy(code.isShown),
      "\(name).md has other code than its test",
      sourceLocation: sourceLocation
    )
    #expect(
      code.shows(printed),
      "\(name).md: the code prints \(printed)",
      sourceLocation: sourceLocation
    )
  }

  @Test func `the code of the article on losses prints what it says`() throws {
    var printed: [String] = []
    func print(_ value: some Any) { printed.append("\(value)") }
    // Article: CrossEntropyAsALoss
    // The first of three classes is true. Both predictions are wrong, one of them is sure of it.
    let target = CrossEntropyLoss.oneHot(0, classCount: 3)
    let unsure = [0.0, 1.0, 0.0]
    let sure = [0.0, 16.0, 0.0]

    print(Logits.softmax(unsure))  // [0.2119…, 0.5761…, 0.2119…]
    print(CrossEntropyLoss.nats(label: 0, logits: unsure))  // 1.5514…
    print(CrossEntropyLoss.nats(label: 0, logits: sure))  // 16.0000…

    print(CrossEntropyLoss.gradient(target: target, logits: unsure))
    // [-0.7880…, 0.5761…, 0.2119…]
    print(CrossEntropyLoss.gradient(target: target, logits: sure))
    // [-0.9999…, 0.9999…, 1.1253…e-07]
    print(SquaredErrorLoss.gradient(target: target, logits: unsure))
    // [-0.1409…, 0.1406…, 0.0003…]
    print(SquaredErrorLoss.gradient(target: target, logits: sure))
    // [-1.5004…e-07, 2.2507…e-07, -7.5023…e-08]

    // A smoothed target is not certain itself: its entropy is the floor of the loss, in bits here.
    let smoothed = try Distribution(CrossEntropyLoss.smoothed(target, by: 0.1))
    let prediction = try Distribution(Logits.softmax(unsure))
    print(smoothed.entropyBits)  // 0.4200…
    print(smoothed.divergenceBits(from: prediction))  // 1.7701…
    print(smoothed.crossEntropyBits(predictedBy: prediction))  // 2.1901…

    // A student learns from all of a teacher's distribution, made flatter by a temperature.
    let teacher = [4.0, 2.0, 0.0]
    print(Logits.softmax(teacher))  // [0.8668…, 0.1173…, 0.0158…]
    print(Logits.softmax(teacher, temperature: 4))  // [0.5064…, 0.3071…, 0.1863…]
    print(DistillationLoss.nats(teacher: teacher, student: unsure, temperature: 4))  // 1.4732…
    // End
    try expect("CrossEntropyAsALoss", printed)
  }

  @Test func `code that is changed, or prints something else, is found`() throws {
    let source = "import A\n  // Article: X\n  let a = 1\n\n  print(a)  // 1.5…\n  // End\n"
    let code = try #require(ShownSource(of: "X", in: source))
    func block(_ lines: String...) -> Article.Block {
      Article.Block(language: "swift", line: 1, lines: lines)
    }
    #expect(code.isShown(by: block("let a = 1", "", "print(a)  // 1.5…")))
    #expect(code.isShown(by: block("import A", "", "let a = 1", "", "print(a)  // 1.5…")))
    #expect(!code.isShown(by: block("import B", "", "let a = 1", "", "print(a)  // 1.5…")))
    #expect(!code.isShown(by: block("let a = 2", "", "print(a)  // 1.5…")))
    #expect(code.shows(["1.55"]))
    #expect(!code.shows(["1.45"]))
    #expect(!code.shows([]))
    #expect(ShownSource(of: "Y", in: source) == nil)
  }
}
