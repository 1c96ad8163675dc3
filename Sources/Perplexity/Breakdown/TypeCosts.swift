import Files
import Tokenization

/// What all tokens of each type cost together; a type is its bytes.
///
/// Types have numbers in the order of their first occurrence. What else there is to know of a type, such
/// as its class, is found once and not for each token.
struct TypeCosts: ~Copyable {
  /// The type of a token that the vocabulary lacks, in place of its number.
  static let isUnknown = TokenID.outOfVocabulary.rawValue

  private var spellings = VocabularyBuilder()
  /// The number that each type's first token has; 0: none yet.
  private var tokens = Buffer<UInt32>()
  private var costs = Buffer<Cost>()

  /// The number of types, the special ones included.
  var count: Int { spellings.count }

  init() { makeRoom() }

  /// The type of `token`, whose bytes are `text[range]`; of tokens that were joined, the number does
  /// not matter.
  ///
  /// Numbers alone tell no types apart: all tokens that a vocabulary lacks have the same, and all of
  /// those that another program scored.
  mutating func type(
    of token: TokenID,
    _ text: Span<UInt8>,
    _ range: Range<Int>
  ) -> Int {
    // A sentence's end has no bytes of its own in the text.
    if token == .endSentence { return token.index }
    let type = spellings.number(of: text.extracting(range)).index
    if spellings.count > costs.count { makeRoom() }
    if tokens[type] == 0 { tokens[type] = token.rawValue }
    return type
  }

  private mutating func makeRoom() {
    let old = costs.count
    costs.grow(to: max(1024, spellings.count))
    tokens.grow(to: costs.count)
    costs.fill(old..<costs.count, with: Cost())
    tokens.fill(old..<tokens.count, with: 0)
  }

  /// Adds a token of `type`.
  @inline(__always)
  mutating func add(_ bits: Double, to type: Int) {
    var cost = costs[type]
    cost.add(bits)
    costs[type] = cost
  }

  /// What the tokens of `type` cost.
  func cost(_ type: Int) -> Cost { costs[type] }

  /// The number that tokens of `type` have, or ``isUnknown``.
  func token(_ type: Int) -> UInt32 { type < 3 ? UInt32(type) : tokens[type] }

  /// The class of each type.
  func classes() -> [WordClass] {
    let spellings = spellings.vocabulary()
    return (0..<count).map { type in
      if type == TokenID.endSentence.index { return .sentenceEnd }
      if type == TokenID.unknown.index || tokens[type] == Self.isUnknown { return .unknown }
      return spellings.withBytes(of: TokenID(UInt32(type))) { WordClass(of: $0) }
    }
  }

  /// The types that cost most, so many of them; of equals those that came first.
  func costliest(_ limit: Int, classes: [WordClass]) -> [Breakdown.CostlyType] {
    var few = CostliestFew<Int>(limit)
    for type in 0..<count where costs[type].tokens > 0 { few.insert(type, bits: costs[type].bits) }
    let spellings = spellings.vocabulary()
    return few.elements.map { _, type in
      Breakdown.CostlyType(
        spelling: spellings[TokenID(UInt32(type))],
        wordClass: classes[type],
        cost: costs[type]
      )
    }
  }
}
