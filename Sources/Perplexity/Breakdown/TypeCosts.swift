import Files
import Tokenization

/// The total cost of the tokens of each type; a type is its bytes.
///
/// Types are numbered by first occurrence. Further properties of a type, like its class, are
/// computed once and not for each token.
struct TypeCosts: ~Copyable {
  /// The mark of a type outside the vocabulary, used instead of a token number.
  static let isUnknown = TokenID.outOfVocabulary.rawValue

  private var spellings = VocabularyBuilder()
  /// The token number of each type's first token; `0` before the first.
  private var tokens = Buffer<UInt32>()
  private var costs = Buffer<Cost>()

  /// The number of types, special ones included.
  var count: Int { spellings.count }

  init() { makeRoom() }

  /// The type of `token`, whose bytes are `text[range]`.
  ///
  /// The number alone does not identify a type: all tokens outside a vocabulary share one number,
  /// as do all tokens that another program scored. For joined tokens the number does not matter.
  mutating func type(
    of token: TokenID,
    _ text: Span<UInt8>,
    _ range: Range<Int>
  ) -> Int {
    // A sentence's end has no bytes in the text.
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

  /// The cost of the tokens of `type`.
  func cost(_ type: Int) -> Cost { costs[type] }

  /// The token number of `type`, or ``isUnknown``.
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

  /// The `limit` types with the highest cost; earlier types first among equals.
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
