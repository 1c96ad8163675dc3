import Files
import Synchronization
import Tokenization

/// Hands out the pieces of texts to threads, in the order of the text.
///
/// Only what must be done in this order is done here: reading, and the hash of the bytes.
final class TextPieces: Sendable {
  /// Some blocks of a text, or of several that follow each other.
  struct Piece {
    /// The place among all pieces, from 0.
    var number: Int
    /// The blocks, each with the name of its text; their bytes are not checked.
    var parts: [(block: TextChunk, path: String)] = []
    /// What went wrong after these blocks.
    var failure: (any Error)?
  }

  /// The number of bytes that a piece has at least, but for the last.
  private static let byteCount = 1 << 20

  private let state: Mutex<State>

  private struct State: ~Copyable, Sendable {
    let sources: [TextSource]
    let isRaw: Bool
    var reader: TextReader?
    var sourceIndex = 0
    var pieceCount = 0
    var isOver = false
    var hash = StreamingHash()

    init(_ sources: [TextSource], isRaw: Bool) {
      self.sources = sources
      self.isRaw = isRaw
    }

    /// Adds blocks to `piece` until it has `wantedByteCount` bytes or there are no more.
    mutating func fill(_ piece: inout Piece, upTo wantedByteCount: Int) throws(FileError) {
      var byteCount = 0
      while byteCount < wantedByteCount && sourceIndex < sources.count {
        let source = sources[sourceIndex]
        if reader == nil { reader = try TextReader(source, isRaw: isRaw) }
        guard let block = try reader?.nextUnchecked() else {
          reader = nil
          sourceIndex += 1
          continue
        }
        block.bytes.withUnsafeBytes { hash.append($0) }
        byteCount += block.bytes.count
        piece.parts.append((block, source.name))
      }
      if sourceIndex == sources.count { isOver = true }
    }
  }

  /// The pieces of `sources`, raw bytes or text.
  init(_ sources: [TextSource], isRaw: Bool) {
    state = Mutex(State(sources, isRaw: isRaw))
  }

  /// A hash of the bytes handed out so far; how they were cut does not matter.
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
      if piece.parts.isEmpty && piece.failure == nil { return nil }
      state.pieceCount += 1
      return piece
    }
  }

  /// Hands out no more pieces.
  func stop() { state.withLock { $0.isOver = true } }
}
