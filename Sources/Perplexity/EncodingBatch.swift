import Files
import LanguageModels
import Synchronization
import Tokenization

/// What is done with a text: the model that scores it and the way its tokens are found.
struct TextWork: Sendable {
  let model: any LanguageModel
  let source: TextSource
  /// Whether each token's score and place are wanted, and not their sums alone.
  let keepsScores: Bool
  /// What scores the text from its start to its end, where the model cannot score parts by themselves.
  let reading: (any ModelReading)?
  private let encoder: TextEncoder
  private let markers: TextEncoder.Markers

  init(
    _ model: any LanguageModel,
    _ source: TextSource,
    markers: TextEncoder.Markers,
    keepsScores: Bool,
    reading: (any ModelReading)?
  ) {
    self.model = model
    self.reading = reading
    self.source = source
    self.markers = markers
    self.keepsScores = keepsScores
    encoder = TextEncoder(
      model.settings,
      markers: markers,
      keepsRanges: keepsScores || model.speller != nil
    )
  }

  /// `block` with its tokens.
  func encode(_ block: TextChunk) throws(TextError) -> EncodedBlock {
    var numbering = CachedVocabulary(model.vocabulary)
    var encoded = EncodedBlock(
      block: block,
      text: try encoder.encode(block, of: source.name, numbering: &numbering)
    )
    if let speller = model.speller {
      encoded.spell(speller)
      if !keepsScores { encoded.text.removePlaces() }
    }
    return encoded
  }

  /// As much of `block` as can be encoded, in whole lines, and why no more can.
  func encodeUpToFailure(_ block: TextChunk) -> (EncodedBlock?, TextError?) {
    do {
      return (try encode(block), nil)
    } catch {
      guard case .marker(_, _, let line) = error, line > block.firstLine else {
        return (nil, error)
      }
      var sound = block
      var rest = block.bytes[...]
      for _ in block.firstLine..<line {
        rest = rest[((rest.firstIndex(of: 10) ?? rest.startIndex) + 1)...]
      }
      sound.bytes.removeSubrange(rest.startIndex...)
      sound.isLast = false
      return (try? encode(sound), error)
    }
  }

  /// Where each line of `block` begins among its tokens.
  ///
  /// Encoded again, with lines: tokens do not tell them where the vocabulary lacks the line end.
  func lines(of block: TextChunk) throws(TextError) -> [EncodedText.Line] {
    var numbering = CachedVocabulary(model.vocabulary)
    return try TextEncoder(model.settings, markers: markers, keepsRanges: true)
      .encode(block, of: source.name, numbering: &numbering).lines
  }
}

/// A block of a text and its tokens.
struct EncodedBlock: Sendable {
  var block: TextChunk
  var text: EncodedText
  /// What the spelling of each token costs that the vocabulary lacks, where the model has a speller.
  private(set) var spellings: [LogProbability] = []

  init(block: TextChunk, text: EncodedText) {
    self.block = block
    self.text = text
  }

  /// Finds the spellings' probabilities.
  mutating func spell(_ speller: SpellingModel) {
    var ranges: [Range<Int>] = []
    for (token, range) in zip(text.tokens, text.ranges) where token.isOutOfVocabulary {
      ranges.append(range)
    }
    spellings = speller.logProbabilities(of: ranges, in: text.text.span)
  }

  /// The scores of the tokens with their spellings, where there are any; else nil.
  func spelled(_ tokens: ArraySlice<TokenID>, _ scores: Span<TokenScore>) -> [TokenScore]? {
    if spellings.isEmpty { return nil }
    var spelled: [TokenScore] = []
    spelled.reserveCapacity(scores.count)
    var next = 0
    for (place, token) in tokens.enumerated() {
      var score = scores[place]
      if token.isOutOfVocabulary {
        score.spell(spellings[next])
        next += 1
      }
      spelled.append(score)
    }
    return spelled
  }
}

extension EncodedText {
  /// Forgets where tokens stand, as if that had not been asked for.
  fileprivate mutating func removePlaces() {
    ranges = []
    lines = []
    text = []
  }
}

/// A reader that threads take blocks from in turn.
final class SharedReader: Sendable {
  private let reader: Mutex<TextReader>

  init(_ reader: consuming sending TextReader) { self.reader = Mutex(reader) }

  func next() throws -> TextChunk? { try reader.withLock { try $0.next() } }

  /// A hash of the bytes read so far.
  var fingerprint: UInt64 { reader.withLock { $0.fingerprint } }
}

/// Some blocks of a text on their way from the file to tokens; any number of threads may work on it.
final class EncodingBatch: Sendable {
  /// The number of blocks of a batch: some million tokens, so that it pays to sort them.
  ///
  /// Fewer where tokens are a byte or two, and where every token is kept, at ten times the memory; one
  /// where a block may take seconds.
  static func blockCount(_ work: TextWork) -> Int {
    if work.reading != nil { return 1 }
    if work.keepsScores { return 16 }
    switch work.model.settings.tokenizer {
    case .whitespace, .words: return 96
    case .characters, .graphemes, .bytes: return 16
    }
  }

  private struct State {
    /// What became of each block, in the text's order; nil while it is worked on.
    var results: [Result<EncodedBlock, any Error>?] = []
    var isAtEnd = false
  }

  private let work: TextWork
  private let reader: SharedReader
  private let state = Mutex(State())

  init(_ work: TextWork, _ reader: SharedReader) {
    self.work = work
    self.reader = reader
  }

  /// Whether the text ends with this batch, or cannot be read on.
  var isAtEnd: Bool { state.withLock { $0.isAtEnd } }

  /// Encodes blocks until all of the batch are taken.
  func encodeParts() {
    while encodeNext() {}
  }

  /// Takes a block from the reader and encodes it; false where no block of the batch is left.
  @discardableResult
  func encodeNext() -> Bool {
    guard let (index, block) = takeNext() else { return false }
    let result = Result<EncodedBlock, any Error> { try work.encode(block) }
    state.withLock { $0.results[index] = result }
    return true
  }

  private func takeNext() -> (Int, TextChunk)? {
    state.withLock { state in
      let index = state.results.count
      guard !state.isAtEnd, index < Self.blockCount(work) else {
        return nil
      }
      do {
        guard let block = try reader.next() else {
          state.isAtEnd = true
          return nil
        }
        state.results.append(nil)
        state.isAtEnd = block.isLast
        return (index, block)
      } catch {
        state.results.append(.failure(error))
        state.isAtEnd = true
        return nil
      }
    }
  }

  /// The blocks, once all are encoded.
  ///
  /// - Throws: what the first failing block threw.
  func parts() throws -> [EncodedBlock] {
    try state.withLock { state in
      try state.results.map { result in
        guard let result else { preconditionFailure("every block taken leaves a result") }
        return try result.get()
      }
    }
  }
}
