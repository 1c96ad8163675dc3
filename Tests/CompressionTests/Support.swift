import BytePrediction
import Files
import Foundation
import TestSupport

@testable import Compression

/// A predictor for tests: the bits of a byte, each after those before it in the byte.
final class BitPredictor: BytePredictor {
  var learns = true
  /// The probability of 1 at each node of the tree of a byte's bits, in 2^-16.
  private var ones = [UInt32](repeating: 1 << 15, count: 256)

  init() {}

  init(parameters: [String: Int], memory: inout PredictorMemory) throws(PredictorError) {
    throw PredictorError("nodes")
  }

  var parameters: [String: Int] { [:] }
  var memoryByteCount: Int { 1024 }

  func writeMemory(_ write: (RawSpan) throws -> Void) rethrows {
    let ones = ones
    try write(ones.span.bytes)
  }

  func beginText() {}
  func finishTraining() { learns = false }

  func train(_ text: Span<UInt8>) {
    for index in text.indices { visit(text[index]) { _, _ in } }
  }

  func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>) {
    for index in text.indices {
      var bits = 0.0
      visit(text[index]) { bit, one in
        let share = Double(one) / Double(ArithmeticEncoder.total)
        bits -= log2(bit ? share : 1 - share)
      }
      scores[index] = ByteScore(surprisalBits: bits, matchedLength: 0)
    }
  }

  func distribution(into probabilities: inout MutableSpan<Double>) {
    let learned = learns
    learns = false
    for byte in 0..<256 {
      var share = 1.0
      visit(UInt8(byte)) { bit, one in
        let ofOne = Double(one) / Double(ArithmeticEncoder.total)
        share *= bit ? ofOne : 1 - ofOne
      }
      probabilities[byte] = share
    }
    learns = learned
  }

  func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder) {
    for index in text.indices {
      visit(text[index]) { encoder.encode(bit: $0, probabilityOfOne: $1) }
    }
  }

  func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder) {
    for index in text.indices {
      var node = 1
      while node < 256 {
        let bit = decoder.decodeBit(probabilityOfOne: ones[node] << 16)
        learn(bit, at: node)
        node = 2 * node + (bit ? 1 : 0)
      }
      text[index] = UInt8(truncatingIfNeeded: node)
    }
  }

  private func visit(_ byte: UInt8, _ decide: (Bool, UInt32) -> Void) {
    var node = 1
    for shift in stride(from: 7, through: 0, by: -1) {
      let bit = byte >> UInt8(shift) & 1 == 1
      decide(bit, ones[node] << 16)
      learn(bit, at: node)
      node = 2 * node + (bit ? 1 : 0)
    }
  }

  private func learn(_ bit: Bool, at node: Int) {
    guard learns else { return }
    if bit { ones[node] += (65_535 - ones[node]) >> 5 } else { ones[node] -= (ones[node] - 1) >> 5 }
  }
}

extension TestFolder {
  /// `text`, compressed by `method` with a predictor of bits.
  func compressed(
    _ text: [UInt8],
    _ method: CodingMethod = CodingMethod(fingerprint: 7, adapts: true)
  ) throws -> (bytes: [UInt8], result: CompressionResult) {
    let result = try Compressor(method, ByteCoder(BitPredictor())).compress(
      try write(text, to: "text"),
      to: try OutputText(file("text.pxz"))
    )
    return (bytes(of: "text.pxz") ?? [], result)
  }
}

extension Bytes {
  /// A copy of an array.
  static func of(_ bytes: [UInt8]) -> Bytes { Bytes(copying: bytes.span) }
}
