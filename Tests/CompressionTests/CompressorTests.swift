import BytePrediction
import Files
import Foundation
import LanguageModels
import TestSupport
import Testing

@testable import Compression

@Suite struct CompressorTests {
  private static let texts: [[UInt8]] = [
    [], [0], Array("the rat ate the malt\n".utf8), Array(0...255), [0xFF, 0xFE, 0xC3],
    randomBytes(80_000), randomBytes(70_000, kinds: 3), [UInt8](repeating: 97, count: 90_000),
    randomBytes(1 << 16), randomBytes(1 << 16 | 1),
  ]

  @Test(arguments: texts.indices)
  func `a text comes back, in as many bytes as it has surprisal`(index: Int) throws {
    let text = Self.texts[index]
    let folder = try TestFolder()
    let (bytes, result) = try folder.compressed(text)
    #expect(result.textByteCount == text.count)
    #expect(result.compressedByteCount == bytes.count)
    #expect(CompressionResult.framingByteCount == 48)
    let predictor = BitPredictor()
    var scores = [ByteScore](
      repeating: ByteScore(surprisalBits: 0, matchedLength: 0),
      count: text.count
    )
    var span = scores.mutableSpan
    predictor.score(text.span, into: &span)
    let expected = scores.reduce(0) { $0 + $1.surprisalBits }
    #expect(abs(result.surprisalBits - expected) < 1 + expected * 1e-4)
    #expect(abs(Double(8 * result.codeByteCount) - result.surprisalBits) < 16)

    let compressed = try CompressedText(.of(bytes), path: "c")
    #expect(compressed.method == CodingMethod(fingerprint: 7, adapts: true))
    #expect(compressed.textByteCount == text.count)
    try compressed.decode(
      with: ByteCoder(BitPredictor()),
      to: try OutputText(folder.file("back"))
    )
    #expect(folder.bytes(of: "back") == text)
  }

  @Test func `the header keeps what the text was coded with`() {
    for method in [
      CodingMethod(fingerprint: .max, adapts: false), CodingMethod(fingerprint: 1, adapts: true),
      CodingMethod(preset: 1, memoryMebibytes: 4096),
      CodingMethod(preset: 0, memoryMebibytes: .max),
    ] {
      let header = CompressedFormat.header(method)
      #expect(header.count == CompressedFormat.headerByteCount)
      #expect(CompressedFormat.method(header) == method)
      for bit in 0..<8 * header.count {
        var damaged = header
        damaged[bit / 8] ^= 1 << (bit % 8)
        #expect(CompressedFormat.method(damaged) == nil)
      }
    }
  }

  @Test func `a text's size is kept as the power of two above it`() {
    var method = CodingMethod(preset: 0, memoryMebibytes: 64)
    #expect(method.textByteCount == nil)
    for (count, expected) in [
      (0, 2), (1, 2), (2, 2), (3, 4), (1000, 1024), (1024, 1024), (1025, 2048),
    ] {
      method.textByteCount = count
      #expect(method.textByteCount == expected)
      #expect(CompressedFormat.method(CompressedFormat.header(method)) == method)
    }
    for bits: UInt8 in 63...255 {
      method.textSizeBits = bits
      #expect(method.textByteCount == nil)
    }
  }

  @Test func `every byte that is changed, missing or added is found before anything is decoded`()
    throws
  {
    let (bytes, _) = try TestFolder().compressed(Array("she sells sea shells on the shore\n".utf8))
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        #expect(throws: CompressionError.self) { try CompressedText(.of(damaged), path: "c") }
      }
      let cut = Array(bytes[..<index])
      #expect(throws: CompressionError.self) { try CompressedText(.of(cut), path: "c") }
    }
    for added in [[0], [10], Array("more".utf8), bytes] as [[UInt8]] {
      #expect(throws: CompressionError.damaged(path: "c")) {
        try CompressedText(.of(bytes + added), path: "c")
      }
    }
  }

  @Test func `each kind of damage has its error`() throws {
    let (bytes, _) = try TestFolder().compressed(Array("she sells sea shells\n".utf8))
    func error(_ change: (inout [UInt8]) -> Void) -> CompressionError? {
      var changed = bytes
      change(&changed)
      do throws(CompressionError) {
        _ = try CompressedText(.of(changed), path: "c")
        return nil
      } catch { return error }
    }
    #expect(error { _ in } == nil)
    #expect(error { $0 = [] } == .notCompressed(path: "c"))
    #expect(error { $0 = Array("a text\n".utf8) } == .notCompressed(path: "c"))
    #expect(error { $0[0] = 0x1F } == .notCompressed(path: "c"))
    #expect(error { $0.removeSubrange(3...) } == .notCompressed(path: "c"))
    #expect(error { $0.removeSubrange(30...) } == .cutShort(path: "c"))
    #expect(error { $0[4] = 9 } == .version(path: "c", 9))
    #expect(error { $0[5] = 7 } == .header(path: "c"))
    #expect(error { $0[20] ^= 1 } == .header(path: "c"))
    #expect(error { $0[26] ^= 1 } == .damaged(path: "c"))
    #expect(error { $0[$0.count - 1] ^= 1 } == .damaged(path: "c"))
    #expect(error { $0.removeLast() } == .damaged(path: "c"))
  }

  @Test func `a text that another predictor decodes is an error, and no file is left`() throws {
    let folder = try TestFolder()
    let (bytes, _) = try folder.compressed(Array("the old ferry crossed the river\n".utf8))
    let other = BitPredictor()
    other.train(Array("xyz".utf8).span)
    #expect(throws: CompressionError.otherText(path: "c")) {
      try CompressedText(.of(bytes), path: "c")
        .decode(with: ByteCoder(other), to: try OutputText(folder.file("back")))
    }
    #expect(folder.names == ["text", "text.pxz"])
  }

  @Test func `a forged length ends where the code does`() throws {
    let folder = try TestFolder()
    var (bytes, _) = try folder.compressed(randomBytes(1000))
    let checksum = Array(bytes[(bytes.count - 16)..<(bytes.count - 8)])
    var hash = StreamingHash()
    bytes.removeLast(24)
    CompressedFormat.append(1 << 50, 8, to: &bytes)
    bytes += checksum
    hash.append(bytes)
    CompressedFormat.append(hash.value, 8, to: &bytes)
    let compressed = try CompressedText(.of(bytes), path: "c")
    #expect(compressed.textByteCount == 1 << 50)
    #expect(throws: CompressionError.otherText(path: "c")) {
      try compressed.decode(
        with: ByteCoder(BitPredictor()),
        to: try OutputText(folder.file("back"))
      )
    }
    #expect(folder.bytes(of: "back") == nil)
  }

  @Test func `a model is asked for where one was used, and only there`() throws {
    let folder = try TestFolder()
    let text = Array("text".utf8)
    let model = try CompressedText(.of(folder.compressed(text).bytes), path: "c")
    let general = try CompressedText(
      .of(folder.compressed(text, CodingMethod(preset: 0, memoryMebibytes: 64)).bytes),
      path: "c"
    )
    try model.check(model: ("m", 7))
    try general.check(model: nil)
    #expect(throws: CompressionError.needsModel(path: "c", fingerprint: 7)) {
      try model.check(model: nil)
    }
    #expect(throws: CompressionError.needsNoModel(path: "c")) { try general.check(model: ("m", 7)) }
    #expect(throws: CompressionError.otherModel(path: "c", expected: 7, model: "m", found: 8)) {
      try model.check(model: ("m", 8))
    }
  }

  @Test func `every error is one line that names the file`() {
    let errors: [CompressionError] = [
      .invalidUTF8(path: "c", line: 1, byteOffset: 2), .notCompressed(path: "c"),
      .version(path: "c", 2), .cutShort(path: "c"), .header(path: "c"), .damaged(path: "c"),
      .needsModel(path: "c", fingerprint: 1), .needsNoModel(path: "c"),
      .otherModel(path: "c", expected: 1, model: "m", found: 2), .otherText(path: "c"),
    ]
    for error in errors {
      #expect(error.description.hasPrefix("c:"))
      #expect(!error.description.contains("\n"))
      #expect(!error.description.hasSuffix("."))
    }
    #expect(UInt64(255).hexadecimal == "00000000000000ff")
    #expect(UInt64.max.hexadecimal == "ffffffffffffffff")
  }
}
