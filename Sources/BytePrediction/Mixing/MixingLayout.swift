/// The fact of the history that, with the position of the bit, selects a weight set of the mixer.
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
  /// The column in the line, with the number of bits so far.
  case column

  /// The bits so far matter, not their number alone.
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

/// The shape of a mixing model: its contexts and selectors, and the starts of its tables.
struct MixingLayout: Sendable {
  /// Contexts beside those of order 0 and 1, which come first.
  let kinds: [ContextKind]
  let selectors: [Selector]
  let matchMinimumLengths: [Int]
  let usesGated: Bool
  /// The number of final maps.
  let finalMapCount: Int
  let rates: MixingRates

  let contextCount: Int
  let matchCount: Int
  let matchGroupCount: Int
  /// Groups of four inputs: one for each context, matches, the gated model, and the last one.
  let groupCount: Int
  let setCount: Int

  // The starts of the adaptive maps, in 32-bit entries; those of histories come first.
  let stepMapStart: Int
  let matchMapStart: Int
  let gatedMapStart: Int
  let finalMapStart: Int
  let mapEntryCount: Int

  // The starts of weights, in vectors of four; the weight sets of each selector come first.
  let rowStarts: [Int]
  let finalWeightStart: Int
  let weightVectorCount: Int

  static let directContextCount = 2
  /// Contexts of order 0 and 1 by number: 0, and 1 + the last byte.
  static let directNumberCount = 257
  static let directSlotCount =
    directNumberCount * ContextTables.bucketsPerByte * ContextTables.slotsPerBucket

  /// Two kinds of contexts (runs are the second), eight classes of counts, eight outcomes.
  static let historyEntriesPerContext = 2 * 8 * 256
  /// Classes of counts, and steps of the probability.
  static let stepEntriesPerContext = 24 * 33
  /// Classes of lengths, and bits.
  static let matchEntriesPerModel = 16 * 8
  /// Orders that the gated model knows, and steps.
  static let gatedMapEntryCount = 20 * 33
  /// Contexts of each of the final maps.
  static let finalMapContextCounts = [256, 1 << 16, 1 << 14, 1 << 14]

  init(
    kinds: [ContextKind],
    selectors: [Selector],
    matchMinimumLengths: [Int],
    usesGated: Bool,
    finalMapCount: Int,
    rates: MixingRates
  ) {
    precondition(selectors.count.isMultiple(of: 4), "weight sets are mixed four at a time")
    self.kinds = kinds
    self.selectors = selectors
    self.matchMinimumLengths = matchMinimumLengths
    self.usesGated = usesGated
    self.finalMapCount = finalMapCount
    self.rates = rates
    contextCount = Self.directContextCount + kinds.count
    matchCount = matchMinimumLengths.count
    matchGroupCount = (matchCount + 1) / 2
    groupCount = contextCount + matchGroupCount + (usesGated ? 2 : 1)
    setCount = selectors.count
    stepMapStart = contextCount * Self.historyEntriesPerContext
    matchMapStart = stepMapStart + contextCount * Self.stepEntriesPerContext
    gatedMapStart = matchMapStart + matchCount * Self.matchEntriesPerModel
    finalMapStart = gatedMapStart + Self.gatedMapEntryCount
    mapEntryCount = finalMapStart + Self.finalMapContextCounts[..<finalMapCount].reduce(0, +) * 33
    var starts: [Int] = []
    var start = 0
    for selector in selectors {
      starts.append(start)
      start += selector.rowCount * groupCount
    }
    rowStarts = starts
    finalWeightStart = start
    weightVectorCount = finalWeightStart + 256 * (setCount / 4)
  }
}

/// The learning rates of a mixing model.
struct MixingRates: Sendable {
  var initialMixing: Float = 0.02
  var finalMixing: Float = 0.0005
  var lastMixing: Float = 0.0005
  /// The error of a prediction below which its weights are left alone, to save time.
  var leastError: Float = 0.02
  var slotCountLimit = 63
  var historyMapLimit: UInt32 = 1000
  var stepMapLimit: UInt32 = 1000
  var matchMapLimit: UInt32 = 100
  var finalMapLimit: UInt32 = 250
  /// The least number of bytes that the frozen set predicts before the contexts learn them.
  var heldOutByteCount = 8192

  /// The rates of the set that is frozen after training.
  static var frozen: MixingRates {
    var rates = MixingRates()
    rates.initialMixing = 0.005
    rates.finalMixing = 0.00005
    rates.lastMixing = 0.00002
    rates.leastError = 0
    rates.finalMapLimit = 1000
    return rates
  }
}
