/// A byte *n*-gram model that learns with every byte and explains every probability.
///
/// For each context of 0 to *N* − 1 bytes before the next byte *w* it has an estimate in the way of
/// interpolated, modified Kneser-Ney smoothing,
///
///     pₖ(w) = (c − D(c)) / (T − M + M r) + M r / (T − M + M r) · pₖ₋₁(w),   p₋₁(w) = 1/256
///
/// with *c* the count of *w* in the context, *T* the sum of its counts, *D* the discounts, *M* what
/// they take off all counts together, and *r* = 1 but for a learned correction; the counts are PPM's,
/// with update exclusion, which makes them continuation counts. A softmax ``Gate`` then mixes the
/// estimates by what is known of the history: how long the longest known context is and how often it
/// was seen, the last byte, how well the last bytes were foreseen, and where in a word this is.
///
/// Counts keep going up while ``learns``; frozen, the same counts deserve less trust the longer ago
/// they were made. So there is a second gate for when nothing is learned: each fourth block of a
/// training text is predicted as it will be, before it is counted, and trains that gate.
///
/// When the memory is full, no context and no entry is added any more; those that are there go on
/// counting, and the gate learning.
///
/// S. F. Chen and J. Goodman, *An Empirical Study of Smoothing Techniques for Language Modeling*,
/// 1998; J. G. Cleary and I. H. Witten, *Data Compression Using Adaptive Coding and Partial String
/// Matching*, 1984; D. Shkarin, *PPM: One Step to Practicality*, 2002.
public final class GatedNGram: BytePredictor {
  /// The lengths of *n*-grams that can be asked for.
  public static let orders = 1...16

  /// The length of *n*-grams where none is asked for.
  ///
  /// On texts of 1 to 5 MB the gate makes longer ones harmless, but they pay little: 12 saves 0.4 to
  /// 0.9 % of the bits on novels and newspapers, for a fifth more time and twice the memory.
  public static let defaultOrder = 10

  /// The bytes of a block of the training text.
  static let blockByteCount = 1 << 14

  /// One block of so many trains the frozen gate, too.
  static let heldOutInterval = 4

  /// The length of the longest *n*-grams.
  public let order: Int

  /// What contexts, counts and gates may take, in bytes.
  public let memoryLimitByteCount: Int

  var mixture: OrderMixture
  private var block: [UInt8] = []
  private var blockCount = 0
  let scratch = Table<Double>(repeating: 0, count: 256)
  let units = Table<Int>(repeating: 0, count: 256)

  /// Whether it learns from what it reads.
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
  /// - Parameters:
  ///   - order: The length of the longest *n*-grams, in ``orders``; it looks at one byte less.
  ///   - memoryByteCount: What contexts, counts and gates may take. The gates take 2 to 4 MB, which
  ///     is taken in any case; with no more than that, all bytes stay equally likely.
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

  /// Whether the memory is full, so that only what is there goes on counting.
  public var isFull: Bool { mixture.tree.isFull }

  /// Forgets the history, not what was learned: what follows is the start of a text.
  public func beginText() {
    learnPending()
    mixture.beginText()
  }

  /// Learns from a part of a training text, which follows what it has read.
  ///
  /// It does not matter how the text is cut into parts.
  public func train(_ text: Span<UInt8>) {
    for index in text.indices {
      block.append(text[index])
      if block.count == Self.blockByteCount { learnPending() }
    }
  }

  /// Ends the training, after the last part; from then on it does not learn unless told to.
  public func finishTraining() {
    learnPending()
    settle()
    learns = false
  }

  /// Brings the frozen gate and the discounts to where learning ended.
  func settle() {
    mixture.discounts.update(mixture.tree)
    mixture.frozenGate.follow(mixture.adaptiveGate, since: mixture.followedGate)
  }

  func learnPending() {
    guard !block.isEmpty else { return }
    blockCount += 1
    if blockCount.isMultiple(of: Self.heldOutInterval) {
      mixture.frozenGate.follow(mixture.adaptiveGate, since: mixture.followedGate)
      mixture.trainFrozenGate(block.span)
    }
    mixture.learn(block.span)
    block.removeAll(keepingCapacity: true)
  }

  /// Reads `text`; what was expected of each byte goes to the score of its place.
  public func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>) {
    learnPending()
    mixture.read(text, learns: learns, into: &scores)
  }

  /// Fills `probabilities`, 256 of them, with those of the next byte; they sum to one.
  ///
  /// They are those that ``score(_:into:)`` would give, to the last bit. Nothing is read.
  public func distribution(into probabilities: inout MutableSpan<Double>) {
    learnPending()
    mixture.fillDistribution(scratch, mixture.situation(learns: learns))
    for byte in 0..<256 { probabilities[byte] = scratch[byte] }
  }

  /// Reads `text` and hands each byte to `encoder`, at the cost that ``score(_:into:)`` gives it.
  public func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder) {
    learnPending()
    mixture.encode(text, learns: learns, scratch, units, &encoder)
  }

  /// Fills `text` from `decoder`, which has what ``encode(_:with:)`` wrote, and reads it.
  public func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder) {
    learnPending()
    mixture.decode(&text, learns: learns, scratch, units, &decoder)
  }
}
