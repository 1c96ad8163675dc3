import Files
public import Tokenization

/// Which text a model is to be trained on, and how it becomes tokens.
public struct TrainingInput: Sendable {
  /// The texts, in the order of their tokens.
  public var sources: [TextSource]

  /// How text becomes tokens.
  public var settings: TextSettings

  /// Held-out text, on which a method's weights are fitted.
  public var heldOut: [TextSource] = []

  /// What is done with a literal `<s>` or `</s>`.
  public var markers = TextEncoder.Markers.refuse

  /// What is done with bytes that are not UTF-8.
  public var invalidUTF8 = TextReader.InvalidUTF8.refuse

  /// Rarer tokens are not in the vocabulary.
  public var minimumCount = 1

  /// A file with one word a line: no other tokens are in the vocabulary.
  public var vocabularyPath: String?

  /// What is done with tokens that are not in the vocabulary.
  public var rareTokens = RareTokens.unknown

  /// An input with the defaults for all but these.
  public init(_ sources: [TextSource], settings: TextSettings) {
    self.sources = sources
    self.settings = settings
  }
}

/// What becomes of the training text's tokens that its vocabulary is not to have.
public enum RareTokens: String, CaseIterable, Sendable {
  /// They are the unknown word, and counted as it: `<unk>` gets their probability.
  case unknown

  /// They are counted as what they are and then leave the model with every n-gram that has one, so
  /// that other words' counts and the discounts are as without them; `<unk>` gets no more than any
  /// unseen word. So does KenLM's `--limit_vocab_file`.
  case drop
}

/// A training text as numbers, with its vocabulary and what is known of it.
public struct TrainingData: Sendable {
  /// How the text became tokens.
  public let settings: TextSettings

  /// The tokens.
  public let text: TrainingText

  /// The tokens with the held-out text behind them, where there is one.
  public let tuningText: TrainingText?

  /// The tokens' numbers.
  public let vocabulary: Vocabulary

  /// The number of different tokens that ``text`` may have.
  ///
  /// Numbers from the vocabulary's count up to this are of tokens that are counted and then
  /// dropped; the two are equal where ``RareTokens/drop`` was not asked for.
  public let typeCount: Int

  /// The number of sequences.
  public let sequenceCount: Int

  /// The number of lines with nothing on them.
  public let blankLineCount: Int

  /// The number of bytes read.
  public let byteCount: Int

  /// A hash of the bytes read.
  public let fingerprint: UInt64

  /// Reads and numbers the text; `progress` is told the bytes read so far.
  ///
  /// - Throws: `FileError` and `TextError`, among them for a text without tokens and for a
  ///   vocabulary list without words.
  /// - Complexity: O(bytes); 4 bytes a token in memory, 8 where held-out text is given.
  public init(_ input: TrainingInput, progress: (Int) -> Void = { _ in }) throws {
    settings = input.settings
    var reading = Reading(input)
    if let path = input.vocabularyPath { try reading.close(over: path, input.settings) }
    var builder = TrainingTextBuilder()
    try reading.read(input.sources, into: &builder, progress: progress)
    guard reading.hasTokens else {
      throw TextError.empty(paths: input.sources.map(\.name))
    }
    fingerprint = reading.hash.value
    sequenceCount = reading.sequenceCount
    blankLineCount = reading.blankLineCount
    byteCount = reading.byteCount

    let readCount = reading.vocabulary.count
    if input.minimumCount > 1 || reading.listedCount < readCount {
      let counts = builder.occurrences(vocabularySize: readCount)
      var numbers: [UInt32] = []
      let listedCount = reading.listedCount
      // Words of a list need not be in the text.
      let minimumCount = input.minimumCount > 1 ? UInt64(input.minimumCount) : 0
      let kept = reading.vocabulary.keeping(
        { $0 < listedCount && counts[$0] >= minimumCount },
        numbers: &numbers
      )
      if input.rareTokens == .drop {
        numbers.numberDropped(from: kept.count)
        typeCount = readCount
      } else {
        typeCount = kept.count
      }
      reading.vocabulary = kept
      builder.renumber(numbers)
    } else {
      typeCount = readCount
    }
    if input.minimumCount > 1 || input.vocabularyPath != nil,
      !builder.hasTokens(in: 3..<UInt32(reading.vocabulary.count))
    {
      throw TextError.nothingKept(paths: input.sources.map(\.name))
    }
    if input.heldOut.isEmpty {
      tuningText = nil
    } else {
      var tuning = builder.copy()
      tuning.beginHeldOut()
      reading.vocabulary.isClosed = true
      reading.hasTokens = false
      try reading.read(input.heldOut, into: &tuning, progress: { _ in })
      guard reading.hasTokens else { throw TextError.empty(paths: input.heldOut.map(\.name)) }
      tuningText = TrainingText(tuning)
    }
    text = TrainingText(builder)
    vocabulary = reading.vocabulary.vocabulary()
  }

  /// What grows while texts are read.
  private struct Reading: ~Copyable {
    var vocabulary = VocabularyBuilder()
    var hash = StreamingHash()
    var sequenceCount = 0
    var blankLineCount = 0
    var byteCount = 0
    var hasTokens = false

    /// Tokens numbered from here on are not in the list that the vocabulary was limited to.
    private(set) var listedCount = Int.max
    private let input: TrainingInput
    private let encoder: TextEncoder

    init(_ input: TrainingInput) {
      self.input = input
      encoder = TextEncoder(input.settings, markers: input.markers)
    }

    mutating func read(
      _ sources: [TextSource],
      into builder: inout TrainingTextBuilder,
      progress: (Int) -> Void
    ) throws {
      for source in sources {
        var reader = try TextReader(
          source,
          isRaw: input.settings.readsRawBytes,
          invalidUTF8: input.invalidUTF8
        )
        while let block = try reader.next() {
          block.bytes.withUnsafeBytes { hash.append($0) }
          let encoded = try encoder.encode(block, of: source.name, numbering: &vocabulary)
          guard builder.count + encoded.tokens.count < TrainingText.capacity else {
            throw TextError.tooLong(path: source.name)
          }
          builder.append(encoded)
          sequenceCount += encoded.sequenceCount
          blankLineCount += encoded.blankLineCount
          byteCount += encoded.byteCount
          if !hasTokens { hasTokens = encoded.tokens.contains { $0.index != 1 && $0.index != 2 } }
          progress(byteCount)
        }
      }
    }

    /// Takes the words of the list at `path`, and closes the vocabulary unless the others are counted
    /// as what they are.
    mutating func close(over path: String, _ settings: TextSettings) throws {
      var reader = try TextReader(.file(path), isRaw: settings.readsRawBytes)
      while let block = try reader.next() {
        for line in block.bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
          // As the text's own tokens, or "The" would never be found in a lower-cased text.
          var word: [UInt8] = []
          settings.normalization.apply(Array(line).span, into: &word)
          vocabulary.insert(String(decoding: word, as: UTF8.self))
        }
      }
      guard vocabulary.count > TokenID.specialSpellings.count else {
        throw TextError.emptyVocabulary(path: path)
      }
      vocabulary.isClosed = input.rareTokens == .unknown
      listedCount = vocabulary.count
    }
  }
}

extension [UInt32] {
  /// Gives the tokens that a vocabulary does not keep, which all are unknown so far, numbers of their
  /// own from `first` up.
  fileprivate mutating func numberDropped(from first: Int) {
    var next = UInt32(first)
    for id in TokenID.specialSpellings.count..<count where self[id] == TokenID.unknown.rawValue {
      self[id] = next
      next += 1
    }
  }
}
