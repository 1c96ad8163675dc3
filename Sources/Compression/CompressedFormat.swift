import Files

/// The method that coded a compressed text.
package struct CodingMethod: Hashable, Sendable {
  /// The predictor that codes a text.
  package enum Kind: UInt8, Sendable {
    /// A predictor without a model, which learns from the text alone.
    case general = 0
    /// A model that does not change.
    case model = 1
    /// A model that continues learning from the text.
    case adaptiveModel = 2
  }

  /// The predictor that codes the text.
  package var kind: Kind

  /// The number of the general predictor's preset; 0 with a model.
  package var preset: UInt8 = 0

  /// The memory of the general predictor's tables; 0 with a model.
  package var memoryMebibytes: UInt32 = 0

  /// The exponent of a power of two that is at least the text's size.
  ///
  /// It limits the size of the tables. It is 0 if the size is unknown, and with a model.
  package var textSizeBits: UInt8 = 0

  /// The fingerprint of the model; 0 without one.
  package var fingerprint: UInt64 = 0

  /// A method with a model, which continues learning if it `adapts`.
  package init(fingerprint: UInt64, adapts: Bool) {
    kind = adapts ? .adaptiveModel : .model
    self.fingerprint = fingerprint
  }

  /// A method without a model.
  package init(preset: UInt8, memoryMebibytes: UInt32) {
    kind = .general
    self.preset = preset
    self.memoryMebibytes = memoryMebibytes
  }

  /// An upper bound of the text's size, for which the general predictor makes its tables.
  ///
  /// It is nil if the size is unknown. A new value is rounded up to a power of two.
  package var textByteCount: Int? {
    get { textSizeBits == 0 || textSizeBits > 62 ? nil : 1 << Int(textSizeBits) }
    set {
      guard let count = newValue else { return textSizeBits = 0 }
      textSizeBits = UInt8(Int.bitWidth - max(1, count - 1).leadingZeroBitCount)
    }
  }
}

/// The byte layout of a compressed text.
///
///     header    24 bytes
///        0  magic, 0x89 "PXZ"
///        4  version (1)
///        5  kind of coding (``CodingMethod/Kind``)
///        6  preset, 0 with a model
///        7  the exponent of a power of two that the text's size does not exceed, 0 where not known
///        8  memory of the general predictor in MiB, 0 with a model       4 bytes
///       12  the lower half of `hash64` of the header with zeros here     4 bytes
///       16  the model's fingerprint, 0 without one                       8 bytes
///     code      as long as it is
///     trailer   24 bytes
///        0  the number of bytes of the text                              8 bytes
///        8  `StreamingHash` of the text                                  8 bytes
///       16  `StreamingHash` of all before: header, code, trailer         8 bytes
///
/// All numbers are little-endian. Length and checksums come last, so a text of unknown length can
/// be compressed from a pipe to a pipe. The last checksum covers every byte and is verified before
/// decoding, so a damaged file gives no text at all.
enum CompressedFormat {
  static let headerByteCount = 24
  static let trailerByteCount = 24
  static let version: UInt8 = 1
  static let magic: [UInt8] = [0x89, 0x50, 0x58, 0x5A]

  /// The header of a text coded by `method`.
  static func header(_ method: CodingMethod) -> [UInt8] {
    var bytes = magic + [version, method.kind.rawValue, method.preset, method.textSizeBits]
    append(UInt64(method.memoryMebibytes), 4, to: &bytes)
    append(0, 4, to: &bytes)
    append(method.fingerprint, 8, to: &bytes)
    let checksum = hash64(bytes.span)
    for index in 0..<4 { bytes[12 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
    return bytes
  }

  /// The method in `header`; nil if the header is damaged.
  static func method(_ header: [UInt8]) -> CodingMethod? {
    guard let kind = CodingMethod.Kind(rawValue: header[5]) else { return nil }
    var method = CodingMethod(
      preset: header[6],
      memoryMebibytes: UInt32(truncatingIfNeeded: number(header, at: 8, 4))
    )
    method.kind = kind
    method.textSizeBits = header[7]
    method.fingerprint = number(header, at: 16, 8)
    return self.header(method) == header ? method : nil
  }

  /// The trailer without its last number.
  static func trailer(textByteCount: UInt64, textChecksum: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    append(textByteCount, 8, to: &bytes)
    append(textChecksum, 8, to: &bytes)
    return bytes
  }

  /// Appends the lower `byteCount` bytes of `value`.
  static func append(_ value: UInt64, _ byteCount: Int, to bytes: inout [UInt8]) {
    for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }

  /// The number in the `byteCount` bytes from `offset` on.
  static func number(_ bytes: [UInt8], at offset: Int, _ byteCount: Int) -> UInt64 {
    (0..<byteCount).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }
}

extension StreamingHash {
  /// Appends the bytes of an array.
  mutating func append(_ bytes: [UInt8]) { append(bytes.span) }
}
