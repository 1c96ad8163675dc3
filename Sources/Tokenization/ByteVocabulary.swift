/// The vocabulary of the 256 bytes, which have the numbers after the special tokens.
public enum ByteVocabulary {
  /// The number of byte 0.
  public static let firstNumber = UInt32(TokenID.specialSpellings.count)

  /// The vocabulary.
  public static let vocabulary: Vocabulary = {
    var builder = VocabularyBuilder()
    for byte in UInt8.min...UInt8.max {
      _ = builder.number(of: [byte].span)
    }
    return builder.vocabulary()
  }()

  /// The number of `byte`.
  public static func token(_ byte: UInt8) -> TokenID { TokenID(firstNumber + UInt32(byte)) }

  /// The byte of this number; nil for the special tokens and for numbers of other vocabularies.
  public static func byte(_ token: TokenID) -> UInt8? {
    UInt8(exactly: Int64(token.rawValue) - Int64(firstNumber))
  }

  /// Whether the token is a byte that goes on with a UTF-8 scalar begun before it.
  public static func continuesScalar(_ token: TokenID) -> Bool {
    (0x80..<0xC0).contains(Int(token.rawValue) - Int(firstNumber))
  }
}
