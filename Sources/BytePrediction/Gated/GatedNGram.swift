/// A byte *n*-gram model that learns with every byte and explains every probability.
///
/// Each context of 0 to *N* − 1 bytes before the next byte *w* has an estimate by interpolated,
/// modified Kneser-Ney smoothing,
///
///     pₖ(w) = (c − D(c)) / (T − M + M r) + M r / (T − M + M r) · pₖ₋₁(w),   p₋₁(w) = 1/256
///
/// with *c* the count of *w* in the context, *T* the sum of its counts, *D* the ``Discounts``, *M*
/// the sum of the discounts of all its counts, and *r* a learned correction, 1 at first. The counts
/// are those of PPM with update exclusion, which makes them continuation counts. A softmax ``Gate``
/// then mixes the estimates by the history: the length and the total of the longest known context,
/// the last byte, the misses of the last bytes, and the place in the word.
///
/// Counts keep going up while ``learns``; frozen, the same counts deserve less trust the longer ago
/// they were made. So there is a second gate for when nothing is learned: each fourth chunk of a
/// training text is predicted before it is counted, and trains that gate.
///
/// When the memory is full, the model adds no context and no entry any more; it goes on counting
/// those that it has, and the gate goes on learning.
///
/// S. F. Chen and J. Goodman, *An Empirical Study of Smoothing Techniques for Language Modeling*,
/// 1998; J. G. Cleary and I. H. Witten, *Data Compression Using Adaptive Coding and Partial String
/// Matching*, 1984; D. Shkarin, *PPM: One Step to Practicality*, 2002.
public final class GatedNGram: BytePredictor {
  /// The orders that a model can have.
  public static let orders = 1...16

  /// The order of a model for which none is given.
  ///
  /// On texts of 1 to 5 MB the gate makes longer ones harmless, but they pay little: 12 saves 0.4
  /// to 0.9 % of the bits on novels and newspapers, for a fifth more time and twice the memory.
  public static let defaultOrder = 10

  /// The bytes of a chunk of the training text.
  static let chunkByteCount = 1 << 14

  /// One chunk of `heldOutInterval` trains the frozen gate, too.
  static let heldOutInterval = 4

  /// The length of the longest *n*-grams.
  public let order: Int

  /// The most bytes that contexts, counts and gates take.
  public let memoryLimitByteCount: Int

  var mixture: OrderMixture
  private var chunk: [UInt8] = []
  private var chunkCount = 0
  let scratch = UncheckedBuffer<Double>(zeroed: 256)
  let units = UncheckedBuffer<Int>(zeroed: 256)

  /// The model learns from what it reads.
  public var learns: Bool {
    get { isLearning }
    set {
      if isLearning && !newValue { settle() }
      isLearning = newValue
    }
  }

  var isLearning = true

  /// A model that has learned nothing.
  ///
  /// - Parameters: - order: The length of the longest *n*-grams, in ``orders``; it looks at one
  ///   byte less. - memoryByteCount: The most bytes that contexts, counts and gates take. The gates
  ///   always take 2 to 4 MB; with no more than that, all bytes stay equally likely.
  public init(order: Int = defaultOrder, memoryByteCount: Int = 1 << 30) {
    precondition(Self.orders.contains(order), "order must be in 1...16, not \(order)")
    self.order = order
    memoryLimitByteCount = memoryByteCount
    mixture = OrderMixture(maximumLength: order - 1, memoryByteCount: memoryByteCount)
  }

  /// The bytes of memory that it takes.
  public var memoryByteCount: Int {
    mixture.tree.memoryByteCount + 3 * mixture.adaptiveGate.byteCount
  }

  /// The memory is full: the model adds no context and no entry any more.
  public var isFull: Bool { mixture.tree.isFull }

  /// Forgets the history, not what was learned: the next byte begins a text.
  public func beginText() {
    learnChunk()
    mixture.beginText()
  }

  /// Learns from the next part of a training text.
  ///
  /// The model does not depend on where the text is cut into parts.
  public func train(_ text: Span<UInt8>) {
    for index in text.indices {
      chunk.append(text[index])
      if chunk.count == Self.chunkByteCount { learnChunk() }
    }
  }

  /// Ends the training, after the last part; from then on the model does not learn until ``learns``
  /// is set.
  public func finishTraining() {
    learnChunk()
    settle()
    learns = false
  }

  /// Updates the frozen gate and the discounts from what was learned.
  func settle() {
    mixture.discounts.update(mixture.tree)
    mixture.frozenGate.follow(mixture.adaptiveGate, since: mixture.followedGate)
  }

  /// Learns the chunk that ``train(_:)`` has collected.
  func learnChunk() {
    guard !chunk.isEmpty else { return }
    chunkCount += 1
    if chunkCount.isMultiple(of: Self.heldOutInterval) {
      mixture.frozenGate.follow(mixture.adaptiveGate, since: mixture.followedGate)
      mixture.trainFrozenGate(chunk.span)
    }
    mixture.learn(chunk.span)
    chunk.removeAll(keepingCapacity: true)
  }

  /// Reads `text` and sets the score of each byte.
  public func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>) {
    learnChunk()
    mixture.read(text, learns: learns, into: &scores)
  }

  /// Fills `probabilities` with those of the 256 values of the next byte; they sum to one.
  ///
  /// They are those of ``score(_:into:)``, to the last bit. This reads nothing.
  public func distribution(into probabilities: inout MutableSpan<Double>) {
    learnChunk()
    mixture.fillDistribution(scratch, mixture.situation(learns: learns))
    for byte in 0..<256 { probabilities[byte] = scratch[byte] }
  }

  /// Reads `text` and writes each byte to `encoder`, at the cost that ``score(_:into:)`` gives.
  public func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder) {
    learnChunk()
    mixture.encode(text, learns: learns, scratch, units, &encoder)
  }

  /// Fills `text` from `decoder`, which holds the code of ``encode(_:with:)``, and reads it.
  public func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder) {
    learnChunk()
    mixture.decode(&text, learns: learns, scratch, units, &decoder)
  }
}
