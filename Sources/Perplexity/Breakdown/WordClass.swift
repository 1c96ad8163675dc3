import Files
import Tokenization

/// What kind of thing a token is, by its bytes alone.
public enum WordClass: String, CaseIterable, Sendable {
  /// A token that the vocabulary lacks, or a literal `<unk>`.
  case unknown
  /// The end of a sequence, `</s>`.
  case sentenceEnd = "sentence_end"
  /// White space alone, line ends among it.
  case whiteSpace = "white_space"
  /// No letter and no digit.
  case punctuation
  /// The first letter or digit is a digit.
  case number
  /// The first letter or digit is a capital.
  case capitalised
  /// All others, and what is no UTF-8.
  case other

  /// The class of a token with these bytes that a vocabulary has.
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
