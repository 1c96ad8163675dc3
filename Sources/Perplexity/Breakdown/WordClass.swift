import Files
import Tokenization

/// The class of a token, decided by its bytes.
package enum WordClass: String, CaseIterable, Sendable {
  /// A token outside the vocabulary, or a literal `<unk>`.
  case unknown
  /// The end of a sequence, `</s>`.
  case sentenceEnd = "sentence_end"
  /// White space only, including line ends.
  case whiteSpace = "white_space"
  /// No letter and no digit.
  case punctuation
  /// The first letter or digit is a digit.
  case number
  /// The first letter or digit is a capital letter.
  case capitalised
  /// Any other token, and bytes that are not UTF-8.
  case other

  /// The class of a vocabulary token with these bytes.
  init(of bytes: Span<UInt8>) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      self = .other
      return
    }
    var isWhiteSpace = !text.isEmpty
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .decimalNumber, .letterNumber, .otherNumber:
        self = .number
        return
      case .uppercaseLetter, .titlecaseLetter:
        self = .capitalised
        return
      case .lowercaseLetter, .modifierLetter, .otherLetter:
        self = .other
        return
      default:
        isWhiteSpace = isWhiteSpace && scalar.properties.isWhitespace
      }
    }
    self = isWhiteSpace ? .whiteSpace : .punctuation
  }
}
