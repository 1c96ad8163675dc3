public import Files
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

  /// Rarer tokens become the unknown word.
  public var minimumCount = 1

  /// A file with one word a line: all other tokens become the unknown word.
  public var vocabularyPath: String?

  /// An input with the defaults for all but these.
  public init(_ sources: [TextSource], settings: TextSettings) {
    self.sources = sources
    self.settings = settings
  }
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

  /// The number of sequences.
  public let sequenceCount: Int

  /// The number of lines with nothing on them.
  public let blankLineCount: Int

  /// The number of bytes read.
  public let byteCount: Int

  /// A hash of the bytes read.
  public let fingerprint: UInt64

  /// Reads and numbers the text; `progress` is told the bytes read so far, from any thread.
  ///
  /// The result is the same for every number of threads.
  /// - Throws: `FileError` and `TextError`, among them for a text without tokens and for a
  ///   vocabulary list without words.
  /// - Complexity: O(bytes); 4 bytes a token in memory, 8 where held-out text is given, and a few
  ///   megabytes a thread.
  public init(
    _ input: TrainingInput,
    threads: Int = Parallel.processorCount,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    settings = input.settings
    var vocabulary = VocabularyBuilder()
    if let path = input.vocabularyPath {
      try vocabulary.insertWords(ofList: path, settings: input.settings)
      vocabulary.isClosed = true
    }
    let numbering = TextNumbering(input, vocabulary: vocabulary, sink: TrainingTextBuilder())
    let summary = try numbering.read(input.sources, threads: threads, progress: progress)
    guard summary.hasTokens else { throw TextError.empty(paths: input.sources.map(\.name)) }
    vocabulary = numbering.takeVocabulary()
    var builder = numbering.takeSink()
    fingerprint = summary.fingerprint
    sequenceCount = summary.sequenceCount
    blankLineCount = summary.blankLineCount
    byteCount = summary.byteCount

    if input.minimumCount > 1 {
      let counts = builder.occurrences(vocabularySize: vocabulary.count)
      var numbers: [UInt32] = []
      vocabulary = vocabulary.keeping(
        { counts[$0] >= UInt64(input.minimumCount) },
        numbers: &numbers
      )
      builder.renumber(numbers)
    }
    if input.minimumCount > 1 || input.vocabularyPath != nil, !builder.hasKnownTokens {
      throw TextError.nothingKept(paths: input.sources.map(\.name))
    }
    if input.heldOut.isEmpty {
      tuningText = nil
    } else {
      var tuning = builder.copy()
      tuning.beginHeldOut()
      vocabulary.isClosed = true
      let numbering = TextNumbering(input, vocabulary: vocabulary, sink: tuning)
      let heldOut = try numbering.read(input.heldOut, threads: threads)
      guard heldOut.hasTokens else { throw TextError.empty(paths: input.heldOut.map(\.name)) }
      vocabulary = numbering.takeVocabulary()
      tuningText = TrainingText(numbering.takeSink())
    }
    text = TrainingText(builder)
    self.vocabulary = vocabulary.vocabulary()
  }
}

extension VocabularyBuilder {
  /// Inserts the words of the list at `path`, which has one a line.
  fileprivate mutating func insertWords(ofList path: String, settings: TextSettings) throws {
    var reader = try TextReader(.file(path), isRaw: settings.readsRawBytes)
    while let block = try reader.next() {
      for line in block.bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
        // As the text's own tokens, or "The" would never be found in a lower-cased text.
        var word: [UInt8] = []
        settings.normalization.apply(Array(line).span, into: &word)
        insert(String(decoding: word, as: UTF8.self))
      }
    }
    guard count > TokenID.specialSpellings.count else {
      throw TextError.emptyVocabulary(path: path)
    }
  }
}
