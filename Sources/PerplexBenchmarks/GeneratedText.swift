import InformationTheory

/// A text for benchmarks that everybody can make: the same bytes on every machine.
///
/// Words are numbered, and the one with the number *i* comes about once in 13 · *i* tokens, so that
/// most types are rare, as in natural text. Five words in eight are one of a few that their context
/// of one or two words brings, so that n-grams of every order come again. All is integers: no
/// rounding of a machine's own. 30 MB are 6 million tokens of 360,000 types, and 17 million n-grams
/// up to order 5, as many a token as English prose has.
enum GeneratedText {
  /// The number of bits of a word's number.
  private static let octaveCount: UInt64 = 19

  /// Lines of about twenty words, `byteCount` bytes or a sentence more.
  static func bytes(_ byteCount: Int, seed: UInt64) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    var text: [UInt8] = []
    text.reserveCapacity(byteCount + 4096)
    while text.count < byteCount { appendSentence(to: &text, using: &generator) }
    return text
  }

  private static func appendSentence(to text: inout [UInt8], using generator: inout SplitMix64) {
    var last: UInt64 = 0
    var secondToLast: UInt64 = 0
    while true {
      let draw = generator.next()
      let word: UInt64
      if draw & 7 < 3 {
        word = number(generator.next())
      } else {
        // The k-th likeliest successor of the context, with a probability of 1/2ᵏ.
        let rank = UInt64((generator.next() | 1 << 12).trailingZeroBitCount)
        let context = draw & 8 == 0 ? last : last << 32 | secondToLast + 1
        word = number(scatter(context << 4 | rank))
      }
      append(word, to: &text)
      if (draw >> 32) % 20 == 0 { break }
      text.append(UInt8(ascii: " "))
      secondToLast = last
      last = word
    }
    text.append(UInt8(ascii: "\n"))
  }

  /// The number of a word, from 1, drawn by uniform bits: each octave has the same share.
  static func number(_ bits: UInt64) -> UInt64 {
    let octave = (bits >> 32) % octaveCount
    return 1 << octave | bits & (1 << octave - 1)
  }

  /// Bits that look as if drawn, made of a context.
  private static func scatter(_ context: UInt64) -> UInt64 {
    var generator = SplitMix64(seed: context)
    return generator.next()
  }

  /// Spells a number in syllables, six bits each; the frequent words are short.
  private static func append(_ number: UInt64, to text: inout [UInt8]) {
    var rest = number
    while rest > 0 {
      text.append(consonants[Int(rest & 15)])
      text.append(vowels[Int(rest >> 4 & 3)])
      rest >>= 6
    }
  }

  private static let consonants = Array("bdfghjklmnprstvz".utf8)
  private static let vowels = Array("aeio".utf8)
}
