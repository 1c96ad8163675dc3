import Files
import Synchronization
import Tokenization

/// Where the numbered tokens of a text go, run after run, in the order of the text.
protocol TokenSink: ~Copyable, Sendable {
  /// The number of tokens so far.
  var count: Int { get }

  /// Appends tokens.
  mutating func append(_ tokens: Span<UInt32>) throws
}

/// What is known of a text when it has been read.
struct TextSummary: Sendable {
  /// The number of sequences.
  var sequenceCount = 0
  /// The number of lines with nothing on them.
  var blankLineCount = 0
  /// The number of bytes.
  var byteCount = 0
  /// Whether there is any token but `<s>` and `</s>`.
  var hasTokens = false
  /// A hash of the bytes as they were read.
  var fingerprint: UInt64 = 0
}

/// Reads texts and numbers their tokens, on many threads.
///
/// The text is cut into pieces where the text alone says so. Threads take piece after piece, cut it
/// into tokens and number them from tables of their own. Then, one after the other in the order of
/// the text, they put their new tokens into the vocabulary: so its numbers are in the order of first
/// occurrence, however the pieces fell to threads. They replace their own numbers by the
/// vocabulary's, again at the same time, and hand them to the sink, again in order.
///
/// A thread keeps its table from piece to piece, so that only what is new to it is looked up in the
/// vocabulary. So memory is bounded: a piece and a table of some hundred thousand tokens a thread,
/// beside the vocabulary and what the sink keeps.
final class TextNumbering<Sink: TokenSink & ~Copyable>: Sendable {
  private let encoder: TextEncoder
  private let invalidUTF8: TextReader.InvalidUTF8
  private let numbered: Mutex<Numbered>
  private let sink: Mutex<Sink?>

  /// What the pieces are put together to.
  private struct Numbered: ~Copyable, Sendable {
    var vocabulary: VocabularyBuilder?
    var summary = TextSummary()
    var tokenCount: Int
    /// The number of the first piece in which something went wrong, and what.
    var failure: (piece: Int, error: any Error)?

    mutating func fail(_ piece: Int, _ error: any Error) {
      if piece < failure?.piece ?? .max { failure = (piece, error) }
    }
  }

  /// A reader of texts with the settings of `input`, whose tokens go to `vocabulary` and `sink`.
  init(_ input: TrainingInput, vocabulary: consuming VocabularyBuilder, sink: consuming Sink) {
    encoder = TextEncoder(input.settings, markers: input.markers, countsCharacters: false)
    invalidUTF8 = input.invalidUTF8
    numbered = Mutex(Numbered(vocabulary: vocabulary, tokenCount: sink.count))
    self.sink = Mutex(sink)
  }

  /// Reads `sources`; `progress` is told the bytes and tokens read so far, from any thread.
  ///
  /// - Throws: What went wrong first, in the order of the text; the vocabulary and the sink then
  ///   have a part of the tokens.
  func read(
    _ sources: [TextSource],
    threads: Int,
    progress: @escaping @Sendable (_ bytes: Int, _ tokens: Int) -> Void = { _, _ in }
  ) throws -> TextSummary {
    let pieces = TextPieces(sources, isRaw: encoder.settings.readsRawBytes)
    let line = Line(pieces: pieces, threads: threads, progress: progress)
    Parallel.forEach(max(1, threads), threads: threads) { _ in self.work(on: line) }
    return try numbered.withLock { numbered in
      if let failure = numbered.failure { throw failure.error }
      numbered.summary.fingerprint = pieces.fingerprint
      return numbered.summary
    }
  }

  /// The vocabulary with the tokens of what was read; it can be taken once.
  func takeVocabulary() -> VocabularyBuilder {
    numbered.withLock { numbered in
      guard let vocabulary = numbered.vocabulary.take() else { preconditionFailure("taken twice") }
      return vocabulary
    }
  }

  /// The sink with the tokens of what was read; it can be taken once.
  func takeSink() -> Sink {
    sink.withLock { sink in
      guard let sink = sink.take() else { preconditionFailure("taken twice") }
      return sink
    }
  }

  /// What the threads that read share.
  private struct Line: Sendable {
    let pieces: TextPieces
    let vocabularyTurns: OrderedSection
    let sinkTurns: OrderedSection
    let progress: @Sendable (Int, Int) -> Void

    init(pieces: TextPieces, threads: Int, progress: @escaping @Sendable (Int, Int) -> Void) {
      self.pieces = pieces
      vocabularyTurns = OrderedSection(threads: threads)
      sinkTurns = OrderedSection(threads: threads)
      self.progress = progress
    }
  }

  /// What one thread has of its own.
  private struct Desk: ~Copyable {
    /// The most tokens that are kept for the next piece.
    static var tableCapacity: Int { 1 << 18 }

    /// The tokens this thread has seen.
    var table = VocabularyBuilder()
    /// The vocabulary's numbers of the first of them, all but those that are new in this piece.
    var numbers = (0..<UInt32(TokenID.specialSpellings.count)).map { TokenID($0) }
    /// The piece, its tokens with the numbers of ``table``.
    var encoded = EncodedText()
    /// The tokens with the vocabulary's numbers.
    var tokens = Buffer<UInt32>()

    /// Makes room for a piece, and where the table is full.
    mutating func clear() {
      encoded.removeAll()
      guard table.count > Self.tableCapacity else { return }
      table.removeAll()
      numbers.removeSubrange(TokenID.specialSpellings.count...)
    }

    /// Fills ``tokens``.
    mutating func replaceNumbers() {
      tokens.grow(to: encoded.tokens.count)
      let numbers = numbers.span
      let encoded = encoded.tokens.span
      for index in encoded.indices {
        tokens[index] = UInt32(truncatingIfNeeded: numbers[encoded[index].index].index)
      }
    }
  }

  /// Works on pieces until there are no more.
  private func work(on line: Line) {
    var desk = Desk()
    while let piece = line.pieces.take() {
      desk.clear()
      let failure = encode(piece, &desk)
      let goesOn = line.vocabularyTurns.take(piece.number) {
        merge(&desk, of: piece, failure, progress: line.progress)
      }
      if goesOn { desk.replaceNumbers() } else { line.pieces.stop() }
      line.sinkTurns.take(piece.number) {
        guard goesOn else { return }
        do {
          try append(desk)
        } catch {
          numbered.withLock { $0.fail(piece.number, error) }
          line.pieces.stop()
        }
      }
    }
  }

  /// Cuts a piece into tokens, and numbers them by the thread's own table.
  ///
  /// - Returns: What went wrong.
  private func encode(_ piece: TextPieces.Piece, _ desk: inout Desk) -> (any Error)? {
    do {
      for part in piece.parts {
        var block = part.block
        if !encoder.settings.readsRawBytes { try block.check(invalidUTF8, path: part.path) }
        try encoder.encode(block, of: part.path, numbering: &desk.table, into: &desk.encoded)
      }
    } catch {
      return error
    }
    return piece.failure
  }

  /// Puts the new tokens of a piece into the vocabulary.
  ///
  /// - Returns: Whether all is well so far.
  private func merge(
    _ desk: inout Desk,
    of piece: TextPieces.Piece,
    _ failure: (any Error)?,
    progress: (Int, Int) -> Void
  ) -> Bool {
    numbered.withLock { numbered in
      if let failure { numbered.fail(piece.number, failure) }
      numbered.tokenCount += desk.encoded.tokens.count
      if numbered.tokenCount >= TrainingText.capacity {
        numbered.fail(piece.number, TextError.tooLong(path: piece.parts.last?.path ?? ""))
      }
      if numbered.failure != nil { return false }
      numbered.summary.add(desk.encoded)
      let known = desk.numbers.count
      desk.numbers.append(addingCapacity: desk.table.count - known) { output in
        numbered.vocabulary?.insert(desk.table, from: known, into: &output)
      }
      progress(numbered.summary.byteCount, numbered.tokenCount)
      return true
    }
  }

  /// Hands the tokens of a piece to the sink.
  private func append(_ desk: borrowing Desk) throws {
    try sink.withLock { sink in
      try desk.tokens.withElements(0..<desk.encoded.tokens.count) { try sink?.append($0) }
    }
  }
}

extension TextSummary {
  /// Adds what is known of the next part.
  fileprivate mutating func add(_ part: EncodedText) {
    sequenceCount += part.sequenceCount
    blankLineCount += part.blankLineCount
    byteCount += part.byteCount
    if !hasTokens {
      hasTokens = part.tokens.contains { $0 != .beginSentence && $0 != .endSentence }
    }
  }
}
