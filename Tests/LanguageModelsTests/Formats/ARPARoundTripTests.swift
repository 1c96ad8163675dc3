import Files
import Foundation
import InformationTheory
import Records
import TestSupport
import Testing
import Tokenization

@testable import LanguageModels

@Suite struct ARPARoundTripTests {
  /// The sections of the ARPA file that `text`, an ARPA file, becomes; remarks left out.
  private func rewritten(_ text: String) throws -> String {
    try withTemporaryFile(text) { path in
      let output = path + ".arpa"
      defer { try? FileManager.default.removeItem(atPath: output) }
      try ModelFile.convert(path, to: output)
      return try String(contentsOfFile: output, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    }
  }

  /// The model that `model`'s ARPA file gives, and the file's lines.
  private func back(_ model: NGramModel) throws -> (NGramModel, [Substring]) {
    try withTemporaryFile("") { path in
      try ARPAWriter(model, path: "m").write(to: path)
      // Single bytes are not UTF-8.
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      return (try ModelFile.openNGrams(path), lines)
    }
  }

  /// Nothing may come or go: not "a b", which is not listed though "a b c" is, nor the weight of "b a".
  ///
  /// The word "c" weighs 0 and is no context, which is the same as no weight; 0 is written for all
  /// that has none.
  @Test func `what is listed is written, and nothing else`() throws {
    let text = """

      \\data\\
      ngram 1=6
      ngram 2=2
      ngram 3=1

      \\1-grams:
      -1.30103\t<unk>
      -100\t<s>\t-0.30103
      -0.698970\t</s>
      -0.301030\ta\t-0.39794
      -0.602060\tb\t0
      -1e-05\tc\t0

      \\2-grams:
      -0.096910\tb a\t0.25
      -0.5\tb c

      \\3-grams:
      -0.123456789\ta b c

      \\end\\

      """
    let expected = text.replacingOccurrences(of: "<unk>", with: "<unk>\t0")
      .replacingOccurrences(of: "</s>", with: "</s>\t0")
      .replacingOccurrences(of: "b c", with: "b c\t0")
      .replacingOccurrences(of: "a b c\t0", with: "a b c")
      .replacingOccurrences(of: "123456789", with: "12345679")
      .replacingOccurrences(of: "698970", with: "69897")
      .replacingOccurrences(of: "301030", with: "30103")
      .replacingOccurrences(of: "602060", with: "60206")
      .replacingOccurrences(of: "096910", with: "09691")
    let lines = { (text: String) in text.split(separator: "\n").sorted() }
    #expect(lines(try rewritten(text)) == lines(expected))
  }

  @Test func `an ARPA file without special words is written without them`() throws {
    let text = """

      \\data\\
      ngram 1=1

      \\1-grams:
      -0.30103\ta

      \\end\\

      """
    #expect(try rewritten(text) == text.replacingOccurrences(of: "3\ta", with: "3\ta\t0"))
    let notes = try withTemporaryFile(text) { try ModelFile.openNGrams($0).description.notes }
    #expect(
      notes == [
        "the ARPA file has no <unk>: unknown words have probability zero",
        "the ARPA file has no <s>: nothing is known of the beginning of a sentence",
        "the ARPA file has no </s>: the end of a sentence has probability zero",
      ]
    )
  }

  @Test(arguments: [
    Recipe(), Recipe(order: 1), Recipe(method: .wittenBell), Recipe(method: .maximumLikelihood),
    Recipe(method: .katz, usesBackOff: true, order: 2),
    Recipe(method: .additive, usesBackOff: true), Recipe(order: 5, tokenizer: .characters),
    Recipe(tokenizer: .bytes, sequence: .document),
  ])
  func `a model scores as its ARPA file does`(recipe: Recipe) throws {
    let model = try recipe.model(jack)
    let (back, lines) = try back(model)
    #expect(back.vocabulary.fingerprint == model.vocabulary.fingerprint)
    #expect(back.description.vocabularyFingerprint == model.description.vocabularyFingerprint)
    var restored = back.description
    restored.scale = model.description.scale
    restored.combination = model.description.combination
    #expect(restored == model.description)
    let tokens = model.sentences("the rat that ate\nzebra malt the") + [.unknown, .outOfVocabulary]
    for (found, wanted) in zip(back.scores(tokens), model.scores(tokens)) {
      #expect(found.matchedLength == wanted.matchedLength)
      let (left, right) = (found.logProbability.log10, wanted.logProbability.log10)
      // A Float's log10 down to -99 is off by half of 2^-17, and there is one an order.
      #expect(left == right || abs(left - right) < 1e-5)
    }
    // KenLM refuses probabilities above one.
    #expect(lines.allSatisfy { (Double($0.prefix { $0 != "\t" }) ?? 0) <= 0 })
  }

  /// Kinds of words that a text may have; none has ASCII white space.
  @Test(arguments: [
    "<0xE2> <0x82> <0x0A> <0x20>", "<UNK> seen <Unk> <S> </S>", "a\u{a0}b c\u{2028}d \u{3000}e",
    "\u{85}f \u{7f}g \u{1}h", "-99 \\data\\ \\end\\ \\1-grams: ## #", "<0x <x < > \u{e9} e\u{301}",
  ])
  func `words stand in the file as they stand in the text, and come back`(words: String) throws {
    let model = try Recipe(order: 2).model(words + "\n")
    let (back, lines) = try back(model)
    let listed = lines.compactMap { line in
      let columns = line.split(separator: "\t")
      return columns.count == 3 && Double(columns[0]) != nil ? String(columns[1]) : nil
    }
    for word in words.split(separator: " ") {
      #expect(listed.contains { $0.unicodeScalars.elementsEqual(word.unicodeScalars) })
    }
    #expect(!lines.contains { $0.hasPrefix("# escapes") })
    #expect(back.vocabulary.fingerprint == model.vocabulary.fingerprint)
    let tokens = model.sentences(words)
    for (found, wanted) in zip(back.scores(tokens), model.scores(tokens)) {
      #expect(abs(found.logProbability.log10 - wanted.logProbability.log10) < 1e-5)
    }
  }

  /// Characters, so that white space is a token; each of the seven, beside a literal `<`.
  @Test func `only white space and NUL are escaped, and the file says so`() throws {
    let recipe = Recipe(order: 2, tokenizer: .characters)
    let model = try recipe.model("a b\tc\u{b}d\u{c}e\r\nf\0g\u{a0}<\r")
    try withTemporaryFile("") { path in
      let notes = try ARPAWriter(model, path: "m").write(to: path)
      let count = [" ", "\t", "\u{b}", "\u{c}", "\r", "\n", "\0"]
        .count { !model.vocabulary[$0].isOutOfVocabulary }
      #expect(
        notes == [
          "\(count) words could not be read back as they stand and are written with <0xHH>, "
            + "which other programs do not undo"
        ]
      )
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("# escapes\t<0xHH>\n"))
      for word in ["<0x20>", "<0x0B>", "<0x0C>", "<0x00>", "\u{a0}", "<"] {
        #expect(text.contains("\t\(word)\t"), "\(word)")
      }
      let back = try ModelFile.openNGrams(path)
      #expect(back.vocabulary.fingerprint == model.vocabulary.fingerprint)
    }
  }

  /// A file of this program from before escapes were rare: all that is special was escaped.
  @Test func `escapes are undone where the header says so, and only there`() throws {
    let listing = """
      \\data\\
      ngram 1=5

      \\1-grams:
      -1\t<unk>
      -99\t<s>
      -0.5\t</s>
      -0.4\t<0x3C>UNK>
      -0.3\t<0xC2><0xA0>

      \\end\\

      """
    let escaped = try withTemporaryFile("# escapes\t<0xHH>\n" + listing) {
      try ModelFile.openNGrams($0)
    }
    #expect(escaped.vocabulary["<UNK>"] == TokenID(3))
    #expect(escaped.vocabulary["\u{a0}"] == TokenID(4))
    let plain = try withTemporaryFile(listing) { try ModelFile.openNGrams($0) }
    #expect(plain.vocabulary["<0x3C>UNK>"] == TokenID(3))
    #expect(plain.vocabulary["<0xC2><0xA0>"] == TokenID(4))
  }

  /// Without `<unk>` in the file, `<UNK>` would be read as it; with an escape it is a word again.
  @Test func `a word that would be read as a missing marker is escaped`() throws {
    let text = """
      # escapes\t<0xHH>
      \\data\\
      ngram 1=3

      \\1-grams:
      -99\t<s>
      -0.5\t</s>
      -0.4\t<0x3C>UNK>

      \\end\\

      """
    #expect(try rewritten(text).contains("\n-0.4\t<0x3C>UNK>\t0\n"))
  }

  /// Decoders take lines of three columns for words, those of a 1-gram model too.
  @Test(arguments: [1, 2, 3])
  func `every n-gram below the highest order has three columns`(order: Int) throws {
    let model = try Recipe(method: .wittenBell, order: order).model(jack)
    let (_, lines) = try back(model)
    var columns: [Int: Set<Int>] = [:]
    var section = 0
    for line in lines {
      if line.hasSuffix("-grams:") { section = line.dropFirst().first?.wholeNumberValue ?? 0 }
      guard section > 0, line.contains("\t") else { continue }
      columns[section, default: []].insert(line.split(separator: "\t").count)
    }
    for section in 1...order {
      #expect(columns[section] == [section < max(2, order) ? 3 : 2])
    }
  }

  @Test func `models without back-off probabilities are refused`() throws {
    let additive = try Recipe(method: .additive).model(iAmSam)
    #expect(throws: ModelError.uniformBackOff(path: "m")) {
      try ARPAWriter(additive, path: "m")
    }
    let stupid = try Recipe(method: .stupidBackOff).model(iAmSam)
    #expect(throws: ModelError.noProbabilities(path: "m")) { try ARPAWriter(stupid, path: "m") }
  }

  /// Every other context has all later ones as longer ones: a walk of order 8 would not end.
  @Test func `contexts that overlap are found before anything is written`() throws {
    let recipe = Recipe(order: 8)
    let file = try recipe.file(recipe.data(randomText(words: 9, lines: 300, seed: 3)))
    var bytes = file.withBytes(0..<file.count) { Array($0) }
    let model = try NGramModel(file, path: "m")
    for region in model.regions.all {
      let start = Int(region.entry.offset)
      for node in 0...Int(region.entry.nodeCount) {
        // A context's longer ones end where those of the next begin.
        let child = node % 2 == 0 ? 0 : region.entry.nodeCount
        for byte in 0..<4 {
          bytes[start + 20 * node + 12 + byte] = UInt8(truncatingIfNeeded: child >> (8 * byte))
        }
      }
    }
    try expectDamaged(bytes, part: "region 0")
  }

  @Test func `a region that is not where its table says is found before anything is written`()
    throws
  {
    let file = try Recipe(order: 3).file(Recipe(order: 3).data(jack))
    var bytes = file.withBytes(0..<file.count) { Array($0) }
    let table = try ModelSections(file, path: "m").range(.regionTable)
    // The number of contexts.
    bytes[table.lowerBound + 24] += 1
    try expectDamaged(bytes, part: "regionTable")
  }

  private func expectDamaged(_ bytes: [UInt8], part: String) throws {
    let folder = try TestFolder()
    let path = try folder.write(bytes, to: "m.perplex")
    #expect(throws: ModelFileError.damaged(path: path, part: part)) {
      try ModelFile.convert(path, to: folder.file("m.arpa"))
    }
    #expect(folder.names == ["m.perplex"])
  }

  /// A file can say of itself that unseen n-grams share evenly; its weights say otherwise.
  @Test func `remarks do not change what the weights mean`() throws {
    let model = try Recipe(method: .additive, usesBackOff: true).model(iAmSam)
    let (_, lines) = try back(model)
    let forged = lines.map { $0.hasPrefix("# combination") ? "# combination\tuniform" : "\($0)" }
    let back = try withTemporaryFile(forged.joined(separator: "\n")) {
      try ModelFile.openNGrams($0)
    }
    #expect(back.description.combination == .backOff)
  }

  @Test func `of several n-grams listed twice the first in the file is named`() throws {
    // Each pair of words twice, the second time after empty lines; words end up in several groups.
    let names = (0..<200).map { "w\($0)" }
    var lines = ["\\data\\", "ngram 1=200", "ngram 2=20040", "", "\\1-grams:"]
    lines += names.map { "-2\t\($0)\t-1" } + ["", "\\2-grams:"]
    for index in 0..<20_000 { lines.append("-1\t\(names[index % 200]) \(names[index / 200])") }
    lines.append("")
    for index in (0..<40).reversed() {
      lines.append("-1\t\(names[index * 5]) \(names[index])")
    }
    lines += ["", "\\end\\"]
    // 5 lines, 200 unigrams, 2 lines, 20,000 bigrams, an empty line.
    let line = 5 + 200 + 2 + 20_000 + 1 + 1
    try withTemporaryFile(lines.joined(separator: "\n")) { path in
      let error = ARPAError(path: path, line: line, reason: .duplicate("w195 w39"))
      _ = #expect(throws: error) { try ModelFile.openNGrams(path) }
    }
  }

  @Test func `the shortest digits of a Float read back as the same`() {
    let count = isWantedSlow ? 200_000 : 20_000
    var generator = SplitMix64(seed: 1)
    for _ in 0..<count {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      guard value.isFinite else { continue }
      let text = Array("\(value)".utf8)
      #expect(DecimalNumber.read(text.span).map { Float($0) } == value)
    }
    for _ in 0..<count {
      let value = -Float.random(in: 0..<99, using: &generator)
      let text = Array("\(value)".utf8)
      #expect(DecimalNumber.read(text.span).map { Float($0) } == value)
    }
  }
}
