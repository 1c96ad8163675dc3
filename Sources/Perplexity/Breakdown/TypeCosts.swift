import Files
import Tokenization

/// What all tokens of each type cost together; a type is its bytes.
///
/// Types have numbers in the order of their first occurrence. A token that the vocabulary has is looked
/// up by its bytes once only, one that it lacks each time.
struct TypeCosts: ~Copyable {
  /// Numbers from here on are not remembered, so that a wild one takes no memory.
  private static let rememberedCount = 1 << 26

  /// The type of a token that the vocabulary lacks, in place of its number.
  static let isUnknown = TokenID.outOfVocabulary.rawValue
  /// That of a type that is no one token, in place of its number.
  static let isJoined = UInt32.max

  private var spellings = VocabularyBuilder()
  /// The type of each token plus 1; 0: not seen yet.
  private var typeOfToken = Buffer<UInt32>()
  private var tokens = Buffer<UInt32>()
  private var costs = Buffer<Cost>()

  /// The number of types, the special ones included.
  var count: Int { spellings.count }

  init() { makeRoom() }

  /// The type of `token`, whose bytes are `text[range]`.
  @inline(__always)
  mutating func type(
    of token: TokenID,
    _ text: UnsafeRawBufferPointer,
    _ range: Range<Int>
  ) -> Int {
    let number = Int(token.rawValue)
    if number < typeOfToken.count {
      let type = typeOfToken[number]
      if type != 0 { return Int(type) - 1 }
    }
    return newType(of: token, text, range)
  }

  private mutating func newType(
    of token: TokenID,
    _ text: UnsafeRawBufferPointer,
    _ range: Range<Int>
  ) -> Int {
    // The markers have no bytes of their own in the text.
    let isMarker = token == .endSentence || token == .beginSentence || token == .unknown
    let type =
      isMarker ? token.index : self.type(of: token.rawValue, spelled: text, range)
    let number = Int(token.rawValue)
    guard number < Self.rememberedCount else { return type }
    if number >= typeOfToken.count {
      let old = typeOfToken.count
      typeOfToken.grow(to: number + 1)
      typeOfToken.fill(old..<typeOfToken.count, with: 0)
    }
    typeOfToken[number] = UInt32(type) + 1
    return type
  }

  /// The type with the bytes `text[range]`, which are joined from several tokens.
  mutating func joinedType(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
    type(of: Self.isJoined, spelled: text, range)
  }

  private mutating func type(
    of token: UInt32,
    spelled text: UnsafeRawBufferPointer,
    _ range: Range<Int>
  ) -> Int {
    let type = spellings.number(of: UnsafeRawBufferPointer(rebasing: text[range])).index
    if spellings.count > costs.count { makeRoom() }
    if tokens[type] == 0 { tokens[type] = token }
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

  /// The number that tokens of `type` have, or one of the two above.
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
