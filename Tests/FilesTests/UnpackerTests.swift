@testable import Files
import Foundation
import TestSupport
import Testing

/// Each form of packed file, read through the program of the system.
@Suite struct UnpackerTests {
  private static let text = (0..<40_000).map { "line \($0 * 7919 % 10_007)\n" }.joined()

  @Test(arguments: PackedForm.allCases)
  func `a packed file is read as what it holds`(form: PackedForm) throws {
    let folder = try TestFolder()
    let packed = try folder.write(Self.text, to: "text").packed(by: form)
    #expect(try Bytes.whole(packed).text == Self.text)
    var input = try InputBytes(packed)
    var bytes: [UInt8] = []
    while try input.read(777, into: &bytes) == 777 {}
    #expect(String(decoding: bytes, as: UTF8.self) == Self.text)
    var raw = try InputBytes(packed, unpacks: false)
    var start: [UInt8] = []
    _ = try raw.read(PackedForm.signatureByteCount, into: &start)
    #expect(PackedForm(start: start) == form)
  }

  @Test(arguments: PackedForm.allCases)
  func `a packed stream is read as what it holds`(form: PackedForm) throws {
    let folder = try TestFolder()
    let packed = try folder.write(Self.text, to: "text").packed(by: form)
    let pipe = Pipe()
    let cat = Process()
    cat.executableURL = URL(fileURLWithPath: "/bin/cat")
    cat.arguments = [packed]
    cat.standardOutput = pipe
    try cat.run()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(try Bytes.whole(path).text == Self.text)
    cat.waitUntilExit()
  }

  @Test(arguments: PackedForm.allCases)
  func `a file that is cut short is an error in the program's words`(form: PackedForm) throws {
    let folder = try TestFolder()
    let packed = try folder.write(Self.text, to: "text").packed(by: form)
    let whole = try Data(contentsOf: URL(fileURLWithPath: packed))
    let cut = folder.file("cut")
    try whole.prefix(whole.count * 2 / 3).write(to: URL(fileURLWithPath: cut))
    let error = #expect(throws: FileError.self) { _ = try Bytes.whole(cut) }
    let words = error?.description ?? ""
    #expect(words.hasPrefix("\(cut): \(form.rawValue) cannot unpack it: "), "\(words)")
    #expect(!words.contains("\n"))
  }

  @Test(arguments: PackedForm.allCases)
  func `bytes behind the end of a packed file are never left out in silence`(form: PackedForm)
    throws
  {
    let folder = try TestFolder()
    let packed = try folder.write(Self.text, to: "text").packed(by: form)
    let whole = try Data(contentsOf: URL(fileURLWithPath: packed))
    let longer = folder.file("longer")
    try (whole + Data("a line more\n".utf8)).write(to: URL(fileURLWithPath: longer))
    let error = #expect(throws: FileError.self) { _ = try Bytes.whole(longer) }
    let words = error?.description ?? ""
    #expect(words.hasSuffix("; the file is damaged, cut short, or has other bytes behind its end"))
    #expect(!words.contains("\(form.rawValue): \(form.rawValue)") && !words.contains(";;"))
  }

  @Test func `reading may stop before the end`() throws {
    let folder = try TestFolder()
    let packed = try folder.write(Self.text, to: "text").packed(by: .gzip)
    for _ in 0..<300 {
      var input = try InputBytes(packed)
      var bytes: [UInt8] = []
      #expect(try input.read(5, into: &bytes) == 5)
    }
  }

  @Test func `texts that begin like a packed file are texts`() throws {
    let folder = try TestFolder()
    for text in ["B", "BZ", "BZh", "BZh91AY&S", "BZh9 is how bzip2 begins\n", "(", "\u{1f}"] {
      let path = try folder.write(text, to: "text")
      #expect(try Bytes.whole(path).text == text)
      var input = try InputBytes(path)
      var bytes: [UInt8] = []
      _ = try input.read(100, into: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
  }
}

extension String {
  /// The path of the file at this path, packed.
  fileprivate func packed(by form: PackedForm) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [form.rawValue, "-kf", self]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { try Test.cancel("the program \(form.rawValue) is missing") }
    return self + form.fileEnding
  }
}
