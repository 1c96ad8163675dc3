extension JSONItem {
  /// The value that `bytes`, a whole file called `path`, begin with.
  ///
  /// - Throws: ``RecordError`` naming the line on which it is not well-formed.
  package init(whole bytes: [UInt8], path: String) throws(RecordError) {
    do throws(JSONParser.Failure) {
      let (nodes, _) = try bytes.withUnsafeBufferPointer { text throws(JSONParser.Failure) in
        try JSONParser.parse(text)
      }
      self = JSONDocument(bytes: bytes, byteOffset: 0, line: 1, nodes: nodes).root
    } catch {
      let line = bytes[..<error.position].count { $0 == 10 } + 1
      throw RecordError(path: path, line: line, "not JSON: \(error.message)")
    }
  }
}
