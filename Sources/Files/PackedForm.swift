/// A form of packed file that a program of the system unpacks.
package enum PackedForm: String, CaseIterable, Sendable {
  case gzip, bzip2, xz, zstd

  /// The number of first bytes that tell the form.
  package static let signatureByteCount = 10

  /// The form of a file that begins with `start`; nil for a file that is not packed.
  package init?(start: some Collection<UInt8>) {
    let start = Array(start.prefix(Self.signatureByteCount))
    let form = Self.allCases.first { form in
      form.signatures.contains { Self.agree($0, start) && start.count >= $0.count }
    }
    guard let form else { return nil }
    self = form
  }

  /// The form of the file at `path`; nil for a file that is not packed, and for a pipe.
  package init?(ofFile path: String) {
    guard FilePath.kind(of: path) == .file, var input = try? InputBytes(path, unpacks: false) else {
      return nil
    }
    var start: [UInt8] = []
    guard (try? input.read(Self.signatureByteCount, into: &start)) != nil else { return nil }
    self.init(start: start)
  }

  /// True if a file that begins with `start`, too short to tell, may be packed.
  static func mayBegin(with start: [UInt8]) -> Bool {
    allCases.contains { form in
      form.signatures.contains { start.count < $0.count && agree($0, start) }
    }
  }

  /// The ending of file names of this form.
  package var fileEnding: String {
    switch self {
    case .gzip: ".gz"
    case .bzip2: ".bz2"
    case .xz: ".xz"
    case .zstd: ".zst"
    }
  }

  /// The name of the file at `path` in small letters, without the ending of a packed file.
  package static func unpackedName(_ path: String) -> String {
    let name = path.lowercased()
    let form = allCases.first { name.hasSuffix($0.fileEnding) }
    return String(name.dropLast(form?.fileEnding.count ?? 0))
  }

  /// The first bytes of such files; nil stands for any byte.
  ///
  /// Three letters of bzip2 are a text's, so the seven bytes after them decide.
  private var signatures: [[UInt8?]] {
    switch self {
    case .gzip: [[0x1f, 0x8b, 8]]
    case .bzip2:
      [
        [0x42, 0x5a, 0x68, nil, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
        [0x42, 0x5a, 0x68, nil, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
      ]
    case .xz: [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]]
    case .zstd: [[0x28, 0xb5, 0x2f, 0xfd]] + (0x50...0x5f).map { [$0, 0x2a, 0x4d, 0x18] }
    }
  }

  private static func agree(_ signature: [UInt8?], _ start: [UInt8]) -> Bool {
    zip(signature, start).allSatisfy { $0 == nil || $0 == $1 }
  }
}
