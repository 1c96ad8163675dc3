import Files
import Glibc

/// A context-mixing model of bytes: many predictions of each bit, mixed by online learning.
///
/// A byte is eight binary decisions, the highest bit first. Each context of some kind (the last
/// 1 to 8 bytes, words, bytes with gaps) remembers what followed it, decision by decision. The
/// memories are turned into probabilities by maps that learn what such a memory is worth; the
/// logits of those are mixed by weights that follow the gradient of the cross-entropy,
///
///     p = squash(Σ w·x),   w ← w + η (bit − p) x,
///
/// in several sets of weights, each chosen by some fact of the history; a last mixer takes the
/// sets together, and final maps correct the result (Mahoney 2005, *Adaptive weighing of context
/// models for lossless data compression*, section 3, and his lpaq and zpaq).
///
/// There are two sets of all that is learned by gradient: one for a model that goes on learning,
/// and one for a model that is frozen, trained on parts of the text that the contexts have not
/// seen yet. The memories of contexts are the same for both.
public final class ContextMixer: BytePredictor {
  let sizes: MixingSizes
  let layout: MixingLayout
  let contexts: ContextTables
  let followers: FollowerTables
  let learned: LearnedText
  let learnedCount: AlignedMemory<Int>
  let matches: [MatchModel]
  let adaptive: MixingSet
  let frozen: MixingSet
  let gated: GatedNGram?
  let gatedShare: GatedShare
  let reader: MixingReader

  /// What was given to ``train(_:)`` and is not a block yet.
  private var block: [UInt8] = []

  /// Whether it learns from what it reads; while it does, the adaptive set predicts.
  public var learns = true

  /// A model that has learned nothing.
  ///
  /// Its tables have the size that a text of `textByteCount` bytes needs, where that is known, and
  /// take `memoryByteCount` bytes at most, but never less than the weights: some 80 MB, and 15 MB
  /// where the preset is `fast`.
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
    contexts = ContextTables(
      runs: AlignedMemory(zeroed: sizes.runCount),
      buckets: AlignedMemory(zeroed: sizes.bucketCount * ContextTables.slotsPerBucket),
      direct: AlignedMemory(zeroed: MixingLayout.directSlotCount),
      countLimit: layout.rates.slotCountLimit
    )
    followers = FollowerTables(
      pairs: AlignedMemory(zeroed: FollowerTables.pairCount),
      triples: AlignedMemory(zeroed: FollowerTables.tripleCount)
    )
    learnedCount = AlignedMemory(zeroed: 1)
    learnedCount.base.pointee = 1
    learned = LearnedText(
      ring: AlignedMemory(zeroed: sizes.textByteCount),
      count: learnedCount.base
    )
    matches = layout.matchMinimumLengths.map {
      MatchModel(minimumLength: $0, positions: AlignedMemory(zeroed: sizes.textByteCount))
    }
    adaptive = MixingSet(layout: layout, rates: layout.rates)
    frozen = MixingSet(layout: layout, rates: .frozen)
    gated =
      layout.usesGated
      ? GatedNGram(order: Self.gatedOrder, memoryByteCount: sizes.gatedByteCount) : nil
    gatedShare = GatedShare()
    reader = MixingReader(layout: layout, gated: gated)
    beginText()
  }

  /// The model with the memory that ``writeMemory(_:)`` wrote under these ``parameters``.
  ///
  /// It is at the beginning of a text, and frozen.
  ///
  /// - Throws: `PredictorError` where the memory is too short or a parameter out of range.
  public init(parameters: [String: Int], memory: inout PredictorMemory) throws(PredictorError) {
    let sizes = try MixingSizes(parameters: parameters)
    let layout = sizes.preset.layout
    self.sizes = sizes
    self.layout = layout
    contexts = ContextTables(
      runs: try AlignedMemory(&memory, "runs", count: sizes.runCount),
      buckets: try AlignedMemory(
        &memory,
        "buckets",
        count: sizes.bucketCount * ContextTables.slotsPerBucket
      ),
      direct: try AlignedMemory(&memory, "direct buckets", count: MixingLayout.directSlotCount),
      countLimit: layout.rates.slotCountLimit
    )
    followers = FollowerTables(
      pairs: try AlignedMemory(&memory, "pairs", count: FollowerTables.pairCount),
      triples: try AlignedMemory(&memory, "triples", count: FollowerTables.tripleCount)
    )
    let ring = try AlignedMemory<UInt8>(&memory, "text", count: sizes.textByteCount)
    learnedCount = try AlignedMemory(&memory, "text length", count: 1)
    learned = LearnedText(ring: ring, count: learnedCount.base)
    var matches: [MatchModel] = []
    for length in layout.matchMinimumLengths {
      matches.append(
        MatchModel(
          minimumLength: length,
          positions: try AlignedMemory(&memory, "places", count: sizes.textByteCount)
        )
      )
    }
    self.matches = matches
    adaptive = try MixingSet(layout: layout, rates: layout.rates, memory: &memory)
    frozen = try MixingSet(layout: layout, rates: .frozen, memory: &memory)
    gated =
      layout.usesGated
      ? try GatedNGram(parameters: Self.gatedParameters(parameters), memory: &memory) : nil
    gatedShare = try GatedShare(memory: &memory)
    reader = MixingReader(layout: layout, gated: gated)
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

  /// Shows all tables to `write`: contexts, learned text, then the two sets.
  public func writeMemory(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    learnBlock()
    try write(contexts.runs.bytes)
    try write(contexts.buckets.bytes)
    try write(contexts.directBuckets.bytes)
    try write(followers.pairs.bytes)
    try write(followers.triples.bytes)
    try write(learned.ring.bytes)
    try write(learnedCount.bytes)
    for match in matches { try write(match.positions.bytes) }
    for set in [adaptive, frozen] { try set.writeMemory(write) }
    try gated?.writeMemory(write)
    try write(gatedShare.values.bytes)
  }

  /// The bytes that the tables take, whether touched yet or not.
  public var memoryByteCount: Int { sizes.memory }

  /// Forgets the history, so that what follows begins a text.
  public func beginText() {
    learnBlock()
    reader.begin(self)
  }

  // MARK: Reading

  /// The number of bytes that the frozen set is tried on before the contexts learn them.
  ///
  /// It grows with what was learned: a frozen model's memory is of other texts than the one at hand,
  /// so a block should not be next to what is remembered best; but a longer block lacks too much
  /// of a memory that is still small.
  private var heldOutByteCount: Int {
    max(layout.rates.heldOutByteCount, learned.count.pointee / 50)
  }

  /// Learns from a part of a training text, each byte twice.
  ///
  /// A block is first predicted by the frozen set, which learns from its errors while the contexts
  /// stay as they are; then it is read again by the adaptive set, and the contexts learn it. It does
  /// not matter how the text is cut into parts.
  public func train(_ text: Span<UInt8>) {
    learns = true
    for index in text.indices {
      block.append(text[index])
      if block.count >= heldOutByteCount { learnBlock() }
    }
  }

  /// Learns what was given to ``train(_:)`` and waits for the rest of its block.
  private func learnBlock() {
    guard !block.isEmpty else { return }
    let mark = reader.beginHeldOut()
    for byte in block {
      reader.read(byte, frozen, self, learnsSet: true, learnsContexts: false)
    }
    reader.goBack(to: mark, self)
    for byte in block {
      reader.read(byte, adaptive, self, learnsSet: true, learnsContexts: true)
    }
    block.removeAll(keepingCapacity: true)
  }

  /// Ends the training; from then on the frozen set predicts, until ``learns`` is set.
  public func finishTraining() {
    learnBlock()
    gated?.settle()
    learns = false
  }

  private var current: MixingSet { learns ? adaptive : frozen }

  /// Reads `text` and says what each byte cost.
  public func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>) {
    learnBlock()
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

  /// Fills `probabilities` with those of the next byte, in 255 predictions of a bit.
  public func distribution(into probabilities: inout MutableSpan<Double>) {
    learnBlock()
    reader.distribution(current, self, into: &probabilities)
  }

  /// Reads `text` and hands each byte to `encoder`, as eight bits.
  public func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder) {
    learnBlock()
    for index in 0..<text.count {
      reader.encode(text[index], current, self, learns: learns, with: &encoder)
    }
  }

  /// Fills `text` with bytes from `decoder`, and reads them.
  public func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder) {
    learnBlock()
    for index in 0..<text.count {
      text[index] = reader.decode(current, self, learns: learns, with: &decoder)
    }
  }
}
