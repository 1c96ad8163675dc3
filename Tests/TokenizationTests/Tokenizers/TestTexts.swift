import Tokenization

/// Texts of many scripts, on which the laws of all tokenizers are tested.
let testTexts = [
  "", " ", "a", "\u{0}", "\u{0}a\u{0}", " \t\r\n ", "\u{A0}\u{3000}\u{2028}", "\r\n", "\r\r\n\n",
  "\u{301}", "\u{301}a", " \u{301}", "a\u{200D}", "\t\u{301}\n\u{301}", "e\u{301}\r\ne\u{301}",
  "\"Don't stop,\" e.g. 3.14 or 1,000; C3PO's under_score.",
  "Die Größe der Bäume müßte „natürlich“ 3,14 m sein.",
  "吾輩は猫である。名前はまだ無い。カタカナ１２３", "今天天气很好。", "สวัสดีครับ", "यह एक वाक्य है।",
  "السلام عليكم، ٣٫١٤", "שָׁלוֹם צה\"ל ג'ירפה", "한국어 문장",
  "Ils disent\u{202F}: «\u{A0}non\u{202F}!\u{A0}»",
  "👨‍👩‍👧‍👦 👍🏽 ❤️ 🇩🇪🇫🇷🇮 ©", "<unk> <s> </s> <unk>. a<unk>", "\u{600}1\u{600}a", "a\u{200E} \u{200E}b",
  String(repeating: "word, ", count: 2000), String(repeating: "ö\u{301}", count: 3000),
  String(repeating: "x", count: 5000) + String(repeating: " ", count: 5000) + "y",
]

/// The byte ranges that `tokenizer` gives for `text`.
func ranges(of text: String, by tokenizer: any Tokenizer) -> [Range<Int>] {
  let bytes = Array(text.utf8)
  var ranges: [Range<Int>] = []
  tokenizer.tokenize(bytes.span, into: &ranges)
  return ranges
}
