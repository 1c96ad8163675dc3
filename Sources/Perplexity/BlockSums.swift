/// What the tokens of a stretch of text add up to, as far as an interval needs it.
public struct BlockSum: Sendable, Equatable {
  /// The surprisal in bits of the tokens that the vocabulary has.
  public var knownBits = 0.0
  /// The surprisal in bits of the tokens that it lacks.
  public var unknownBits = 0.0
  /// The number of scored tokens.
  public var tokens = 0
  /// The number of scored tokens that the vocabulary lacks.
  public var outOfVocabulary = 0
  /// The number of bytes, line ends included.
  public var bytes = 0
  /// The number of bytes of tokens that have no score.
  public var unscoredBytes = 0

  /// Nothing yet.
  public init() {}

  /// The surprisal in bits of all scored tokens.
  public var bits: Double { knownBits + unknownBits }

  /// The bits that stand for the whole stretch: bytes without a score are charged as if each were one
  /// of 256 that are equally likely.
  public var chargedBits: Double { bits + 8 * Double(unscoredBytes) }

  /// Adds what follows.
  public static func += (left: inout Self, right: Self) {
    left.knownBits += right.knownBits
    left.unknownBits += right.unknownBits
    left.tokens += right.tokens
    left.outOfVocabulary += right.outOfVocabulary
    left.bytes += right.bytes
    left.unscoredBytes += right.unscoredBytes
  }
}

/// The sums of the stretches of a text in their order, consecutive ones gathered so that there are
/// never more than ``limit``.
///
/// How they are gathered depends on their number alone, so two models' sums over one text pair.
public struct BlockSums: Sendable, Equatable {
  /// The most blocks there are; from half as many on all hold the same number of stretches, but for
  /// the last.
  public static let limit = 4096

  /// The sums.
  public private(set) var blocks: [BlockSum] = []

  /// How many stretches were gathered in each block, a power of two.
  public private(set) var stretchesInBlock = 1

  /// How many stretches there are.
  public private(set) var stretchCount = 0

  private var stretchesInLast = 0

  /// No text.
  public init() {}

  /// Appends the next stretch.
  public mutating func append(_ sum: BlockSum) {
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
  /// They are gathered with those of this text only if there are too many of both.
  public mutating func append(contentsOf other: BlockSums) {
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

  /// Adds to the last stretch what was found to belong to it.
  public mutating func extendLast(_ sum: BlockSum) {
    if blocks.isEmpty { append(BlockSum()) }
    blocks[blocks.count - 1] += sum
  }

  /// Joins neighbours.
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
