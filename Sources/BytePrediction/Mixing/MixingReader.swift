import RealFunctions

/// Reads a text with a mixing model: keeps the history and looks up its contexts.
///
/// It looks up each context twice a byte, for the upper and the lower four bits, after a prefetch
/// of all those cache lines together.
final class MixingReader {
  private let layout: MixingLayout
  private let kinds: UncheckedBuffer<ContextKind>
  private let text = UncheckedBuffer<TextState>(zeroed: 1)
  private let evidence: BitEvidence
  private let hashes: UncheckedBuffer<UInt64>
  private let runs: UncheckedBuffer<UInt32>
  private let bucketHashes: UncheckedBuffer<UInt64>

  private let gated: GatedInput?

  /// λ for this byte where the gated model has a share of its own, and the probability that the
  /// mixer gave to the bits so far.
  private var share: Double?
  private var mixerMass = 1.0

  init(layout: MixingLayout, contexts: ContextTables, gated: GatedNGram?) {
    self.gated = gated.map { GatedInput($0) }
    self.layout = layout
    let count = layout.contextCount
    kinds = UncheckedBuffer(zeroed: layout.kinds.count)
    for (index, kind) in layout.kinds.enumerated() { kinds[index] = kind }
    hashes = UncheckedBuffer(zeroed: count)
    runs = UncheckedBuffer(zeroed: count)
    bucketHashes = UncheckedBuffer(zeroed: count)
    evidence = BitEvidence(layout: layout, contexts: contexts, gated: self.gated)
  }

  /// Forgets the history.
  func begin(_ model: ContextMixer) {
    text[0] = TextState()
    gated?.model.mixture.beginText()
    model.gatedShare.begin()
    for index in 0..<layout.matchCount { evidence.matches[index] = MatchState() }
    hashContexts(model)
  }

  /// A position in a text, to go back to.
  struct Mark {
    fileprivate var text: TextState
    fileprivate var matches: [MatchState]
    fileprivate let gated: GatedInput.Mark?
  }

  /// Begins a chunk that is predicted before it is learned; returns the position to go back to.
  func beginHeldOut() -> Mark {
    gated?.beginHeldOut()
    return Mark(
      text: text[0],
      matches: (0..<layout.matchCount).map { evidence.matches[$0] },
      gated: gated?.mark()
    )
  }

  /// Goes back to `mark`.
  func goBack(to mark: Mark, _ model: ContextMixer) {
    text[0] = mark.text
    for (index, match) in mark.matches.enumerated() { evidence.matches[index] = match }
    if let mark = mark.gated { gated?.goBack(to: mark) }
    hashContexts(model)
  }

  /// Hashes the contexts of the next byte and prefetches their runs.
  private func hashContexts(_ model: ContextMixer) {
    let tables = model.contexts
    for index in 0..<layout.kinds.count {
      let hash = text[0].hash(kinds[index], followers: model.followers)
      hashes[MixingLayout.directContextCount + index] = hash
      tables.prefetchRun(hash)
    }
  }

  // MARK: Before a byte

  /// Looks up the contexts of the next byte and takes the facts of the history.
  func beginByte(_ set: MixingSet, _ model: ContextMixer) {
    gated?.predict(learns: set === model.adaptive)
    share = gated != nil && set === model.frozen ? model.gatedShare.current : nil
    mixerMass = 1
    let tables = model.contexts
    let text = text[0]
    var knownContexts = 0
    var knownOrder = 1
    for context in MixingLayout.directContextCount..<layout.contextCount {
      let run = tables.run(hashes[context])
      runs[context] = run
      evidence.runFlags[context] = run & 0xFF != ContextTables.expanded ? 1 : 0
      if run != 0 {
        knownContexts += 1
        let order = kinds[context - MixingLayout.directContextCount].order
        if order > knownOrder { knownOrder = order }
      }
    }
    var match = evidence.matches[0]
    for index in 1..<layout.matchCount
    where evidence.matches[index].length > match.length {
      match = evidence.matches[index]
    }
    evidence.facts[0] = ByteFacts(
      lastByte: Int(text.bytes & 0xFF),
      secondByte: Int(text.bytes >> 8 & 0xFF),
      thirdByte: Int(text.bytes >> 16 & 0xFF),
      matchClass: match.lengthClass,
      expectedByte: match.length > 0 ? Int(match.expected) : 0,
      knownContexts: min(31, knownContexts),
      knownOrder: min(15, knownOrder),
      wordLength: min(15, text.wordLength),
      classes: Int(text.classes & 0xFF),
      previousWord: Int(text.previousWords[0] >> 56),
      column: min(255, text.column),
      gatedOrder: min(19, gated?.knownOrder ?? 0),
      pairHash: text.bytes << 8 & 0xFFFF00,
      wordHash: (text.word == 0 ? text.bytes & 0xFF : text.word) << 8
    )
    set.beginByte(evidence.facts[0])
    beginUpper(tables)
  }

  /// Finds the buckets of the first four bits.
  private func beginUpper(_ tables: ContextTables) {
    prefetchBuckets(tables, upper: 0)
    evidence.buckets[0] = tables.directBucket(0)
    evidence.buckets[1] = tables.directBucket(1 + evidence.facts[0].lastByte)
    findBuckets(tables, upper: 0)
  }

  /// Finds the buckets of the last four bits, after `upper` (16...31).
  func beginLower(_ tables: ContextTables, upper: Int) {
    prefetchBuckets(tables, upper: UInt32(upper))
    let offset = (upper - 15) * 16
    evidence.buckets[0] = tables.directBucket(0) + offset
    evidence.buckets[1] = tables.directBucket(1 + evidence.facts[0].lastByte) + offset
    findBuckets(tables, upper: UInt32(upper))
  }

  @inline(__always)
  private func prefetchBuckets(_ tables: ContextTables, upper: UInt32) {
    for context in MixingLayout.directContextCount..<layout.contextCount
    where runs[context] & 0xFF == ContextTables.expanded {
      let hash = ContextTables.bucketHash(hashes[context], upper: upper)
      bucketHashes[context] = hash
      tables.prefetchBucket(hash)
    }
  }

  @inline(__always)
  private func findBuckets(_ tables: ContextTables, upper: UInt32) {
    for context in MixingLayout.directContextCount..<layout.contextCount {
      let run = runs[context]
      let count = run & 0xFF
      let byte = run >> 8 & 0xFF
      if count == ContextTables.expanded {
        evidence.buckets[context] = tables.bucket(bucketHashes[context])
      } else if count != 0, upper == 0 || byte >> 4 | 16 == upper {
        let bucket = tables.runBucket(context)
        tables.slots.fill(bucket..<bucket + 16, 0)
        tables.fillRun(bucket, upper == 0 ? byte >> 4 : byte & 15, count)
        evidence.buckets[context] = bucket
      } else {
        evidence.buckets[context] = tables.emptyBucket
      }
    }
  }

  /// The probability that the next bit is 1 after the bits of `position`, in 2^-32.
  @inline(__always)
  func predict(_ position: BitPosition, _ set: MixingSet) -> UInt32 {
    set.predict(position, evidence)
  }

  // MARK: A byte

  /// Goes through the bits of a byte; `body` takes the probability of a 1 and returns the bit.
  @inline(__always)
  private func codeByte(
    _ set: MixingSet,
    _ model: ContextMixer,
    learnsSet: Bool,
    _ body: (_ position: BitPosition, _ probabilityOfOne: UInt32) -> UInt32
  ) -> UInt8 {
    beginByte(set, model)
    var position = BitPosition()
    for index in 0..<8 {
      if index == 4 { beginLower(model.contexts, upper: position.node) }
      let ofOne = predict(position, set)
      let bit = body(position, blend(ofOne, position.node, mixerMass: mixerMass))
      mixerMass *= Self.mass(ofOne, bit)
      position.node = position.node << 1 | Int(bit)
      position.bitIndex += 1
    }
    let byte = UInt8(truncatingIfNeeded: position.node)
    if learnsSet { set.learn(byte) }
    if share != nil, let gated {
      model.gatedShare.advance(
        mixer: mixerMass,
        gated: Double(gated.sums[256 | Int(byte)]),
        learns: learnsSet
      )
    }
    return byte
  }

  /// The mixer's probability of a 1, with the gated model's share where it has one.
  @inline(__always)
  func blend(_ ofOne: UInt32, _ node: Int, mixerMass: Double) -> UInt32 {
    guard let share, let gated else { return ofOne }
    return GatedShare.blend(
      ofOne,
      mixerMass: mixerMass,
      zeros: gated.sums[node << 1],
      ones: gated.sums[node << 1 | 1],
      share: share
    )
  }

  /// The probability of `bit`; that of a 1 is `ofOne`.
  @inline(__always)
  static func mass(_ ofOne: UInt32, _ bit: UInt32) -> Double {
    (bit == 1 ? Double(ofOne) : 4_294_967_296 - Double(ofOne)) * 0x1p-32
  }

  /// Reads `byte` and returns its score.
  @discardableResult
  func read(
    _ byte: UInt8,
    _ set: MixingSet,
    _ model: ContextMixer,
    learnsSet: Bool,
    learnsContexts: Bool
  ) -> ByteScore {
    var probability = 1.0
    _ = codeByte(set, model, learnsSet: learnsSet) { position, ofOne in
      let bit = UInt32(byte) >> UInt32(7 - position.bitIndex) & 1
      probability *= Self.mass(ofOne, bit)
      return bit
    }
    let score = ByteScore(
      surprisalBits: -log2(probability),
      matchedLength: matchedLength(of: byte, model)
    )
    advance(byte, model, learns: learnsContexts, isHeldOut: learnsSet && !learnsContexts)
    return score
  }

  /// Reads `byte` and writes it to `encoder`.
  func encode(
    _ byte: UInt8,
    _ set: MixingSet,
    _ model: ContextMixer,
    learns: Bool,
    with encoder: inout ArithmeticEncoder
  ) {
    _ = codeByte(set, model, learnsSet: learns) { position, ofOne in
      let bit = UInt32(byte) >> UInt32(7 - position.bitIndex) & 1
      encoder.encode(bit: bit == 1, probabilityOfOne: ofOne)
      return bit
    }
    advance(byte, model, learns: learns, isHeldOut: false)
  }

  /// Reads a byte from `decoder`.
  func decode(
    _ set: MixingSet,
    _ model: ContextMixer,
    learns: Bool,
    with decoder: inout ArithmeticDecoder
  ) -> UInt8 {
    let byte = codeByte(set, model, learnsSet: learns) { _, ofOne in
      decoder.decodeBit(probabilityOfOne: ofOne) ? 1 : 0
    }
    advance(byte, model, learns: learns, isHeldOut: false)
    return byte
  }

  /// The length of the longest context of bytes that `byte` is known to have followed, and one.
  ///
  /// Valid after the prediction of the byte's last bit.
  private func matchedLength(of byte: UInt8, _ model: ContextMixer) -> UInt8 {
    var longest = 0
    for index in 0..<layout.matchCount {
      let match = evidence.matches[index]
      if match.length > 0 && match.expected == byte { longest = max(longest, match.length + 1) }
    }
    let slot = Int(8 | byte >> 1 & 7)
    let bit = UInt32(byte & 1)
    for context in 0..<layout.contextCount {
      let order =
        context < MixingLayout.directContextCount
        ? context : kinds[context - MixingLayout.directContextCount].order
      if (order > 0 || context == 0) && order + 1 > longest
        && BitSlot.recalls(model.contexts.slots[evidence.buckets[context], slot], bit)
      {
        longest = order + 1
      }
    }
    return UInt8(min(255, longest))
  }

  /// Moves past `byte`; the contexts learn it if the model `learns`.
  private func advance(
    _ byte: UInt8,
    _ model: ContextMixer,
    learns: Bool,
    isHeldOut: Bool
  ) {
    gated?.advance(byte, learns: learns, trainsFrozenGate: isHeldOut)
    if learns {
      let tables = model.contexts
      tables.learn(direct: 0, UInt32(byte))
      tables.learn(direct: 1 + Int(text[0].bytes & 0xFF), UInt32(byte))
      for context in MixingLayout.directContextCount..<layout.contextCount {
        tables.learn(hashes[context], UInt32(byte))
      }
      model.followers.learn(text[0], byte)
      model.learned.append(byte)
    }
    text[0].advance(byte)
    for index in 0..<layout.matchCount {
      model.matches[index].advance(
        &evidence.matches[index],
        past: byte,
        text[0],
        model.learned,
        learns: learns
      )
    }
    hashContexts(model)
  }
}
