import Foundation
import TestSupport
import Testing
import Tokenization

@testable import LanguageModels

/// Words of ARPA files: markers in other case, and bytes that are not UTF-8.
@Suite struct ARPAWordsTests {
  /// An ARPA file of these unigrams, each with its log10 probability.
  private static func file(_ unigrams: [(String, Double)]) -> String {
    "\\data\\\nngram 1=\(unigrams.count)\n\n\\1-grams:\n"
      + unigrams.map { "\($0.1)\t\($0.0)\n" }.joined() + "\n\\end\\\n"
  }

  private func open(_ unigrams: [(String, Double)]) throws -> NGramModel {
    try withTemporaryFile(Self.file(unigrams)) { try ModelFile.openNGrams($0) }
  }

  private func log10(_ model: NGramModel, _ word: String) -> Double {
    let score = model.scores([.beginSentence, model.vocabulary[word]])[1]
    return (score.logProbability.log10 * 1e6).rounded() / 1e6
  }

  /// lmplz writes such a file for a text with the word `<UNK>` in it, in either order.
  @Test(arguments: [["<unk>", "<UNK>"], ["<UNK>", "<unk>"], ["<Unk>", "<unk>", "<UNK>"]])
  func `a marker in other case is a word of its own beside the marker`(words: [String]) throws {
    let model = try open(
      [("<s>", -99), ("</s>", -0.5)] + words.map { ($0, $0 == "<unk>" ? -2 : -1) }
    )
    #expect(log10(model, "<UNK>") == (words.contains("<UNK>") ? -1 : -2))
    #expect(log10(model, "zebra") == -2)
    #expect(model.vocabulary.count == 2 + words.count)
    #expect(model.description.notes.isEmpty)
  }

  /// CMU's tools write `<UNK>`, some files of upper-case texts `<S>` and `</S>`.
  @Test func `a marker in other case is the marker where the file has no other`() throws {
    let model = try open([("<S>", -99), ("</S>", -0.5), ("<UNK>", -2), ("A", -1)])
    #expect(model.vocabulary.count == 4)
    #expect(log10(model, "zebra") == -2)
    #expect(log10(model, "</s>") == -0.5)
    #expect(
      model.description.notes == [
        "the ARPA file has no <unk>; its <UNK> is read as that",
        "the ARPA file has no <s>; its <S> is read as that",
        "the ARPA file has no </s>; its </S> is read as that",
      ]
    )
  }

  @Test func `of two spellings of a missing marker the first is taken`() throws {
    let model = try open([("<s>", -99), ("</s>", -0.5), ("<UNK>", -2), ("<Unk>", -1)])
    #expect(log10(model, "zebra") == -2)
    #expect(log10(model, "<Unk>") == -1)
  }

  @Test func `n-grams take a marker as the unigrams do`() throws {
    let unigrams = "\\1-grams:\n-99\t<s>\t-0.25\n-0.5\t</s>\n-2\t<UNK>\t-0.5\n"
    let text =
      "\\data\\\nngram 1=3\nngram 2=1\n\n\(unigrams)\n\\2-grams:\n-0.125\t<s> <UNK>\n\n\\end\\\n"
    let model = try withTemporaryFile(text) { try ModelFile.openNGrams($0) }
    #expect(log10(model, "zebra") == -0.125)
  }

  @Test func `a marker listed twice is an error`() throws {
    for words in [["<unk>", "<unk>"], ["<UNK>", "<UNK>"]] {
      let unigrams = [("<s>", -99.0), ("</s>", -0.5)] + words.map { ($0, -1) }
      try withTemporaryFile(Self.file(unigrams)) { path in
        let error = ARPAError(path: path, line: 8, reason: .duplicate(words[0]))
        _ = #expect(throws: error) { try ModelFile.openNGrams(path) }
      }
    }
  }

  /// Latin-1, KOI8-R and GBK; the first such line is the fourth unigram's.
  @Test(arguments: [[0x63, 0x61, 0x66, 0xe9], [0xc4, 0xcf, 0xcd], [0xd6, 0xd0, 0xce, 0xc4]])
  func `a word that is not UTF-8 is named with its line`(word: [UInt8]) throws {
    let head = "caf\u{e9}\n\\data\\\nngram 1=4\n\n\\1-grams:\n-99 <s>\n-1 </s>\n-1 caf\u{e9}\n-1 "
    let folder = try TestFolder()
    let path = try folder.write(Array(head.utf8) + word + Array("\n\n\\end\\\n".utf8), to: "m.arpa")
    do {
      _ = try ModelFile.openNGrams(path)
      Issue.record("it was read")
    } catch {
      let shown = String(decoding: word, as: UTF8.self)
      #expect(
        "\(error)" == "\(path):9: '\(shown)' is not UTF-8; convert the file from its encoding with "
          + "iconv, as with iconv -f WINDOWS-1252 -t UTF-8"
      )
    }
  }

  @Test func `remarks in another encoding do not matter`() throws {
    let folder = try TestFolder()
    let text = Self.file([("<s>", -99), ("</s>", -1)])
    let path = try folder.write([0x23, 0x20, 0xe9, 0x0a] + Array(text.utf8), to: "m.arpa")
    #expect(try ModelFile.openNGrams(path).vocabulary.count == 3)
  }

  /// The file's own header says that its tokens are bytes.
  @Test func `single bytes come back, though half of them are not UTF-8`() throws {
    let recipe = Recipe(order: 2, tokenizer: .bytes, sequence: .document)
    let model = try recipe.model("caf\u{e9} \u{20ac}\n")
    let back = try model.throughARPA()
    #expect(back.vocabulary.fingerprint == model.vocabulary.fingerprint)
  }
}
