import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

/// The base file of llama-perplexity.
@Suite struct LogitsTests {
  private static let text = "Oda’s river."
  private static let pieces: [[UInt8]] = [
    Array("Oda".utf8), [0xe2, 0x80], [0x99], Array("s".utf8), Array(" river".utf8), [0x2e],
    Array("Ġ".utf8),
  ]

  /// A file of chunks of `contextLength` tokens, each of which has 1/2 at the first of the vocabulary,
  /// 1/4 at the next and so on, the last two alike.
  private func file(_ tokens: [Int32], contextLength: Int = 3, vocabularySize: Int = 7) -> [UInt8] {
    var bytes = Array("_logits_".utf8)
    func append<Value>(_ value: Value) { withUnsafeBytes(of: value) { bytes += Array($0) } }
    let chunkCount = tokens.count / contextLength
    for number in [contextLength, vocabularySize, chunkCount] { append(Int32(number)) }
    for token in tokens { append(token) }
    for _ in 0..<chunkCount * (contextLength - 1 - contextLength / 2) {
      // log p = scale q + minimum: q counts halvings from the least likely up.
      append(Float(log(2.0)))
      append(Float(-log(2.0) * Double(vocabularySize - 1)))
      for id in 0..<vocabularySize { append(UInt16(max(0, vocabularySize - 2 - id))) }
      if vocabularySize % 2 == 1 { append(UInt16(0)) }
    }
    return bytes
  }

  private var list: String {
    "[" + Self.pieces.map { "\($0)" }.joined(separator: ", ") + "]"
  }

  @Test func `the second half of each chunk has scores, and the rest is counted`() throws {
    let scored = try scored(
      file([0, 1, 2, 3, 4, 5]),
      on: Array(Self.text.utf8 + Array(" More.\n".utf8)),
      pieces: list
    )
    // Of three tokens the last has a score: 99 (2^-3) and the full stop (2^-6).
    #expect(
      scored.bits.map { $0.map { ($0 * 1e5).rounded() / 1e5 } } == [nil, nil, 3, nil, nil, 6, nil]
    )
    #expect(scored.evaluation.measure.unscoredBytes == 3 + 2 + 1 + 6 + 7)
    #expect(
      scored.notes == ["7 bytes at the end of the text outside all documents, so without a score"]
    )
  }

  @Test(arguments: [
    #"{"tokens": [{"id": 0, "piece": "Oda"}, {"id": 3, "piece": "s"}, {"id": 1, "piece": [226, 128]}, {"id": 2, "piece": [153]}, {"id": 4, "piece": " river"}, {"id": 5, "piece": "."}]}"#,
    #"{"Oda": 0, "âĢ": 1, "Ļ": 2, "s": 3, "Ġriver": 4, ".": 5}"#,
  ])
  func `pieces are read as llama.cpp and as Hugging Face write them`(pieces: String) throws {
    #expect(
      try scored(file([0, 1, 2, 3, 4, 5]), on: Array(Self.text.utf8), pieces: pieces).tokens.count
        == 6
    )
  }

  @Test func `pieces of SentencePiece have signs for spaces and bytes`() throws {
    let pieces = #"{"▁Oda": 0, "<0xE2>": 1, "<0x80>": 2, "<0x99>": 3, "s": 4, "▁.": 5}"#
    let scored = try scored(file([0, 1, 2, 3, 4, 5]), on: Array("Oda’s .".utf8), pieces: pieces)
    #expect(scored.tokens.count == 6)
    #expect(scored.notes.count == 1)
  }

  @Test func `without the pieces of the vocabulary the file cannot be placed, and says so`() throws
  {
    #expect(
      throws: BadFile(
        line:
          "scores.jsonl: the file has the numbers of tokens, not their spelling; write the pieces "
          + "of the vocabulary as a JSON list to scores.jsonl.vocab.json"
      )
    ) { try scored(file([0, 1, 2]), on: Array(Self.text.utf8)) }
  }

  @Test func `a token without a piece is named`() throws {
    #expect(
      throws: BadFile(
        line:
          "scores.jsonl: token 2 is number 9, of which the vocabulary of 7 has no piece; give the "
          + "vocabulary of the same model"
      )
    ) { try scored(file([0, 9, 2]), on: Array(Self.text.utf8), pieces: list) }
  }

  @Test func `every file that was cut short is refused, and none crashes`() throws {
    let whole = file([0, 1, 2, 3, 4, 5])
    for count in 8..<whole.count {
      #expect(throws: BadFile.self) {
        try scored(Array(whole[..<count]), on: Array(Self.text.utf8), pieces: list)
      }
    }
    // Numbers of the header beyond all measure.
    for place in 8..<20 {
      var changed = whole
      changed[place] = 0x7f
      _ = try? scored(changed, on: Array(Self.text.utf8), pieces: list)
    }
  }

  @Test func `probabilities that do not add up to one are refused`() throws {
    var changed = file([0, 1, 2])
    let scale = 20 + 4 * 3
    withUnsafeBytes(of: Float(0.1)) { changed.replaceSubrange(scale..<scale + 4, with: Array($0)) }
    #expect(throws: BadFile.self) {
      try scored(changed, on: Array(Self.text.utf8), pieces: list)
    }
  }
}
