import Glibc

/// The way of a mixing model through a text: the history, and what the contexts say of it.
///
/// It looks up each context twice a byte, for the upper and the lower four bits, after asking for
/// all of those cache lines together.
final class MixingReader {
  private let layout: MixingLayout
  private let kinds: AlignedMemory<ContextKind>
  private let text = AlignedMemory<TextState>(zeroed: 1)
  private let facts = AlignedMemory<ByteFacts>(zeroed: 1)
  private let matchStates: AlignedMemory<MatchState>
  private let hashes: AlignedMemory<UInt64>
  private let entries: AlignedMemory<UInt32>
  private let bucketHashes: AlignedMemory<UInt64>
  /// The bucket of each context for the four bits that come.
  private let buckets: AlignedMemory<UnsafePointer<UInt32>>
  /// What a run says, as a bucket; one for each context.
  private let runBuckets: AlignedMemory<UInt32>
  private let emptyBucket = AlignedMemory<UInt32>(zeroed: 16)

  private let runFlags: AlignedMemory<Int>

  private let gated: GatedInput?

  /// λ for this byte where the gated model has a share of its own, and what the mixer gave to the bits
  /// so far.
  private var share: Double?
  private var mixerMass = 1.0

  init(layout: MixingLayout, gated: GatedNGram?) {
    self.gated = gated.map { GatedInput($0) }
    self.layout = layout
    let count = layout.contextCount
    kinds = AlignedMemory(zeroed: layout.kinds.count)
    for (index, kind) in layout.kinds.enumerated() { kinds.base[index] = kind }
    matchStates = AlignedMemory(zeroed: layout.matchCount)
    hashes = AlignedMemory(zeroed: count)
    runFlags = AlignedMemory(zeroed: count)
    entries = AlignedMemory(zeroed: count)
    bucketHashes = AlignedMemory(zeroed: count)
    let empty = emptyBucket.base
    buckets = AlignedMemory(repeating: UnsafePointer(empty), count: count)
    runBuckets = AlignedMemory(zeroed: count * 16)
  }

  /// Forgets the history.
  func begin(_ model: ContextMixer) {
    text.base.pointee = TextState()
    gated?.model.mixture.beginText()
    model.gatedShare.begin()
    for index in 0..<layout.matchCount { matchStates.base[index] = MatchState() }
    hashContexts(model)
  }

  /// A place in a text, to go back to.
  struct Mark {
    fileprivate var text: TextState
    fileprivate var matches: [MatchState]
    fileprivate let gated: GatedInput.Mark?
  }

  /// Begins a block that is predicted before it is learned; where to go back to.
  func beginHeldOut() -> Mark {
    gated?.beginHeldOut()
    return Mark(
      text: text.base.pointee,
      matches: (0..<layout.matchCount).map { matchStates.base[$0] },
      gated: gated?.mark()
    )
  }

  func goBack(to mark: Mark, _ model: ContextMixer) {
    text.base.pointee = mark.text
    for (index, match) in mark.matches.enumerated() { matchStates.base[index] = match }
    if let place = mark.gated { gated?.goBack(to: place) }
    hashContexts(model)
  }

  /// Hashes the contexts of the next byte and asks for their cache lines.
  private func hashContexts(_ model: ContextMixer) {
    let tables = model.contexts
    let text = text.base
    for index in 0..<layout.kinds.count {
      let hash = text.pointee.hash(kinds.base[index], followers: model.followers)
      hashes.base[MixingLayout.directContextCount + index] = hash
      tables.prefetchRun(hash)
    }
  }

  // MARK: Before a byte

  func beginByte(_ set: MixingSet, _ model: ContextMixer) {
    gated?.predict(learns: set === model.adaptive)
    share = gated != nil && set === model.frozen ? model.gatedShare.current : nil
    mixerMass = 1
    let tables = model.contexts
    let text = text.base.pointee
    var knownContexts = 0
    var knownOrder = 1
    for context in MixingLayout.directContextCount..<layout.contextCount {
      let entry = tables.entry(hashes.base[context])
      entries.base[context] = entry
      runFlags.base[context] = entry & 0xFF != ContextTables.expanded ? 1 : 0
      if entry != 0 {
        knownContexts += 1
        let order = kinds.base[context - MixingLayout.directContextCount].order
        if order > knownOrder { knownOrder = order }
      }
    }
    var match = matchStates.base[0]
    for index in 1..<layout.matchCount
    where matchStates.base[index].length > match.length {
      match = matchStates.base[index]
    }
    facts.base.pointee = ByteFacts(
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
    set.beginByte(facts.base.pointee)
    beginUpper(tables)
  }

  /// Finds the buckets of the first four bits.
  private func beginUpper(_ tables: ContextTables) {
    prefetchBuckets(tables, upper: 0)
    let direct = tables.directBuckets.base
    let stride = ContextTables.bucketsPerByte * 16
    buckets.base[0] = UnsafePointer(direct)
    buckets.base[1] = UnsafePointer(direct + (1 + facts.base.pointee.lastByte) * stride)
    findBuckets(tables, upper: 0)
  }

  /// Finds the buckets of the last four bits, after `upper` (16...31).
  func beginLower(_ tables: ContextTables, upper: Int) {
    prefetchBuckets(tables, upper: UInt32(upper))
    let direct = tables.directBuckets.base
    let stride = ContextTables.bucketsPerByte * 16
    let offset = (upper - 15) * 16
    buckets.base[0] = UnsafePointer(direct + offset)
    buckets.base[1] = UnsafePointer(direct + (1 + facts.base.pointee.lastByte) * stride + offset)
    findBuckets(tables, upper: UInt32(upper))
  }

  @inline(__always)
  private func prefetchBuckets(_ tables: ContextTables, upper: UInt32) {
    for context in MixingLayout.directContextCount..<layout.contextCount
    where entries.base[context] & 0xFF == ContextTables.expanded {
      let hash = ContextTables.bucketHash(hashes.base[context], upper: upper)
      bucketHashes.base[context] = hash
      tables.prefetchBucket(hash)
    }
  }

  @inline(__always)
  private func findBuckets(_ tables: ContextTables, upper: UInt32) {
    let empty = UnsafePointer(emptyBucket.base)
    for context in MixingLayout.directContextCount..<layout.contextCount {
      let entry = entries.base[context]
      let count = entry & 0xFF
      if count == ContextTables.expanded {
        let found = tables.bucket(bucketHashes.base[context])
        buckets.base[context] = found.map { UnsafePointer($0) } ?? empty
      } else if count == 0 {
        buckets.base[context] = empty
      } else {
        let byte = entry >> 8 & 0xFF
        if upper == 0 || byte >> 4 | 16 == upper {
          let bucket = runBuckets.base + context * 16
          bucket.update(repeating: 0, count: 16)
          tables.fillRun(bucket, upper == 0 ? byte >> 4 : byte & 15, count)
          buckets.base[context] = UnsafePointer(bucket)
        } else {
          buckets.base[context] = empty
        }
      }
    }
  }

  /// The probability that the next bit is 1 after the bits of `place`.
  @inline(__always)
  func predict(_ place: BitPlace, _ set: MixingSet) -> UInt32 {
    set.predict(
      place,
      BitEvidence(
        facts: facts.base,
        buckets: buckets.base,
        runFlags: runFlags.base,
        matches: matchStates.base,
        gated: gated.map { UnsafePointer($0.sums.base) }
      )
    )
  }

  // MARK: A byte

  /// Goes through the bits of a byte: `body` takes a probability and says which bit it is.
  @inline(__always)
  private func codeByte(
    _ set: MixingSet,
    _ model: ContextMixer,
    learnsSet: Bool,
    _ body: (_ place: BitPlace, _ probabilityOfOne: UInt32) -> UInt32
  ) -> UInt8 {
    beginByte(set, model)
    var place = BitPlace()
    for index in 0..<8 {
      if index == 4 { beginLower(model.contexts, upper: place.node) }
      let ofOne = predict(place, set)
      let bit = body(place, blend(ofOne, place.node, mixerMass: mixerMass))
      mixerMass *= Self.mass(ofOne, bit)
      place.node = place.node << 1 | Int(bit)
      place.bitIndex += 1
    }
    let byte = UInt8(truncatingIfNeeded: place.node)
    if learnsSet { set.learn(byte) }
    if share != nil, let gated {
      model.gatedShare.advance(
        mixer: mixerMass,
        gated: Double(gated.sums.base[256 | Int(byte)]),
        learns: learnsSet
      )
    }
    return byte
  }

  /// The mixer's probability of a 1, with the gated model's share where it has one.
  @inline(__always)
  func blend(_ ofOne: UInt32, _ node: Int, mixerMass: Double) -> UInt32 {
    guard let share, let sums = gated?.sums.base else { return ofOne }
    return GatedShare.blend(
      ofOne,
      mixerMass: mixerMass,
      zeros: sums[node << 1],
      ones: sums[node << 1 | 1],
      share: share
    )
  }

  /// The probability of `bit` where that of a 1 is `ofOne`.
  @inline(__always)
  static func mass(_ ofOne: UInt32, _ bit: UInt32) -> Double {
    (bit == 1 ? Double(ofOne) : 4_294_967_296 - Double(ofOne)) * 0x1p-32
  }

  /// Reads `byte`.
  @discardableResult
  func read(
    _ byte: UInt8,
    _ set: MixingSet,
    _ model: ContextMixer,
    learnsSet: Bool,
    learnsContexts: Bool
  ) -> ByteScore {
    var probability = 1.0
    _ = codeByte(set, model, learnsSet: learnsSet) { place, ofOne in
      let bit = UInt32(byte) >> UInt32(7 - place.bitIndex) & 1
      probability *= Self.mass(ofOne, bit)
      return bit
    }
    let score = ByteScore(
      surprisalBits: -log2(probability),
      matchedLength: matchedLength(of: byte)
    )
    advance(byte, model, learns: learnsContexts, isHeldOut: learnsSet && !learnsContexts)
    return score
  }

  func encode(
    _ byte: UInt8,
    _ set: MixingSet,
    _ model: ContextMixer,
    learns: Bool,
    with encoder: inout ArithmeticEncoder
  ) {
    _ = codeByte(set, model, learnsSet: learns) { place, ofOne in
      let bit = UInt32(byte) >> UInt32(7 - place.bitIndex) & 1
      encoder.encode(bit: bit == 1, probabilityOfOne: ofOne)
      return bit
    }
    advance(byte, model, learns: learns, isHeldOut: false)
  }

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

  /// The longest context of bytes that is known to have been followed by `byte`, and that byte.
  ///
  /// To be asked after the last bit of the byte was predicted.
  private func matchedLength(of byte: UInt8) -> UInt8 {
    var longest = 0
    for index in 0..<layout.matchCount {
      let match = matchStates.base[index]
      if match.length > 0 && match.expected == byte { longest = max(longest, match.length + 1) }
    }
    let slot = Int(8 | byte >> 1 & 7)
    let bit = UInt32(byte & 1)
    for context in 0..<layout.contextCount {
      let order =
        context < MixingLayout.directContextCount
        ? context : kinds.base[context - MixingLayout.directContextCount].order
      if (order > 0 || context == 0) && order + 1 > longest
        && BitSlot.recalls(buckets.base[context][slot], bit)
      {
        longest = order + 1
      }
    }
    return UInt8(min(255, longest))
  }

  /// Moves past `byte`.
  private func advance(
    _ byte: UInt8,
    _ model: ContextMixer,
    learns: Bool,
    isHeldOut: Bool
  ) {
    gated?.advance(byte, learns: learns, trainsFrozenGate: isHeldOut)
    let state = text.base
    if learns {
      let tables = model.contexts
      tables.learn(direct: 0, UInt32(byte))
      tables.learn(direct: 1 + Int(state.pointee.bytes & 0xFF), UInt32(byte))
      for context in MixingLayout.directContextCount..<layout.contextCount {
        tables.learn(hashes.base[context], UInt32(byte))
      }
      model.followers.learn(state.pointee, byte)
      model.learned.append(byte)
    }
    state.pointee.advance(byte)
    for index in 0..<layout.matchCount {
      model.matches[index].advance(
        matchStates.base + index,
        past: byte,
        state,
        model.learned,
        learns: learns
      )
    }
    hashContexts(model)
  }
}
