import LanguageModels
import Testing
import Tokenization

@testable import Perplexity

@Suite struct TextUnitsTests {
  private func sum(_ bits: Double, bytes: Int = 1) -> BlockSum {
    var sum = BlockSum()
    sum.knownBits = bits
    sum.tokens = 1
    sum.bytes = bytes
    return sum
  }

  @Test(arguments: [1, 4_096, 4_097, 8_192, 8_193, 100_003])
  func `gathered blocks are few, equally large but for the last, and add up`(count: Int) {
    var sums = BlockSums()
    for index in 0..<count { sums.append(sum(Double(index))) }
    #expect(sums.stretchCount == count)
    #expect(sums.blocks.count <= BlockSums.limit)
    #expect(sums.blocks.count > min(count - 1, BlockSums.limit / 2))
    #expect(sums.blocks.dropLast().allSatisfy { $0.tokens == sums.stretchesInBlock })
    #expect(sums.blocks.reduce(0) { $0 + $1.tokens } == count)
    #expect(sums.blocks.reduce(0) { $0 + $1.bits } == Double(count * (count - 1) / 2))
  }

  @Test func `texts that follow one another add up, however much of each is gathered`() {
    var first = BlockSums()
    for _ in 0..<10_000 { first.append(sum(1)) }
    var second = BlockSums()
    for _ in 0..<10 { second.append(sum(2)) }
    for (left, right) in [(first, second), (second, first), (first, first), (BlockSums(), second)] {
      var both = left
      both.append(contentsOf: right)
      let bits = (left.blocks + right.blocks).reduce(0) { $0 + $1.bits }
      #expect(both.stretchCount == left.stretchCount + right.stretchCount)
      #expect(both.blocks.count <= BlockSums.limit)
      #expect(both.blocks.reduce(0) { $0 + $1.bits } == bits)
    }
  }

  private func evaluation(of text: String) throws -> Evaluation {
    try evaluate(StubModel.uniform(["a", "b"]), text)
  }

  @Test func `lines are units of a text without enough paragraphs`() throws {
    let units = try evaluation(of: "a b\n\na\nb\n").units
    #expect(units.kind == .lines)
    #expect(units.blocks.blocks.map(\.tokens) == [3, 1, 2, 2])
    #expect(units.blocks.blocks.map(\.bytes) == [4, 1, 2, 2])
    #expect(units.blocks.blocks.map(\.bits) == [6, 2, 4, 4])
    #expect(units.blocks(of: .documents).blocks.map(\.tokens) == [8])
  }

  @Test func `blank lines separate paragraphs and belong to the one before`() throws {
    let text = String(repeating: "a b\nb\n\n\n", count: 10)
    let units = try evaluation(of: text).units
    #expect(units.kind == .paragraphs)
    #expect(units.blocks.blocks.map(\.tokens) == [Int](repeating: 7, count: 10))
    #expect(try evaluation(of: "\n\n" + text).units.blocks.stretchCount == 11)
  }

  @Test(arguments: [2, 20])
  func `documents are units where there are several`(count: Int) throws {
    let one = try evaluation(of: "a\nb\n")
    let many = (1..<count).reduce(one) { sum, _ in sum + one }
    #expect(one.units.kind == .lines)
    #expect(many.units.kind == .documents)
    #expect(many.units.blocks.blocks.map(\.tokens) == [Int](repeating: 4, count: count))
  }

  @Test(arguments: [TextSettings.Sequence.line, .document])
  func `units add up to the evaluation`(sequence: TextSettings.Sequence) throws {
    let text = String(repeating: "a b c  unknown a\nb\n\n", count: 30_000) + "a"
    let settings = TextSettings(tokenizer: .whitespace, sequence: sequence)
    let model = StubModel.uniform(["a", "b", "\n"], settings)
    let evaluation = try evaluate(model, text, threads: 2)
    for kind in TextUnits.Kind.allCases {
      let blocks = evaluation.units.blocks(of: kind).blocks
      let sum = blocks.reduce(into: BlockSum()) { $0 += $1 }
      #expect(sum.tokens == evaluation.measure.tokens)
      #expect(sum.outOfVocabulary == evaluation.measure.outOfVocabulary)
      #expect(sum.bytes == evaluation.measure.bytes)
      #expect(abs(sum.bits + evaluation.total.bits) < 1e-6)
      #expect(abs(sum.unknownBits + evaluation.unknownTotal.bits) < 1e-6)
    }
  }

  @Test func `a token without a score is counted with its bytes and charged as random bytes`() {
    var encoded = EncodedText()
    encoded.text = Array("abc d\n".utf8)
    encoded.tokens = [TokenID(3), TokenID(3)]
    encoded.ranges = [0..<3, 3..<6]
    encoded.byteCount = 6
    encoded.lines = [.init(firstToken: 0, byteCount: 6, isBlank: false)]
    var evaluation = Evaluation()
    evaluation.add(
      ScoredText(
        encoded: encoded,
        scores: [
          .unscored, TokenScore(logProbability: LogProbability(bits: -5), matchedLength: 1),
        ]
      )
    )
    evaluation.endText()
    #expect(evaluation.measure.tokens == 1)
    #expect(evaluation.measure.unscoredTokens == 1)
    #expect(evaluation.measure.unscoredBytes == 3)
    #expect(evaluation.crossEntropyBits == 5)
    #expect(evaluation.bitsPerByte == 29.0 / 6)
    #expect(evaluation.units.blocks.blocks.map(\.chargedBits) == [29])
  }
}
