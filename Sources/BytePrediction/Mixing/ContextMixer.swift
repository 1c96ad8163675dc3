/// A context-mixing model of bytes: many predictions of each bit, mixed by online learning.
///
/// A byte is eight binary decisions, the highest bit first. Each context of some kind (the last 1
/// to 8 bytes, words, bytes with gaps) keeps statistics of what followed it, decision by decision.
/// Maps turn the statistics into probabilities, and learn to do so; weights that follow the
/// gradient of the cross-entropy mix the logits *x* of those,
///
///     p = squash(Σ w·x),   w ← w + η (bit − p) x,
///
/// in several sets of weights, each selected by some fact of the history; a last mixer combines the
/// sets, and final maps correct the result (Mahoney 2005, *Adaptive weighing of context
/// models for lossless data compression*, section 3, and his lpaq and zpaq).
///
/// Everything that is learned by gradient exists twice: one set is for a model that goes on
/// learning, the other for a frozen model; it is trained on parts of the text that the contexts
/// have not seen yet. Both sets use the same statistics of contexts.
public final class ContextMixer: BytePredictor {
  let sizes: MixingSizes
  let layout: MixingLayout
  let contexts: ContextTables
  let followers: FollowerTables
  let learned: LearnedText
  let matches: [MatchModel]
  let adaptive: MixingSet
  let frozen: MixingSet
  let gated: GatedNGram?
  let gatedShare: GatedShare
  let reader: MixingReader

  /// The bytes given to ``train(_:)`` that are no whole chunk yet.
  private var chunk: [UInt8] = []

  /// The model learns from what it reads; while it does, the adaptive set predicts.
  public var learns = true

  /// A model that has learned nothing.
  ///
  /// Its tables have the size for a text of `textByteCount` bytes, if that is known. They take at
  /// most `memoryByteCount` bytes, but never less than the weights: some 80 MB, and 15 MB for the
  /// preset ``MixingPreset/fast``.
  public convenience init(
    textByteCount: Int?,
    memoryByteCount: Int,
    preset: MixingPreset = .strong
  ) {
    self.init(
      MixingSizes(
        textByteCount: textByteCount,
        memoryByteCount: memoryByteCount,
        preset: preset
      )
    )
  }

  init(_ sizes: MixingSizes) {
    let layout = sizes.preset.layout
    self.sizes = sizes
    self.layout = layout
    contexts = ContextTables(sizes, layout)
    followers = FollowerTables()
    learned = LearnedText(byteCount: sizes.textByteCount)
    matches = layout.matchMinimumLengths.map {
      MatchModel(minimumLength: $0, UncheckedBuffer(zeroed: sizes.textByteCount))
    }
    adaptive = MixingSet(layout: layout, rates: layout.rates)
    frozen = MixingSet(layout: layout, rates: .frozen)
    gated =
      layout.usesGated
      ? GatedNGram(order: Self.gatedOrder, memoryByteCount: sizes.gatedByteCount) : nil
    gatedShare = GatedShare()
    reader = MixingReader(layout: layout, contexts: contexts, gated: gated)
    beginText()
  }

  /// The model with the memory that ``writeMemory(_:)`` wrote under these ``parameters``.
  ///
  /// The model is at the start of a text, and frozen.
  ///
  /// - Throws: `PredictorError` if the memory is too short or a parameter out of range.
  public init(parameters: [String: Int], memory: inout PredictorMemory) throws(PredictorError) {
    let sizes = try MixingSizes(parameters: parameters)
    let layout = sizes.preset.layout
    self.sizes = sizes
    self.layout = layout
    contexts = try ContextTables(sizes, layout, memory: &memory)
    followers = try FollowerTables(memory: &memory)
    learned = try LearnedText(byteCount: sizes.textByteCount, memory: &memory)
    var matches: [MatchModel] = []
    for length in layout.matchMinimumLengths {
      let positions: UncheckedBuffer<UInt32> = try memory.next(
        "places",
        count: sizes.textByteCount
      )
      matches.append(MatchModel(minimumLength: length, positions))
    }
    self.matches = matches
    adaptive = try MixingSet(layout: layout, rates: layout.rates, memory: &memory)
    frozen = try MixingSet(layout: layout, rates: .frozen, memory: &memory)
    gated =
      layout.usesGated
      ? try GatedNGram(parameters: Self.gatedParameters(parameters), memory: &memory) : nil
    gatedShare = try GatedShare(memory: &memory)
    reader = MixingReader(layout: layout, contexts: contexts, gated: gated)
    learns = false
    beginText()
  }

  /// The preset, the sizes of the tables, and the parameters of the gated model after "gated.".
  public var parameters: [String: Int] {
    var parameters = sizes.parameters
    for (name, value) in gated?.parameters ?? [:] { parameters["gated." + name] = value }
    return parameters
  }

  /// The length of the n-grams of the gated model.
  private static let gatedOrder = 8

  private static func gatedParameters(_ parameters: [String: Int]) -> [String: Int] {
    var gated: [String: Int] = [:]
    for (name, value) in parameters where name.hasPrefix("gated.") {
      gated[String(name.dropFirst(6))] = value
    }
    return gated
  }

  /// Shows all tables to `write`: contexts, learned text, the two sets, the gated model.
  public func writeMemory(_ write: (RawSpan) throws -> Void) rethrows {
    learnChunk()
    try contexts.write(write)
    try followers.write(write)
    try learned.write(write)
    for match in matches { try match.positions.withBytes(write) }
    for set in [adaptive, frozen] { try set.writeMemory(write) }
    try gated?.writeMemory(write)
    try gatedShare.values.withBytes(write)
  }

  /// The bytes that the tables take, touched or not.
  public var memoryByteCount: Int { sizes.memory }

  /// Forgets the history, not what was learned: the next byte begins a text.
  public func beginText() {
    learnChunk()
    reader.begin(self)
  }

  // MARK: Reading

  /// The length of a chunk: bytes that the frozen set predicts before the contexts learn them.
  ///
  /// It grows with the learned text. A frozen model predicts other texts than those that it has
  /// learned, so a chunk should not depend on what comes just before it; but while little has been
  /// learned, a longer chunk lacks too much of it.
  private var heldOutByteCount: Int {
    max(layout.rates.heldOutByteCount, learned.count / 50)
  }

  /// Learns from the next part of a training text, each byte twice.
  ///
  /// First the frozen set predicts a chunk and learns from its errors, while the contexts stay as
  /// they are; then the adaptive set reads the chunk again, and the contexts learn it. The model
  /// does not depend on where the text is cut into parts.
  public func train(_ text: Span<UInt8>) {
    learns = true
    for index in text.indices {
      chunk.append(text[index])
      if chunk.count >= heldOutByteCount { learnChunk() }
    }
  }

  /// Learns the chunk that ``train(_:)`` has collected.
  private func learnChunk() {
    guard !chunk.isEmpty else { return }
    let mark = reader.beginHeldOut()
    for byte in chunk {
      reader.read(byte, frozen, self, learnsSet: true, learnsContexts: false)
    }
    reader.goBack(to: mark, self)
    for byte in chunk {
      reader.read(byte, adaptive, self, learnsSet: true, learnsContexts: true)
    }
    chunk.removeAll(keepingCapacity: true)
  }

  /// Ends the training; from then on the frozen set predicts, until ``learns`` is set.
  public func finishTraining() {
    learnChunk()
    gated?.settle()
    learns = false
  }

  private var current: MixingSet { learns ? adaptive : frozen }

  /// Reads `text` and sets the score of each byte.
  public func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>) {
    learnChunk()
    for index in 0..<text.count {
      scores[index] = reader.read(
        text[index],
        current,
        self,
        learnsSet: learns,
        learnsContexts: learns
      )
    }
  }

  /// Fills `probabilities` with those of the 256 values of the next byte, by 255 predictions of a
  /// bit.
  public func distribution(into probabilities: inout MutableSpan<Double>) {
    learnChunk()
    reader.distribution(current, self, into: &probabilities)
  }

  /// Reads `text` and writes each byte to `encoder`, as eight bits.
  public func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder) {
    learnChunk()
    for index in 0..<text.count {
      reader.encode(text[index], current, self, learns: learns, with: &encoder)
    }
  }

  /// Fills `text` from `decoder`, which holds the code of ``encode(_:with:)``, and reads it.
  public func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder) {
    learnChunk()
    for index in 0..<text.count {
      text[index] = reader.decode(current, self, learns: learns, with: &decoder)
    }
  }
}
