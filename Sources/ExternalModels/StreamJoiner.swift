/// Joins the parts of streams to documents.
///
/// The answers of one stream may alternate. A new stream ends the one before it.
struct StreamJoiner {
  private var open: [Int: ExternalDocument] = [:]

  /// The name of the open stream; nil if there is none, or if it has no name.
  private(set) var id: [UInt8]?

  /// Adds `part`.
  ///
  /// - Returns: the documents that it ends.
  mutating func add(_ part: ExternalDocument) -> [ExternalDocument] {
    guard let stream = part.stream else { return [part] }
    var ended: [ExternalDocument] = []
    let isNew = open[stream.index]?.stream?.isFinished == true && !part.tokens.isEmpty
    if !open.isEmpty && stream.id != id || isNew { ended = end() }
    id = stream.id
    guard var document = open.removeValue(forKey: stream.index) else {
      open[stream.index] = part
      return ended
    }
    if stream.isCumulative && part.tokens.count >= document.tokens.count {
      document = part
    } else {
      document.append(part)
    }
    open[stream.index] = document
    return ended
  }

  /// Ends the open stream.
  ///
  /// - Returns: its documents, in the order of their numbers.
  mutating func end() -> [ExternalDocument] {
    var documents = open.sorted { $0.key < $1.key }.map { $0.value }
    for index in documents.indices { documents[index].isAlternative = documents.count > 1 }
    open = [:]
    id = nil
    return documents
  }
}
