import Files
import Tokenization

/// The spellings of the words of a training text that a model of spellings learns from.
///
/// Every word counts once, however often it occurs: an unknown word is a new one, and new ones are
/// spelled like words, not like running text. All of them are taken, the frequent with the rare:
/// those seen once are more like unknown ones, but there are fewer of them, and what the frequent
/// ones take away is given back, as no known word is charged a spelling. (Measured on the Brown
/// corpus, bits a word of the validation text that training lacks: 25.9 from all words, 27.1 from
/// those seen once; with a vocabulary of the 10,000 most frequent words 21.1 from all, 21.3 from
/// those left out.)
struct SpellingSample: Sendable {
  /// Longer strings are no words: addresses, data.
  static let longestByteCount = 128

  /// The words, one after the other.
  private(set) var bytes: [UInt8] = []

  /// The range of each word in ``bytes``.
  private(set) var ranges: [Range<Int>] = []

  /// The words of `vocabulary`, but for `<unk>`, `<s>` and `</s>`.
  ///
  /// If there are more than `capacity`, every second, third and so on is taken.
  init(of vocabulary: borrowing VocabularyBuilder, capacity: Int = 1 << 18) {
    let first = TokenID.specialSpellings.count
    let step = max(1, (vocabulary.count - first + capacity - 1) / capacity)
    for id in stride(from: first, to: vocabulary.count, by: step) {
      vocabulary.withBytes(of: id) { word in
        guard word.count <= Self.longestByteCount else { return }
        ranges.append(bytes.count..<bytes.count + word.count)
        bytes.append(copying: word)
      }
    }
  }
}
