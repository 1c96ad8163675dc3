/// The vocabulary of the 256 bytes, numbered after the special tokens.
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

  /// The byte of a token; nil for special tokens and for tokens of other vocabularies.
  public static func byte(_ token: TokenID) -> UInt8? {
    UInt8(exactly: Int64(token.rawValue) - Int64(firstNumber))
  }

  /// True if the token is a byte that continues a UTF-8 scalar.
  public static func continuesScalar(_ token: TokenID) -> Bool {
    (0x80..<0xC0).contains(Int(token.rawValue) - Int(firstNumber))
  }
}
