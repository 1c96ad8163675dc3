/// The sums over the tokens of a stretch of text that an interval needs.
package struct BlockSum: Sendable, Equatable {
  /// The surprisal, in bits, of the tokens in the vocabulary.
  package var knownBits = 0.0
  /// The surprisal, in bits, of the tokens outside the vocabulary.
  package var unknownBits = 0.0
  /// The number of scored tokens.
  package var tokens = 0
  /// The number of scored tokens outside the vocabulary.
  package var outOfVocabulary = 0
  /// The number of bytes, line ends included.
  package var bytes = 0
  /// The number of bytes in tokens without a score.
  package var unscoredBytes = 0

  /// An empty stretch.
  package init() {}

  /// The surprisal in bits of all scored tokens.
  package var bits: Double { knownBits + unknownBits }

  /// The bits of the whole stretch.
  ///
  /// A byte without a score costs 8 bits, as one of 256 equally likely bytes.
  package var chargedBits: Double { bits + 8 * Double(unscoredBytes) }

  /// Adds the stretch that follows.
  package static func += (left: inout Self, right: Self) {
    left.knownBits += right.knownBits
    left.unknownBits += right.unknownBits
    left.tokens += right.tokens
    left.outOfVocabulary += right.outOfVocabulary
    left.bytes += right.bytes
    left.unscoredBytes += right.unscoredBytes
  }
}

/// The sums over the stretches of a text, in order, gathered into at most ``limit`` blocks.
///
/// The gathering depends only on the number of stretches, so the sums of two models over one text
/// can be paired.
package struct BlockSums: Sendable, Equatable {
  /// The largest number of blocks.
  ///
  /// With more than half as many blocks, all blocks but the last hold the same number of stretches.
  package static let limit = 4096

  /// The sums.
  package private(set) var blocks: [BlockSum] = []

  /// The number of stretches in a block, a power of two.
  package private(set) var stretchesInBlock = 1

  /// The number of stretches.
  package private(set) var stretchCount = 0

  private var stretchesInLast = 0

  /// An empty text.
  package init() {}

  /// Appends the next stretch.
  package mutating func append(_ sum: BlockSum) {
    if blocks.count == Self.limit && stretchesInLast == stretchesInBlock { gather() }
    stretchCount += 1
    if stretchesInLast > 0 && stretchesInLast < stretchesInBlock {
      blocks[blocks.count - 1] += sum
      stretchesInLast += 1
    } else {
      blocks.append(sum)
      stretchesInLast = 1
    }
  }

  /// Appends the blocks of the text that follows.
  ///
  /// Blocks are gathered only if both texts together have too many.
  package mutating func append(contentsOf other: BlockSums) {
    guard !other.blocks.isEmpty else { return }
    guard !blocks.isEmpty else {
      self = other
      return
    }
    var other = other
    while stretchesInBlock < other.stretchesInBlock { gather() }
    while other.stretchesInBlock < stretchesInBlock { other.gather() }
    blocks += other.blocks
    stretchCount += other.stretchCount
    stretchesInLast = other.stretchesInLast
    while blocks.count > Self.limit { gather() }
  }

  /// Adds `sum` to the last stretch.
  package mutating func extendLast(_ sum: BlockSum) {
    if blocks.isEmpty { append(BlockSum()) }
    blocks[blocks.count - 1] += sum
  }

  /// Joins neighbouring blocks.
  private mutating func gather() {
    var joined: [BlockSum] = []
    joined.reserveCapacity(Self.limit)
    for index in stride(from: 0, to: blocks.count, by: 2) {
      joined.append(blocks[index])
      if index + 1 < blocks.count { joined[joined.count - 1] += blocks[index + 1] }
    }
    if blocks.count.isMultiple(of: 2) && !blocks.isEmpty { stretchesInLast += stretchesInBlock }
    blocks = joined
    stretchesInBlock *= 2
  }
}
