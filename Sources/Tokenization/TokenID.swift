/// The number a vocabulary gives to a token.
///
/// The three special tokens have KenLM's numbers. A token of a text that the vocabulary lacks is
/// ``outOfVocabulary``: models read it as ``unknown``, reports count it apart, since a literal
/// `<unk>` in a text is the unknown word and *in* the vocabulary.
@frozen
public struct TokenID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The number, below 2^31 but for the mark of ``outOfVocabulary``.
  public var rawValue: UInt32

  /// The token of number `rawValue`.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The token of number `rawValue`.
  @inlinable
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The unknown word, `<unk>`.
  @inlinable public static var unknown: TokenID { TokenID(0) }

  /// The beginning of a sentence, `<s>`: part of histories, never predicted.
  @inlinable public static var beginSentence: TokenID { TokenID(1) }

  /// The end of a sentence, `</s>`: predicted like any token, part of no history.
  @inlinable public static var endSentence: TokenID { TokenID(2) }

  /// A token that the vocabulary does not have; a model sees ``unknown``.
  @inlinable public static var outOfVocabulary: TokenID { TokenID(0x8000_0000) }

  /// The number as models know it: the mark of an out-of-vocabulary token taken away.
  @inlinable public var index: Int { Int(rawValue & 0x7fff_ffff) }

  /// Whether the text had a token here that the vocabulary lacks.
  @inlinable public var isOutOfVocabulary: Bool { rawValue >= 0x8000_0000 }

  /// The order of numbers.
  @inlinable public static func < (left: TokenID, right: TokenID) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The spellings of the special tokens, in the order of their numbers.
  public static let specialSpellings = ["<unk>", "<s>", "</s>"]
}
