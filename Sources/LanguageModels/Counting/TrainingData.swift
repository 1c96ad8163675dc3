import Files
package import Records
import Synchronization
package import Tokenization

/// The text that a model is trained on, and the rules by which it becomes tokens.
package struct TrainingInput: Sendable {
  /// The texts, in the order of their tokens.
  package var sources: [TextSource]

  /// The rules by which text becomes tokens.
  package var settings: TextSettings

  /// Held-out text, on which a method's weights are fitted.
  package var heldOut: [TextSource] = []

  /// The treatment of a literal `<s>` or `</s>`.
  package var markers = TextEncoder.Markers.refuse

  /// The treatment of bytes that are not UTF-8.
  package var invalidUTF8 = TextReader.InvalidUTF8.refuse

  /// Rarer tokens are not in the vocabulary.
  package var minimumCount = 1

  /// A file with one word a line: no other tokens are in the vocabulary.
  package var vocabularyPath: String?

  /// The treatment of tokens that are not in the vocabulary.
  package var rareTokens = RareTokens.unknown

  /// The spellings of the tokens are kept, for a model of those that the vocabulary lacks.
  package var keepsSpellings = false

  /// The memory that the tokens may take; as much as they need where nil.
  package var bound: MemoryBound?

  /// An input with the defaults for all but these.
  package init(_ sources: [TextSource], settings: TextSettings) {
    self.sources = sources
    self.settings = settings
  }
}

/// The treatment of the training text's tokens that its vocabulary is not to have.
package enum RareTokens: String, CaseIterable, Sendable {
  /// Rare tokens are counted as the unknown word: `<unk>` gets their probability.
  case unknown

  /// Rare tokens are counted, and then removed from the model with every n-gram that has one.
  ///
  /// So other words' counts and the discounts are those of the whole text, and `<unk>` gets no more
  /// than any unseen word. KenLM's `--limit_vocab_file` does the same.
  case drop
}

/// A training text as numbers, with its vocabulary and its totals.
package struct TrainingData: Sendable {
  /// The rules by which the text became tokens.
  package let settings: TextSettings

  /// The tokens.
  package let text: TrainingText

  /// The spellings of different tokens of the text; nil if they were not asked for.
  let spellings: SpellingSample?

  /// The tokens with the held-out text behind them, where there is one.
  package let tuningText: TrainingText?

  /// The tokens' numbers.
  package let vocabulary: Vocabulary

  /// The number of different tokens that ``text`` may have.
  ///
  /// Numbers from the vocabulary's count up to this are of tokens that are counted and then
  /// dropped; the two are equal where ``RareTokens/drop`` was not asked for.
  package let typeCount: Int

  /// The number of sequences.
  package let sequenceCount: Int

  /// The number of lines with nothing on them.
  package let blankLineCount: Int

  /// Sentences on the word list that the vocabulary is limited to.
  let notes: [String]

  /// The number of bytes read.
  package let byteCount: Int

  /// The records read and left out; nil for plain text.
  package let records: RecordTally?

  /// The records of the text that parameters are fitted on; nil without such.
  package let tuningRecords: RecordTally?

  /// A hash of the bytes read.
  package let fingerprint: UInt64

  /// Reads and numbers the text; `progress` receives the bytes read so far, from any thread.
  ///
  /// The result is the same for every number of threads.
  /// - Throws: `FileError`, `TextError`, among them for a text without tokens and for a vocabulary
  ///   list without words, and ``WordListError``.
  /// - Complexity: O(bytes); 4 bytes a token in memory, 8 where held-out text is given, and a few
  ///   megabytes a thread.
  package init(
    _ input: TrainingInput,
    threads: Int = Parallel.processorCount,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    settings = input.settings
    var vocabulary = VocabularyBuilder()
    // Tokens numbered from here on are not in the list that the vocabulary is limited to.
    var listedCount = Int.max
    var notes: [String] = []
    if let path = input.vocabularyPath {
      var list = WordList(path, settings: input.settings)
      try list.insert(into: &vocabulary)
      notes = [list.note].compactMap(\.self)
      // The spelling of a token that is left out is to be known.
      vocabulary.isClosed = input.rareTokens == .unknown && !input.keepsSpellings
      listedCount = vocabulary.count
    }
    let progressSoFar = Mutex((byteCount: 0, tokenCount: 0))
    var bound = input.bound
    bound?.readSoFar = { progressSoFar.withLock { $0 } }
    let numbering = TextNumbering(
      input,
      vocabulary: vocabulary,
      sink: TrainingTextBuilder(bound, textByteCount: input.sources.byteCount)
    )
    let summary = try numbering.read(input.sources, threads: threads) { bytes, tokens in
      progressSoFar.withLock { $0 = (bytes, tokens) }
      progress(bytes)
    }
    guard summary.hasTokens else {
      throw TextError.empty(
        paths: input.sources.map(\.name),
        leftOut: summary.records?.leftOutAll
      )
    }
    vocabulary = numbering.takeVocabulary()
    var builder = numbering.takeSink()
    fingerprint = summary.fingerprint
    sequenceCount = summary.sequenceCount
    blankLineCount = summary.blankLineCount
    byteCount = summary.byteCount
    records = summary.records

    spellings = input.keepsSpellings ? SpellingSample(of: vocabulary) : nil
    if input.minimumCount > 1 || listedCount < vocabulary.count {
      typeCount = try vocabulary.cut(as: input, listedCount: listedCount, in: &builder)
    } else {
      typeCount = vocabulary.count
    }
    if input.minimumCount > 1 || input.vocabularyPath != nil,
      try !builder.hasTokens(in: 3..<UInt32(vocabulary.count))
    {
      throw TextError.nothingKept(paths: input.sources.map(\.name))
    }
    var tuningRecords: RecordTally?
    if input.heldOut.isEmpty {
      tuningText = nil
    } else {
      let numbering = try builder.numberHeldOut(
        of: input,
        with: vocabulary,
        threads: threads,
        records: &tuningRecords
      )
      vocabulary = numbering.takeVocabulary()
      tuningText = TrainingText(numbering.takeSink())
    }
    self.tuningRecords = tuningRecords
    text = TrainingText(builder)
    self.vocabulary = vocabulary.vocabulary()
    self.notes = notes
  }

  /// The beginning of the text of `data`, with the vocabulary of all of it.
  init(_ prefix: TrainingPrefix, of data: TrainingData) throws {
    settings = data.settings
    text = try TrainingText(prefix, of: data.text)
    vocabulary = data.vocabulary
    typeCount = data.typeCount
    spellings = data.spellings
    tuningText = nil
    sequenceCount = prefix.sequenceCount
    blankLineCount = data.blankLineCount
    notes = data.notes
    byteCount = data.byteCount
    records = data.records
    tuningRecords = nil
    fingerprint = fold(data.fingerprint ^ UInt64(prefix.end), 0x9e37_79b9_7f4a_7c15)
  }

  /// A text of bytes, each sequence of which is a line.
  init(ofBytes text: TrainingText, sequenceCount: Int) {
    self.text = text
    self.sequenceCount = sequenceCount
    settings = TextSettings(tokenizer: .bytes, sequence: .line)
    vocabulary = ByteVocabulary.vocabulary
    typeCount = vocabulary.count
    tuningText = nil
    spellings = nil
    blankLineCount = 0
    notes = []
    byteCount = 0
    records = nil
    tuningRecords = nil
    fingerprint = 0
  }
}

extension TrainingTextBuilder {
  /// Numbers the held-out text of `input` behind a copy of the text; the vocabulary stays as it is.
  fileprivate func numberHeldOut(
    of input: TrainingInput,
    with vocabulary: consuming VocabularyBuilder,
    threads: Int,
    records: inout RecordTally?
  ) throws -> TextNumbering<TrainingTextBuilder> {
    var tuning = try copy()
    tuning.beginHeldOut()
    vocabulary.isClosed = true
    let numbering = TextNumbering(input, vocabulary: vocabulary, sink: tuning)
    let heldOut = try numbering.read(input.heldOut, threads: threads)
    records = heldOut.records
    guard heldOut.hasTokens else {
      throw TextError.empty(
        paths: input.heldOut.map(\.name),
        leftOut: records?.leftOutAll
      )
    }
    return numbering
  }
}

extension [UInt32] {
  /// Gives the tokens that a vocabulary does not keep, which all are unknown so far, numbers of
  /// their own from `first` up.
  fileprivate mutating func numberDropped(from first: Int) {
    var next = UInt32(first)
    for id in TokenID.specialSpellings.count..<count where self[id] == TokenID.unknown.rawValue {
      self[id] = next
      next += 1
    }
  }
}

extension VocabularyBuilder {
  /// Keeps the tokens numbered below `listedCount` that are not rare, and renumbers those of `text`.
  ///
  /// - Returns: The number of different tokens that `text` may have.
  fileprivate mutating func cut(
    as input: TrainingInput,
    listedCount: Int,
    in text: inout TrainingTextBuilder
  ) throws -> Int {
    let readCount = count
    let counts = try text.occurrences(vocabularySize: readCount)
    var numbers: [UInt32] = []
    // Words of a list need not be in the text.
    let minimumCount = input.minimumCount > 1 ? UInt64(input.minimumCount) : 0
    self = keeping({ $0 < listedCount && counts[$0] >= minimumCount }, numbers: &numbers)
    if input.rareTokens == .drop { numbers.numberDropped(from: count) }
    try text.renumber(numbers)
    return input.rareTokens == .drop ? readCount : count
  }
}
