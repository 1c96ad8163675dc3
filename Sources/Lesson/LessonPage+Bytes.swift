import Tokenization
import Perplexity
import LanguageModels
import Pages
import Terminal

extension LessonPage {
  // MARK: Bits are bytes

  var bytes: HTML {
    let code = figures.code
    let byteCount = code.passage.utf8.count
    let bits = code.surprisalBits + code.spellingBits
    let last = code.characters.count
    return paragraph(
      """
      A bit of surprisal is a bit of a file. An arithmetic coder turns a model's probabilities \
      into a file: an event of probability p takes −log₂ p bits of it, and the same model reads \
      the text back. Here is a line kept from training, in the \(LessonCode.order)-gram model of \
      characters; a stronger colour means that a character took more bits.
      """
    )
      + HTML("p", ["class": "chips", "dir": "auto"]) {
        for (index, character) in code.characters.enumerated() {
          HTML(
            "span",
            [
              "id": "chip-\(index)", "class": "chip heat-\(Self.heat(character.bits))",
              "title": Self.title(of: character),
            ]
          ) { Self.visible(character.text) }
        }
      }
      + slider(
        "code-position",
        "Characters coded",
        0...last,
        at: last,
        shows: "\(last) of \(last)"
      )
      + results([
        ("code-bits", "Bits so far, by the model", Self.fixed(bits, 2)),
        ("code-bytes", "Divided by 8: bytes", Self.fixed(bits / 8, 2)),
      ])
      + HTML("p") {
        """
        The code, \(code.code.count) bytes for the line's \(byteCount), in hexadecimal\
        \(figures.code.code.isEmpty ? "" : "; those not yet final are pale"):
        """
      }
      + HTML("p", ["class": "chips code"]) {
        for (index, byte) in code.code.enumerated() {
          HTML("span", ["id": "byte-\(index)"]) { Self.hexadecimal(byte) }
          " "
        }
      }
      + paragraph(
        """
        \(Self.fixed(bits, 2)) bits are \(Self.fixed(bits / 8, 2)) bytes, and the code has \
        \(code.code.count): the sum of the bits, rounded up to whole bytes\
        \(Double(code.code.count) < bits / 8 + 1 ? "" : ", and the end of the code")\
        \(Self.overhead(of: code)). Decoded, it gives \
        \(code.decoded == code.passage ? "the same line, byte for byte" : "another text").
        """
      )
      + paragraph(
        """
        All \(code.evaluation.measure.bytes.grouped) bytes kept from training have \
        \(Self.fixed(code.evaluation.bitsPerByte, 3)) bits a byte by this model. Compressed with \
        it they would take \(NumberFormat.grouped(code.evaluation.chargedBits / 8, decimals: 0)) \
        bytes: cross-entropy is the length of a file.
        """
      )
  }

  /// The bits of the code beside those of the characters, in words.
  private static func overhead(of code: LessonCode) -> String {
    code.spellingBits > 0
      ? """
      ; \(fixed(code.spellingBits, 2)) of the bits spell characters that training does not have
      """ : ""
  }

  /// The darkness of a character, from 0 to 5.
  static func heat(_ bits: Double) -> Int {
    [0.5, 1.5, 3, 5, 8].firstIndex { bits < $0 } ?? 5
  }

  private static func title(of character: LessonCode.Character) -> String {
    "\(NumberFormat.fixed(character.bits, decimals: 2)) bits"
      + (character.isUnknown ? ", not in training" : "")
  }

  /// A character that is to be seen: blanks as their signs.
  private static func visible(_ text: String) -> String {
    switch text {
    // A line may end after it.
    case " ": "\u{2423}\u{200B}"
    case "\t": "\u{21E5}"
    default: text
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  // MARK: Vocabularies

  var vocabularies: HTML {
    let rows = figures.vocabularies.rows
    var table = ReportTable(
      caption: "The same lines in different tokens, modified Kneser-Ney",
      columns: [
        .text("tokens"), .number("order"), .number("vocabulary"), .number("tokens measured"),
        .number("unknown"), .number("perplexity a token"), .number("bits/byte, unknown as <unk>"),
        .number("bits/byte, unknown spelled"),
      ]
    )
    for row in rows {
      let plain = row.evaluation.withoutSpelling
      table.append([
        Self.name(of: row), "\(row.order)", row.vocabularySize.grouped,
        row.evaluation.measure.tokens.grouped, NumberFormat.percent(row.unknownShare),
        Self.perplexity(plain.perplexity), Self.fixed(plain.bitsPerByte, 3),
        Self.fixed(row.evaluation.bitsPerByte, 3),
      ])
    }
    return paragraph(
      """
      A perplexity is per token, so it depends on the kind of token. There are few kinds of \
      character but a text has many of them; many kinds of word, but fewer of them. All these are \
      models of the same lines:
      """
    )
      + table.html
      + unknownLesson
      + paragraph(
        """
        Bits per byte divide by the bytes of the text, which every model must account for. A lower \
        figure is a better model, whatever its tokens, if the model also spells unknown words and \
        so pays for them. Compare perplexities only if the tokens and the vocabulary are the same.
        """
      )
  }

  /// The effect on perplexity of rare words as `<unk>`, where there are some.
  private var unknownLesson: HTML {
    let words = figures.vocabularies.rows.filter { $0.tokenizer == .words }
    guard words.count > 1, let first = words.first, let last = words.last else { return HTML() }
    let (before, after) = (first.evaluation, last.evaluation)
    return paragraph(
      """
      Perplexity is easily improved: with words rarer than \(last.minimumCount) as <unk> it goes \
      from \(Self.perplexity(before.withoutSpelling.perplexity)) to \
      \(Self.perplexity(after.withoutSpelling.perplexity)), because \
      \(NumberFormat.percent(last.unknownShare)) of the tokens become a single frequent one that \
      is easy to guess, and the model does not pay for the actual word. If they also spell the \
      unknown words, the same two models need \(Self.fixed(before.bitsPerByte, 3)) and \
      \(Self.fixed(after.bitsPerByte, 3)) bits a byte.
      """
    )
  }

  private static func name(of row: LessonVocabularies.Row) -> String {
    row.minimumCount == 1
      ? row.tokenizer.rawValue
      : "\(row.tokenizer.rawValue), rarer than \(row.minimumCount) as <unk>"
  }
}
