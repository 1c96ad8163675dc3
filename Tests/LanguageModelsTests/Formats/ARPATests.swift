import Files
import Foundation
import LanguageModels
import TestSupport
import Testing
import Tokenization

@Suite struct ARPATests {
  /// p(a) = 0.5, p(b) = 0.25, p(</s>) = 0.2, p(<unk>) = 0.05; the bigram "a b" has 0.8, and a's
  /// other successors have 0.4 of their unigram probability.
  static let tiny = """
    \\data\\
    ngram 1=5
    ngram 2=1

    \\1-grams:
    -1.3010300\t<unk>
    -99\t<s>\t-0.30103
    -0.3010300\ta\t-0.3979400
    -0.6020600\tb
    -0.6989700\t</s>

    \\2-grams:
    -0.0969100\ta b

    \\end\\

    """

  private func open(_ text: String, path: String = "tiny.arpa") throws -> NGramModel {
    try withFile(text) { try ModelFile.openNGrams($0) }
  }

  private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result
  {
    let folder = try TestFolder()
    return try body(folder.write(text, to: "tiny.arpa"))
  }

  private func log10(_ model: NGramModel, _ words: [String]) -> [Double] {
    let tokens = [.beginSentence] + words.map { model.vocabulary[$0] } + [.endSentence]
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var span = scores.mutableSpan
    model.score(tokens.span, 0..<tokens.count, into: &span)
    return scores.dropFirst().map(\.logProbability.log10)
  }

  @Test func `a sentence is scored by longest match and back-off`() throws {
    let model = try open(Self.tiny)
    // <s> weighs 0.5: p(a | <s>) = 0.5 * 0.5; p(b | a) = 0.8; b has no weight: p(a | b) = 0.5;
    // p(zebra | a) = 0.4 * 0.05; <unk> is no context: p(</s>) = 0.2.
    let expected = [0.25, 0.8, 0.5, 0.02, 0.2].map { Foundation.log10($0) }
    for (found, wanted) in zip(log10(model, ["a", "b", "a", "zebra"]), expected) {
      #expect(abs(found - wanted) < 1e-6)
    }
  }

  @Test(
    arguments: [
      ("\n", "\r\n"), ("\t", " "), ("ngram 1=5", "ngram  1=        5"),
      ("-99\t<s>", "0\t<s>"), ("<unk>", "<UNK>"), ("-0.0969100", "-9.691e-02"),
      ("\\data\\", "some words before\n\n\\data\\"), ("\n\n\\end", "\n\\end"),
      ("a b\n", "a b\t0\n"), ("\tb\n", "\tb\t0.0\n"), ("a b\n", "a b\t-0 \t\n"),
      ("\\data\\", "\u{feff}\\data\\"), ("-99\t<s>", "-inf\t<s>"), ("-0.30103", "-.30103"),
      ("\n\\1-grams:", "\\1-grams:"), ("-99\t<s>", "+1e-7\t<s>"),
      ("-0.0969100", "-0.0969100000000000000000"), ("\\end\\", "\\end\\\n\nwhatever"),
      ("\\data\\", "# escapes are not meant here\n\\data\\"), ("ngram 1=5", "ngram 1 = 5 "),
      ("ngram 2=1", "ngram 2=1\nngram 3=0"), ("ngram 2=1", "\tngram\t2=\t1"),
      ("\\end\\", "\\3-grams:\n\n\\end\\"), ("-0.3979400", "-3.979400E-1"),
      ("-99\t<s>", "0.0001\t<s>"), ("-99\t<s>", "-99.999\t<s>"), ("-0.6020600\tb", " -0.60206  b "),
    ])
  func `the dialects read as the same model`(change: (String, String)) throws {
    var text = Self.tiny.replacingOccurrences(of: change.0, with: change.1)
    if change.1.contains("3-grams") {
      text = text.replacingOccurrences(of: "ngram 2=1", with: "ngram 2=1\nngram 3=0")
    }
    let model = try open(text)
    let plain = try open(Self.tiny)
    #expect(log10(model, ["a", "b", "zebra"]) == log10(plain, ["a", "b", "zebra"]))
  }

  @Test(
    arguments: [
      (
        "ngram 2=1", "ngram 2=2", 15,
        "the header announces 2 2-grams, the section has 1; correct the header or the section"
      ),
      ("ngram 2=1", "ngram 3=1", 3, "expected 'ngram N=COUNT', found 'ngram 3=1'"),
      (
        "ngram 2=1", "ngram 2~1", 3,
        "'ngram 2~1' announces n-grams in HTK's binary form; write the file as text"
      ),
      ("ngram 2=1", "ngram 2=1\nngram 3=1", 16, "expected '\\3-grams:', found '\\end\\'"),
      (
        "ngram 2=1", "ngram 2=0", 13,
        "the header announces 0 2-grams, the section has 1; correct the header or the section"
      ),
      ("\\2-grams:", "\\3-grams:", 12, "expected '\\2-grams:', found '\\3-grams:'"),
      (
        "ngram 1=5", "ngram 1=2", 8,
        "the header announces 2 1-grams, the section has 5; correct the header or the section"
      ),
      (
        "ngram 1=5", "ngram 1=9223372036854775807", 12,
        "the header announces 9223372036854775807 1-grams, the section has 5; correct the header or the section"
      ),
      ("-0.3979400", "1e300", 8, "'1e300' is not a number; write log10 with a decimal point"),
      ("-0.0969100", "-0x1p-3", 13, "'-0x1p-3' is not a number; write log10 with a decimal point"),
      (
        "\\2-grams:", "\\" + String(repeating: "x", count: 90) + "-grams:", 12,
        "expected '\\2-grams:', found '\\" + String(repeating: "x", count: 79) + "…'"
      ),
      ("\\end\\", "", 15, "the file ends where '\\end\\' should follow; copy or write it anew"),
      (
        "a b", "a b c d", 13,
        "a 2-gram has a number, 2 words and perhaps a back-off weight, not 5 fields; words cannot contain white space"
      ),
      (
        "-0.0969100", "-0,0969100", 13,
        "'-0,0969100' is not a number; write log10 with a decimal point"
      ),
      ("-0.0969100", "nan", 13, "'nan' is not a number; write log10 with a decimal point"),
      (
        "-0.0969100", "0.5", 13,
        "the log10 probability 0.5 is above 0, so the probability above 1; write log10 of the probability"
      ),
      ("a b", "a c", 13, "'c' is not among the 1-grams; add it there"),
      ("\tb\n", "\ta\n", 9, "'a' is listed twice; remove one"),
      (
        "a b\n", "a b\t-0.5\n", 13,
        "the highest order has no back-off weights, found -0.5; is an order missing?"
      ),
    ])
  func `a fault is named with its line`(fault: (String, String, Int, String)) throws {
    let text = Self.tiny.replacingOccurrences(of: fault.0, with: fault.1)
    let error = try withFile(text) { path in
      do {
        _ = try ModelFile.openNGrams(path)
        return ""
      } catch { return "\(error)".components(separatedBy: "/").last ?? "" }
    }
    #expect(error == "tiny.arpa:\(fault.2): \(fault.3)")
  }

  @Test func `an n-gram listed twice is named with its line`() throws {
    let text = Self.tiny.replacingOccurrences(of: "ngram 2=1", with: "ngram 2=2")
      .replacingOccurrences(of: "a b\n", with: "a b\n-0.5\ta b\n")
    #expect(throws: ARPAError.self) { try open(text) }
    let message = try withFile(text) { path in
      do {
        _ = try ModelFile.openNGrams(path)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message.hasSuffix("tiny.arpa:14: 'a b' is listed twice; remove one"))
  }

  @Test func `without an unknown word, unknown words are impossible`() throws {
    let text = Self.tiny.replacingOccurrences(of: "ngram 1=5", with: "ngram 1=4")
      .replacingOccurrences(of: "-1.3010300\t<unk>\n", with: "")
    let model = try open(text)
    #expect(log10(model, ["zebra"])[0] == -.infinity)
    #expect(model.description.notes.count == 1)
  }

  @Test func `there and back, the listing is the same`() throws {
    try withFile(Self.tiny) { path in
      try ModelFile.convert(path, to: path + ".perplex")
      try ModelFile.convert(path + ".perplex", to: path + ".back")
      let back = try String(contentsOfFile: path + ".back", encoding: .utf8)
      let listing = { (text: String) in
        Set(
          text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            line.split(separator: "\t").map { Double($0).map { "\(Float($0))" } ?? String($0) }
          }
        )
      }
      // 0 is written where the file has no weight.
      let tiny = Self.tiny.replacingOccurrences(of: "<unk>", with: "<unk>\t0")
        .replacingOccurrences(of: "\tb\n", with: "\tb\t0\n")
        .replacingOccurrences(of: "</s>", with: "</s>\t0")
      #expect(listing(back) == listing(tiny))
    }
  }

  @Test func `tokens with white space and bytes that are no text survive`() throws {
    let text = "a b\t<0x41> c\n\u{e9}\n"
    for tokenizer in [TokenizerName.bytes, .characters] {
      let model = try Recipe(tokenizer: tokenizer).model(text)
      let back = try model.throughARPA()
      #expect(back.description.settings == model.description.settings)
      #expect(back.description.discounts == model.description.discounts)
      for id in 0..<model.vocabulary.count {
        let token = TokenID(UInt32(id))
        let bytes = model.vocabulary.withBytes(of: token) { Array($0) }
        #expect(back.vocabulary.number(of: bytes.span) == token)
      }
    }
  }
}
