import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

/// The examples of doc comments: each stands here as it stands there, and prints what it says.
@Suite struct `Examples of doc comments` {
  @Test func `a tokenizer splits a text`() throws {
    var printed: [String] = []
    func print(_ item: Any) { printed.append("\(item)") }
    // Example: Tokenization/Tokenizers/Tokenizer.swift
    let tokens = WordTokenizer().tokens(in: "I can't pay $3.14.")
    print(tokens.joined(separator: " | "))  // I | can't | pay | $ | 3.14 | .
    // End
    try expect(printed, in: "Tokenization/Tokenizers/Tokenizer.swift")
  }

  @Test func `a vocabulary numbers tokens`() throws {
    var printed: [String] = []
    func print(_ item: Any) { printed.append("\(item)") }
    // Example: Tokenization/Vocabulary.swift
    var builder = VocabularyBuilder()
    for word in ["the", "cat"] { builder.insert(word) }
    let vocabulary = builder.vocabulary()
    print(vocabulary["cat"].index)  // 4
    print(vocabulary[TokenID(4)])  // cat
    print(vocabulary["dog"].isOutOfVocabulary)  // true
    print(vocabulary.count)  // 5
    // End
    try expect(printed, in: "Tokenization/Vocabulary.swift")
  }

  @Test func `an evaluator takes a model through a text`() throws {
    var printed: [String] = []
    func print(_ item: Any) { printed.append("\(item)") }
    let model = StubModel.uniform(["the", "cat"])
    try withText("the cat\nthe dog\n".utf8) { text in
      // Example: Perplexity/Evaluator.swift
      let evaluation = try Evaluator(model).evaluate(text)
      print(evaluation.measure.tokens)  // 6
      print(evaluation.measure.outOfVocabulary)  // 1
      print(evaluation.crossEntropyBits)  // 2.0
      print(evaluation.perplexity)  // 4.0
      // End
    }
    try expect(printed, in: "Perplexity/Evaluator.swift")
  }

  /// Checks that the doc comment of `path` has the example, and that it prints what it says.
  private func expect(_ printed: [String], in path: String) throws {
    let tests = URL(fileURLWithPath: #filePath)
    let sources = tests.appending(path: "../../../Sources").standardized
    let lines = try String(contentsOf: tests, encoding: .utf8).components(separatedBy: "\n")
    let start = try #require(lines.firstIndex { $0.hasSuffix("// Example: \(path)") })
    let indent = lines[start].prefix { $0 == " " }
    let end = try #require(lines[start...].firstIndex(of: indent + "// End"))
    let example = lines[start + 1..<end].map { $0.dropFirst(indent.count) }
    let comment = "/// ```swift\n" + example.map { "/// \($0)\n" }.joined() + "/// ```\n"
    let source = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
    #expect(source.contains(comment), "\(path) has not:\n\(comment)")
    let said = example.compactMap { line in line.range(of: "// ").map { line[$0.upperBound...] } }
    #expect(said.map { String($0) } == printed)
  }
}
