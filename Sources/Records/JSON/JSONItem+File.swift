extension JSONItem {
  /// The one value of `bytes`, a whole file called `path`.
  ///
  /// - Throws: ``RecordError`` naming the line on which it is not well-formed.
  package init(whole bytes: [UInt8], path: String) throws(RecordError) {
    do throws(JSONParser.Failure) {
      let (nodes, end) = try JSONParser.parse(bytes.span)
      if let next = bytes[end...].firstIndex(where: { ![9, 10, 13, 32].contains($0) }) {
        throw JSONParser.Failure(position: next, message: "something follows the one value")
      }
      self = JSONDocument(bytes: bytes, byteOffset: 0, line: 1, nodes: nodes).root
    } catch {
      let line = bytes[..<error.position].count { $0 == 10 } + 1
      throw RecordError(path: path, line: line, "not JSON: \(error.message)")
    }
  }
}
