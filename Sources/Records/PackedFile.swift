/// Files that are packed, told by their first bytes, which cannot be read as text or records.
package enum PackedFile {
  /// The kind of packed file that begins with `start`, and the remedy; nil for another file.
  package static func kind(of start: some Collection<UInt8>) -> (kind: String, remedy: String)? {
    for (magic, kind, tool) in kinds where start.starts(with: magic) {
      return ("a \(kind) file", "unpack it with \(tool) first")
    }
    return nil
  }

  private static let kinds: [([UInt8], String, String)] = [
    ([0x1f, 0x8b], "gzip", "gunzip"), ([0x42, 0x5a, 0x68], "bzip2", "bunzip2"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz", "unxz"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd", "unzstd"),
    ([0x50, 0x4b, 0x03, 0x04], "zip", "unzip"),
  ]
}
