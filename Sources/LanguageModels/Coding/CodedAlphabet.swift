import BytePrediction
import Files
import Tokenization

/// The symbols that a text is coded in, scalars or bytes, and their tokens.
struct CodedAlphabet: ~Copyable {
  /// No symbol.
  static let none = UInt32.max

  /// The symbol of a line end.
  static let lineFeed: UInt32 = 10

  /// The number of symbols that a text can have: 256 bytes, or Unicode's scalars.
  let symbolCount: UInt64

  private let isBytes: Bool
  /// The token of each symbol; `<unk>` where the model has none.
  private var tokens: Buffer<UInt32>
  /// The symbol of each token; ``none`` for tokens that are not a symbol.
  private var symbols: Buffer<UInt32>

  /// The number of values between the last scalar before the surrogates and the first after them.
  private static let surrogateCount: UInt32 = 0x800
  private static let firstSurrogate: UInt32 = 0xD800

  /// The alphabet of `model`.
  ///
  /// - Throws: ``ModelError`` if the model's tokens cannot give a text back.
  init(_ model: NGramModel, path: String) throws(ModelError) {
    isBytes = try Self.isOfBytes(model, path: path)
    symbolCount = Self.symbolCount(isBytes: isBytes)
    tokens = Buffer(repeating: TokenID.unknown.rawValue, count: isBytes ? 256 : 0x11_0000)
    symbols = Buffer(repeating: Self.none, count: model.vocabulary.count)
    for index in TokenID.specialSpellings.count..<max(3, model.vocabulary.count) {
      let token = UInt32(truncatingIfNeeded: index)
      let spelling = model.vocabulary.withBytes(of: TokenID(token)) { Array($0) }
      guard let symbol = Self.symbol(spelledBy: spelling, isBytes: isBytes) else { continue }
      tokens[Int(symbol)] = token
      symbols[index] = symbol
    }
  }

  private static func symbolCount(isBytes: Bool) -> UInt64 {
    isBytes ? 256 : 0x11_0000 - UInt64(surrogateCount)
  }

  /// True if the symbols of `model` are bytes, false if they are scalars.
  private static func isOfBytes(
    _ model: NGramModel,
    path: String
  ) throws(ModelError) -> Bool {
    let settings = model.settings
    guard settings.tokenizer == .bytes || settings.tokenizer == .characters else {
      throw .losesText(path: path, tokenizer: settings.tokenizer.rawValue)
    }
    guard settings.normalization.isIdentity else { throw .changesText(path: path) }
    guard model.isNormalized else { throw .noProbabilities(path: path) }
    let isBytes = settings.tokenizer == .bytes
    let symbolCount = symbolCount(isBytes: isBytes)
    guard model.vocabulary.count <= Int(symbolCount) + TokenID.specialSpellings.count else {
      throw .losesText(path: path, tokenizer: "more than the \(symbolCount) that there are")
    }
    return isBytes
  }

  private static func symbol(spelledBy bytes: [UInt8], isBytes: Bool) -> UInt32? {
    if isBytes { return bytes.count == 1 ? UInt32(bytes[0]) : nil }
    guard let scalars = String(validating: bytes, as: UTF8.self)?.unicodeScalars,
      scalars.count == 1
    else { return nil }
    return scalars.first?.value
  }

  /// The token of `symbol`, which must have one.
  @inline(__always)
  func token(of symbol: UInt32) -> UInt32 { tokens[Int(symbol)] }

  /// The symbol of `token`, or ``none``.
  @inline(__always)
  func symbol(of token: UInt32) -> UInt32 { symbols[Int(token)] }

  // MARK: Text

  /// The number of bytes of `text` that form whole symbols.
  ///
  /// - Throws: `UTF8.ValidationError` for bytes that are not UTF-8 where symbols are scalars.
  func wholeSymbols(
    of text: Span<UInt8>,
    isLast: Bool
  ) throws(UTF8.ValidationError) -> Int {
    if isBytes { return text.count }
    let end = isLast ? text.count : text.count - Self.openByteCount(of: text)
    _ = try UTF8Span(validating: text.extracting(0..<end))
    return end
  }

  /// The number of bytes at the end of `text` that begin a scalar and do not end it.
  private static func openByteCount(of text: Span<UInt8>) -> Int {
    for distance in 1...3 where distance <= text.count {
      let byte = text[text.count - distance]
      if byte < 0x80 { return 0 }
      if byte >= 0xC0 {
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        return distance < length ? distance : 0
      }
    }
    return 0
  }

  /// The symbol of `text` at `position`, which is moved behind it; the text is whole symbols.
  @inline(__always)
  func symbol(of text: Span<UInt8>, at position: inout Int) -> UInt32 {
    let lead = UInt32(text[position])
    position &+= 1
    if isBytes || lead < 0x80 { return lead }
    let followerCount = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3
    var value = lead & (0x3F >> UInt32(followerCount))
    for _ in 0..<followerCount {
      value = value << 6 | UInt32(text[position] & 0x3F)
      position &+= 1
    }
    return value
  }

  /// Appends the bytes of `symbol`.
  @inline(__always)
  func append(_ symbol: UInt32, to text: inout [UInt8]) {
    if isBytes || symbol < 0x80 { return text.append(UInt8(truncatingIfNeeded: symbol)) }
    let followerCount: UInt32 = symbol < 0x800 ? 1 : symbol < 0x1_0000 ? 2 : 3
    let mark: UInt32 = followerCount == 1 ? 0xC0 : followerCount == 2 ? 0xE0 : 0xF0
    text.append(UInt8(truncatingIfNeeded: mark | symbol >> (6 * followerCount)))
    for index in 1...followerCount {
      let bits = symbol >> (6 * (followerCount - index)) & 0x3F
      text.append(UInt8(truncatingIfNeeded: 0x80 | bits))
    }
  }

  // MARK: Spelling

  /// The interval of `symbol` in 2^32, of which each symbol has the same share.
  func spelling(of symbol: UInt32) -> (lower: UInt64, upper: UInt64) {
    let isAfter = !isBytes && symbol >= Self.firstSurrogate
    let number = UInt64(symbol - (isAfter ? Self.surrogateCount : 0))
    return (
      (number << 32) / symbolCount,
      ((number + 1) << 32) / symbolCount
    )
  }

  /// The symbol that lies at `target`, below 2^32.
  func symbol(spelledAt target: UInt64) -> UInt32 {
    // The largest number whose share begins at `target` or before.
    let number = UInt32(truncatingIfNeeded: ((target + 1) * symbolCount - 1) >> 32)
    let isAfter = !isBytes && number >= Self.firstSurrogate
    return number + (isAfter ? Self.surrogateCount : 0)
  }
}
