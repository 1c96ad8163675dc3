import Files
import LanguageModels
import Synchronization
import Tokenization

/// One text and the model that scores it: source, settings, encoder.
struct TextWork: Sendable {
  let model: any LanguageModel
  let source: TextSource
  /// True if each token's score and range are needed, and not only sums.
  let keepsScores: Bool
  private let encoder: TextEncoder

  init(
    _ model: any LanguageModel,
    _ source: TextSource,
    markers: TextEncoder.Markers,
    keepsScores: Bool
  ) {
    self.model = model
    self.source = source
    self.keepsScores = keepsScores
    encoder = TextEncoder(
      model.settings,
      markers: markers,
      keepsRanges: keepsScores || model.speller != nil
    )
  }

  /// The tokens of `block`.
  func encode(_ block: TextChunk) throws(TextError) -> EncodedBlock {
    var numbering = CachedVocabulary(model.vocabulary)
    var encoded = EncodedBlock(
      block: block,
      text: try encoder.encode(block, of: source.name, numbering: &numbering)
    )
    if let speller = model.speller {
      encoded.spell(speller)
      if !keepsScores { encoded.text.removeRanges() }
    }
    return encoded
  }

  /// The longest prefix of `block`, in whole lines, that can be encoded, and the error that ends
  /// it.
  func encodeUpToFailure(_ block: TextChunk) -> (EncodedBlock?, TextError?) {
    do {
      return (try encode(block), nil)
    } catch {
      guard let sound = block.beginning(before: error) else { return (nil, error) }
      return (try? encode(sound), error)
    }
  }
}

extension TextChunk {
  /// The lines or records before the one that `error` is about; nil if there are none.
  fileprivate func beginning(before error: TextError) -> TextChunk? {
    var sound = self
    switch error {
    case .marker(_, _, let line) where line > firstLine:
      var rest = bytes[...]
      for _ in firstLine..<line {
        rest = rest[((rest.firstIndex(of: 10) ?? rest.startIndex) + 1)...]
      }
      sound.bytes.removeSubrange(rest.startIndex...)
    case .record(_, _, let line):
      guard let index = records?.firstIndex(where: { $0.line == line }), index > 0 else {
        return nil
      }
      sound.bytes.removeSubrange((records?[index].start ?? 0)...)
      sound.records?.removeSubrange(index...)
    default: return nil
    }
    sound.isLast = false
    return sound
  }
}

/// A block of a text and its tokens.
struct EncodedBlock: Sendable {
  var block: TextChunk
  var text: EncodedText
  /// The log-probability of the spelling of each token outside the vocabulary.
  ///
  /// It is empty if the model has no speller.
  private(set) var spellings: [LogProbability] = []

  /// Computes the log-probabilities of the spellings.
  mutating func spell(_ speller: SpellingModel) {
    var ranges: [Range<Int>] = []
    for (token, range) in zip(text.tokens, text.ranges) where token.isOutOfVocabulary {
      ranges.append(range)
    }
    spellings = speller.logProbabilities(of: ranges, in: text.text.span)
  }

  /// The scores of the tokens, including their spellings; nil if there are no spellings.
  func spelled(_ tokens: ArraySlice<TokenID>, _ scores: Span<TokenScore>) -> [TokenScore]? {
    if spellings.isEmpty { return nil }
    var spelled: [TokenScore] = []
    spelled.reserveCapacity(scores.count)
    var next = 0
    for (index, token) in tokens.enumerated() {
      var score = scores[index]
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
  /// Removes the tokens' ranges and the text, as in a text encoded without ranges.
  fileprivate mutating func removeRanges() {
    ranges = []
    text = []
  }
}

/// A reader from which threads take blocks in turn.
final class SharedReader: Sendable {
  private let reader: Mutex<TextReader>

  init(_ reader: consuming sending TextReader) { self.reader = Mutex(reader) }

  func next() throws -> TextChunk? { try reader.withLock { try $0.next() } }

  /// A hash of the bytes read so far.
  var fingerprint: UInt64 { reader.withLock { $0.fingerprint } }
}

/// Some blocks of a text, read and encoded by any number of threads.
final class EncodingBatch: Sendable {
  /// The number of blocks in a batch: about a million tokens, which makes sorting worthwhile.
  ///
  /// A batch is smaller if every token is kept, which takes ten times the memory. It is one block
  /// if a block may take seconds.
  private static func blockCount(_ work: TextWork, readsInOrder: Bool) -> Int {
    if readsInOrder { return 1 }
    return work.keepsScores ? 16 : work.model.settings.tokenizer.blocksPerBatch
  }

  private struct State {
    /// The result of each block, in text order; nil while a thread works on it.
    var results: [Result<EncodedBlock, any Error>?] = []
    var isAtEnd = false
  }

  private let work: TextWork
  private let reader: SharedReader
  private let blockCount: Int
  private let state = Mutex(State())

  /// The next batch of `reader`; a single block if the model `readsInOrder`.
  init(_ work: TextWork, _ reader: SharedReader, readsInOrder: Bool = false) {
    self.work = work
    self.reader = reader
    blockCount = Self.blockCount(work, readsInOrder: readsInOrder)
  }

  /// True if the text ends with this batch, or reading failed.
  var isAtEnd: Bool { state.withLock { $0.isAtEnd } }

  /// Encodes blocks until the batch has no more.
  func encodeBlocks() {
    while encodeNext() {}
  }

  /// Takes a block from the reader and encodes it; returns false if the batch has no more blocks.
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
      guard !state.isAtEnd, index < blockCount else { return nil }
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

  /// The blocks, after all are encoded.
  ///
  /// - Throws: The error of the first failed block.
  func blocks() throws -> [EncodedBlock] {
    try state.withLock { state in
      try state.results.map { result in
        guard let result else { preconditionFailure("every block taken leaves a result") }
        return try result.get()
      }
    }
  }
}
