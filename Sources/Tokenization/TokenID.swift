/// The number a vocabulary gives to a token.
///
/// The three special tokens have KenLM's numbers. A token of a text outside the vocabulary is
/// ``outOfVocabulary``. Models read it as ``unknown``, but reports count it separately, because a
/// literal `<unk>` in a text is *in* the vocabulary.
@frozen
public struct TokenID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The number, below 2^31 except for ``outOfVocabulary``.
  public var rawValue: UInt32

  /// The token of number `rawValue`.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The token of number `rawValue`.
  @inlinable
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The unknown word, `<unk>`.
  @inlinable public static var unknown: TokenID { TokenID(0) }

  /// The beginning of a sentence, `<s>`, which occurs in histories and is never predicted.
  @inlinable public static var beginSentence: TokenID { TokenID(1) }

  /// The end of a sentence, `</s>`, which is predicted like any token and occurs in no history.
  @inlinable public static var endSentence: TokenID { TokenID(2) }

  /// A token outside the vocabulary; a model reads it as ``unknown``.
  @inlinable public static var outOfVocabulary: TokenID { TokenID(0x8000_0000) }

  /// The number for models, without the mark of an out-of-vocabulary token.
  @inlinable public var index: Int { Int(rawValue & 0x7fff_ffff) }

  /// True for a token outside the vocabulary.
  @inlinable public var isOutOfVocabulary: Bool { rawValue >= 0x8000_0000 }

  /// The order of numbers.
  @inlinable public static func < (left: TokenID, right: TokenID) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The spellings of the special tokens, in the order of their numbers.
  public static let specialSpellings = ["<unk>", "<s>", "</s>"]
}
