// `_nfc` is the form in which the standard library compares strings. Foundation composes U+20044
// and U+0323 to "Ḍ" instead, and costs 4 of the 8 ms of a short run of the program.
@_spi(_Unicode) import Swift

/// Changes text before it is tokenized: lower case, and one form for equal characters.
///
///     var bytes: [UInt8] = []
///     Normalization(lowercases: true).apply("Ein KÖNIG".utf8Span.span, into: &bytes)
///     // bytes is the UTF-8 of "ein könig"
///
/// Lower-casing comes first, then the form, so the result has that form. Token offsets then count
/// bytes of the normalized text.
public struct Normalization: Sendable, Hashable {
  /// The form of characters that Unicode defines as equivalent.
  public enum Form: String, CaseIterable, Sendable {
    /// The text is unchanged.
    case none
    /// Composed (NFC, UAX #15): "e" and U+0301 become "é".
    case nfc
  }

  /// True if capital letters become lower-case.
  ///
  /// The mapping is Unicode's for single scalars (`String.lowercased()`), the same in every locale.
  /// Turkish "I" becomes "i"; "İ" (U+0130) becomes two scalars, "i" and U+0307. A capital sigma
  /// becomes "σ", also at the end of a word, where Greek writes "ς". "ß" stays, and "ẞ" becomes
  /// "ß".
  public var lowercases: Bool

  /// The form of the text.
  public var form: Form

  /// A normalization, by default the identity.
  public init(lowercases: Bool = false, form: Form = .none) {
    self.lowercases = lowercases
    self.form = form
  }

  /// True if ``apply(_:into:)`` only copies.
  public var isIdentity: Bool { !lowercases && form == .none }

  /// Appends the normalized `text` to `bytes`.
  ///
  /// ASCII needs no strings: NFC leaves it alone, and its lower case is a bit. Bytes that are not
  /// UTF-8 become U+FFFD, unless ``isIdentity``.
  ///
  /// - Complexity: O(*n*), *n* the number of bytes.
  public func apply(_ text: Span<UInt8>, into bytes: inout [UInt8]) {
    if isIdentity || text.isASCII {
      text.append(to: &bytes, lowercasing: lowercases)
      return
    }
    var copy: [UInt8] = []
    text.append(to: &copy, lowercasing: false)
    var string = String(decoding: copy, as: UTF8.self)
    if lowercases { string = string.lowercased() }
    if form == .nfc {
      var composed = String.UnicodeScalarView()
      composed.append(contentsOf: string._nfc)
      string = String(composed)
    }
    bytes.append(contentsOf: string.utf8)
  }
}

extension Span<UInt8> {
  /// True if all bytes are ASCII.
  fileprivate var isASCII: Bool {
    var union: UInt8 = 0
    for index in indices { union |= self[index] }
    return union < 0x80
  }

  /// Appends the bytes to `bytes`, with ASCII capitals in lower case if `lowercasing`.
  fileprivate func append(to bytes: inout [UInt8], lowercasing: Bool) {
    bytes.append(addingCapacity: count) { output in
      for index in indices {
        let byte = self[index]
        let isCapital = lowercasing && byte &- UInt8(ascii: "A") < 26
        output.append(isCapital ? byte | 0x20 : byte)
      }
    }
  }
}
