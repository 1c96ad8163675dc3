import Files
import Synchronization
import Tokenization

/// A queue of the pieces of texts, which threads take in the order of the text.
///
/// It does only the work that must be in this order: reading, and the hash of the bytes.
final class TextPieces: Sendable {
  /// A few consecutive chunks of one text or several.
  struct Piece {
    /// The index among all pieces, from 0.
    var number: Int
    /// The chunks, each with the name of its text; their bytes are not checked.
    var chunks: [(chunk: TextChunk, path: String)] = []
    /// The error after these chunks.
    var failure: (any Error)?
  }

  /// The number of bytes that a piece has at least, but for the last.
  private static let byteCount = 1 << 20

  private let state: Mutex<State>

  private struct State: ~Copyable, Sendable {
    let sources: [TextSource]
    let isRaw: Bool
    let invalidUTF8: TextReader.InvalidUTF8
    var reader: TextReader?
    var sourceIndex = 0
    var pieceCount = 0
    var isOver = false
    var hash = StreamingHash()

    init(_ sources: [TextSource], isRaw: Bool, invalidUTF8: TextReader.InvalidUTF8) {
      self.sources = sources
      self.isRaw = isRaw
      self.invalidUTF8 = invalidUTF8
    }

    /// Adds chunks to `piece` until it has `wantedByteCount` bytes or there are no more.
    mutating func fill(_ piece: inout Piece, upTo wantedByteCount: Int) throws {
      var byteCount = 0
      while byteCount < wantedByteCount && sourceIndex < sources.count {
        let source = sources[sourceIndex]
        if reader == nil { reader = try TextReader(source, isRaw: isRaw, invalidUTF8: invalidUTF8) }
        guard let chunk = try reader?.nextUnchecked() else {
          reader = nil
          sourceIndex += 1
          continue
        }
        chunk.appendContent(to: &hash)
        byteCount += chunk.bytes.count
        piece.chunks.append((chunk, source.name))
      }
      if sourceIndex == sources.count { isOver = true }
    }
  }

  /// The pieces of `sources`, raw bytes or text.
  init(_ sources: [TextSource], isRaw: Bool, invalidUTF8: TextReader.InvalidUTF8) {
    state = Mutex(State(sources, isRaw: isRaw, invalidUTF8: invalidUTF8))
  }

  /// A hash of the bytes handed out so far, which does not depend on the cuts.
  var fingerprint: UInt64 { state.withLock { $0.hash.value } }

  /// The next piece, or nil after the last and after ``stop()``.
  func take() -> Piece? {
    state.withLock { state in
      if state.isOver { return nil }
      var piece = Piece(number: state.pieceCount)
      do {
        try state.fill(&piece, upTo: Self.byteCount)
      } catch {
        piece.failure = error
        state.isOver = true
      }
      if piece.chunks.isEmpty && piece.failure == nil { return nil }
      state.pieceCount += 1
      return piece
    }
  }

  /// Hands out no more pieces.
  func stop() { state.withLock { $0.isOver = true } }
}
