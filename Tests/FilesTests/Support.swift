import Files

extension Bytes {
  /// All of them as text.
  var text: String { withBytes(0..<count) { String(decoding: $0, as: UTF8.self) } }
}
