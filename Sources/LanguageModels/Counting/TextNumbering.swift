import Files
import Records
import Synchronization
import Tokenization

/// A receiver of the numbered tokens of a text, run after run, in the order of the text.
protocol TokenSink: ~Copyable, Sendable {
  /// The number of tokens so far.
  var count: Int { get }

  /// Appends tokens.
  mutating func append(_ tokens: Span<UInt32>) throws
}

/// Totals of a text: sequences, bytes, a fingerprint.
struct TextSummary: Sendable {
  /// The number of sequences.
  var sequenceCount = 0
  /// The number of lines with nothing on them.
  var blankLineCount = 0
  /// The number of bytes.
  var byteCount = 0
  /// The records read and left out; nil for plain text.
  var records: RecordTally?
  /// The text has a token other than `<s>` and `</s>`.
  var hasTokens = false
  /// A hash of the bytes as they were read.
  var fingerprint: UInt64 = 0
}

/// Reads texts and numbers their tokens, on many threads.
///
/// The text alone decides where it is cut into pieces. Threads take piece after piece, cut it into
/// tokens and number them from tables of their own. Then, one after the other in the order of the
/// text, they put their new tokens into the vocabulary: so its numbers are in the order of first
/// occurrence, whichever thread took which piece. They replace their own numbers by the
/// vocabulary's, again at the same time, and hand them to the sink, again in order.
///
/// A thread keeps its table from piece to piece, so that it looks up in the vocabulary only what is
/// new to it. Memory is bounded: a piece and a table of some hundred thousand tokens a thread,
/// beside the vocabulary and the sink.
final class TextNumbering<Sink: TokenSink & ~Copyable>: Sendable {
  private let encoder: TextEncoder
  private let invalidUTF8: TextReader.InvalidUTF8
  private let numbered: Mutex<Numbered>
  private let sink: Mutex<Sink?>

  /// The results of the pieces so far.
  private struct Numbered: ~Copyable, Sendable {
    var vocabulary: VocabularyBuilder?
    var summary = TextSummary()
    var tokenCount: Int
    /// The first piece that failed, and its error.
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

  /// Reads `sources`; `progress` receives the bytes and tokens read so far, from any thread.
  ///
  /// - Throws: The first error in the order of the text; the vocabulary and the sink then have a
  ///   part of the tokens.
  func read(
    _ sources: [TextSource],
    threads: Int,
    progress: @escaping @Sendable (_ bytes: Int, _ tokens: Int) -> Void = { _, _ in }
  ) throws -> TextSummary {
    let pieces = TextPieces(
      sources,
      isRaw: encoder.settings.readsRawBytes,
      invalidUTF8: invalidUTF8
    )
    let run = Run(pieces: pieces, threads: threads, progress: progress)
    Parallel.forEach(max(1, threads), threads: threads) { _ in self.work(on: run) }
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

  /// The state that the threads of one call share.
  private struct Run: Sendable {
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

  /// The state that one thread has for itself.
  private struct WorkerState: ~Copyable {
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

    /// Makes room for the next piece; empties the table when it is full.
    mutating func clear() {
      encoded.removeAll()
      guard table.count > Self.tableCapacity else { return }
      table.removeAll()
      numbers.removeSubrange(TokenID.specialSpellings.count...)
    }

    /// Fills ``tokens``.
    mutating func replaceNumbers() {
      tokens.grow(to: encoded.tokens.count)
      let numbers = numbers
      let encoded = encoded.tokens
      let numberSpan = numbers.span
      let tokenSpan = encoded.span
      for index in tokenSpan.indices {
        tokens[index] = UInt32(truncatingIfNeeded: numberSpan[tokenSpan[index].index].index)
      }
    }
  }

  /// Works on pieces until there are no more.
  private func work(on run: Run) {
    var state = WorkerState()
    while let piece = run.pieces.take() {
      state.clear()
      let failure = encode(piece, &state)
      let goesOn = run.vocabularyTurns.take(piece.number) {
        merge(&state, of: piece, failure, progress: run.progress)
      }
      if goesOn { state.replaceNumbers() } else { run.pieces.stop() }
      run.sinkTurns.take(piece.number) {
        guard goesOn else { return }
        do {
          try append(state)
        } catch {
          numbered.withLock { $0.fail(piece.number, error) }
          run.pieces.stop()
        }
      }
    }
  }

  /// Cuts a piece into tokens, and numbers them by the thread's own table.
  ///
  /// - Returns: The error, where there was one.
  private func encode(_ piece: TextPieces.Piece, _ state: inout WorkerState) -> (any Error)? {
    do {
      for (chunk, path) in piece.chunks {
        var chunk = chunk
        if !encoder.settings.readsRawBytes { try chunk.check(invalidUTF8, path: path) }
        try encoder.encode(chunk, of: path, numbering: &state.table, into: &state.encoded)
      }
    } catch {
      return error
    }
    return piece.failure
  }

  /// Puts the new tokens of a piece into the vocabulary.
  ///
  /// - Returns: False if this piece or one before it failed.
  private func merge(
    _ state: inout WorkerState,
    of piece: TextPieces.Piece,
    _ failure: (any Error)?,
    progress: (Int, Int) -> Void
  ) -> Bool {
    numbered.withLock { numbered in
      if let failure { numbered.fail(piece.number, failure) }
      numbered.tokenCount += state.encoded.tokens.count
      if numbered.tokenCount >= TrainingText.capacity {
        numbered.fail(piece.number, TextError.tooLong(path: piece.chunks.last?.path ?? ""))
      }
      if numbered.failure != nil { return false }
      numbered.summary.add(state.encoded)
      let known = state.numbers.count
      state.numbers.append(addingCapacity: state.table.count - known) { output in
        numbered.vocabulary?.insert(state.table, from: known, into: &output)
      }
      progress(numbered.summary.byteCount, numbered.tokenCount)
      return true
    }
  }

  /// Hands the tokens of a piece to the sink.
  private func append(_ state: borrowing WorkerState) throws {
    try sink.withLock { sink in
      try state.tokens.withElements(0..<state.encoded.tokens.count) { try sink?.append($0) }
    }
  }
}

extension TextSummary {
  /// Adds the totals of the next piece.
  fileprivate mutating func add(_ piece: EncodedText) {
    sequenceCount += piece.sequenceCount
    blankLineCount += piece.blankLineCount
    byteCount += piece.byteCount
    if let tally = piece.tally { records = (records ?? RecordTally()) + tally }
    if !hasTokens {
      hasTokens = piece.tokens.contains { $0 != .beginSentence && $0 != .endSentence }
    }
  }
}
