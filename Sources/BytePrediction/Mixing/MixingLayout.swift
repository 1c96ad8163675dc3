/// What a weight set of the mixer is chosen by: some fact of the history, with the bit's place.
enum Selector: UInt8 {
  /// The bits of the byte so far alone.
  case node
  /// The last byte, the one before it and the one before that, with the number of bits so far.
  case lastByte, secondByte, thirdByte
  /// The length of the longest match, with the bits so far.
  case matchLength
  /// The byte that the longest match expects, with the number of bits so far.
  case expectedByte
  /// The number of contexts that were seen before, with the bits so far.
  case knownContexts
  /// The longest order that was seen before, with the bits so far.
  case knownOrder
  /// The letters of the word so far, with the bits so far.
  case wordLength
  /// The classes of the last two bytes, with the number of bits so far.
  case classes
  /// A hash of the word before, with the number of bits so far.
  case previousWord
  /// The place in the line, with the number of bits so far.
  case column
  case runs, word, follower, lineStart

  /// Whether the bits so far matter, or only their number.
  var usesNode: Bool {
    switch self {
    case .node, .matchLength, .knownContexts, .knownOrder, .wordLength: true
    default: false
    }
  }

  /// The number of values of the fact.
  var valueCount: Int {
    switch self {
    case .node: 1
    case .matchLength, .knownOrder, .wordLength: 16
    case .knownContexts: 32
    default: 256
    }
  }

  /// The number of weight sets.
  var rowCount: Int { valueCount * (usesNode ? 256 : 8) }
}

/// The shape of a mixing model: what it looks at, and where each thing lies in its memory.
struct MixingLayout: Sendable {
  /// Contexts beside those of order 0 and 1, which come first.
  let kinds: [ContextKind]
  let selectors: [Selector]
  let matchMinimumLengths: [Int]
  let usesGated: Bool
  let rates: MixingRates

  static let directContextCount = 2
  /// Contexts of order 0 and 1 by number: 0, and 1 + the last byte.
  static let directNumberCount = 257
  static let directSlotCount =
    directNumberCount * ContextTables.bucketsPerByte * ContextTables.slotsPerBucket

  var contextCount: Int { Self.directContextCount + kinds.count }
  var matchGroupCount: Int { (matchMinimumLengths.count + 1) / 2 }
  /// Groups of four inputs: one for each context, matches, the gated model, and the last one.
  var groupCount: Int { contextCount + matchGroupCount + (usesGated ? 2 : 1) }
  var setCount: Int { selectors.count }

  // Adaptive maps, in 32-bit entries.
  static let historyEntriesPerContext = 2 * 8 * 256
  static let stepEntriesPerContext = 24 * 33
  static let matchEntriesPerModel = 16 * 8
  var stepMapStart: Int { contextCount * Self.historyEntriesPerContext }
  var matchMapStart: Int { stepMapStart + contextCount * Self.stepEntriesPerContext }
  /// Steps by the order that the gated model knows.
  static let gatedMapEntryCount = 20 * 33
  var finalMapStart: Int { gatedMapStart + Self.gatedMapEntryCount }
  var gatedMapStart: Int {
    matchMapStart + matchMinimumLengths.count * Self.matchEntriesPerModel
  }
  /// Contexts of each of the final maps.
  static let finalMapContextCounts = [256, 1 << 16, 1 << 14, 1 << 14]
  var mapEntryCount: Int { finalMapStart + Self.finalMapContextCounts.reduce(0, +) * 33 }

  // Weights, in vectors of four.
  var rowStarts: [Int] {
    var starts: [Int] = []
    var start = 0
    for selector in selectors {
      starts.append(start)
      start += selector.rowCount * groupCount
    }
    return starts
  }
  var finalWeightStart: Int { selectors.reduce(0) { $0 + $1.rowCount } * groupCount }
  var weightVectorCount: Int { finalWeightStart + 256 * (setCount / 4) }
}

/// How fast the parts of a mixing model learn.
struct MixingRates: Sendable {
  var initialMixing: Float = 0.02
  var finalMixing: Float = 0.0015
  var lastMixing: Float = 0.0005
  var slotCountLimit = 60
  var historyMapLimit: UInt32 = 250
  var stepMapLimit: UInt32 = 250
  var matchMapLimit: UInt32 = 100
  var finalMapLimit: UInt32 = 250
  /// The number of bytes that the frozen set is tried on before the contexts learn them.
  var heldOutByteCount = 1 << 16
}
