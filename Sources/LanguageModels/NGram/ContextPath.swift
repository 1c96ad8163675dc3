import Files
import Tokenization

/// The contexts of a history that a model knows: its last word, its last two words, and so on.
///
/// `extend(by:in:)` makes the path longer by the word before, ``backOff()`` makes it shorter
/// again; all else is said of the longest context. So a walk from short contexts to long ones
/// extends and looks, and one from long to short looks and backs off:
///
///     var path = ContextPath(of: history, in: model)
///     while path.depth > 0, path.value(of: token) == nil {
///       weight = rule.step(weight, path.backOff())
///     }
///
/// A context is listed with its weight and its n-grams, or is a singleton: it is longer than a
/// listed one and was seen once in training. A singleton has one n-gram, and its numbers follow
/// from its length (``TailWeights``). Singletons can only be the longest contexts of a path, and
/// ``backOff()`` leaves all of them in one step.
///
/// This is the one place that knows how a model's file is searched; ``BatchScorer`` and
/// ``RegionWalk`` search it for many tokens together and find the same.
struct ContextPath {
  /// The n-grams of all contexts that end in the history's last word.
  private var region: Region?
  /// The bytes that the region is a view of.
  ///
  /// The model itself is not kept: copies of it cost the coder a fifth more instructions.
  private var file: Bytes?
  private var tailWeights = TailWeights([])
  /// The listed contexts of one word, of two and so on; as many as ``NGramOrder/maximum``.
  private var nodes = InlineArray<16, Int32>(repeating: 0)
  private var listedDepth = 0
  /// The stored tail that holds the singletons.
  private var tail = Region.none

  /// The number of words of the longest context.
  private(set) var depth = 0

  /// An empty path.
  init() {}

  /// The longest path of `history`.
  init(of history: some BidirectionalCollection<TokenID>, in model: NGramModel) {
    for token in history.reversed() {
      guard extend(by: token, in: model) else { return }
    }
  }

  /// Makes the path longer by `token`, the one before its words.
  ///
  /// - Returns: False if `model`, the same at each call, does not know that context. Then it
  ///   knows no longer one.
  @inline(__always)
  mutating func extend(by token: TokenID, in model: NGramModel) -> Bool {
    guard depth < NGramOrder.maximum else { return false }
    guard let region else { return begin(with: token, in: model) }
    let word = UInt32(truncatingIfNeeded: token.index)
    if isSingleton {
      let code = region.tailCode(tail, depth: listedDepth, distance: depth + 1)
      guard code != 0, region.code.word(code) == word else { return false }
      depth += 1
      return true
    }
    let next = region.context(node, before: word)
    if next != Region.none {
      list(next)
      return true
    }
    tail = region.tail(node, depth: depth, before: word)
    if tail == Region.none { return false }
    depth += 1
    return true
  }

  @inline(__always)
  private mutating func begin(with token: TokenID, in model: NGramModel) -> Bool {
    guard let region = model.region(of: token.index) else { return false }
    let node = region.context(ofWord: token.index)
    guard node != Region.none else { return false }
    self.region = region
    file = model.file
    tailWeights = model.tailWeights
    list(node)
    return true
  }

  @inline(__always)
  private mutating func list(_ node: Int) {
    nodes[listedDepth] = Int32(truncatingIfNeeded: node)
    listedDepth += 1
    depth = listedDepth
  }

  /// Makes the path shorter: from all singletons to the longest listed context, or by one word.
  ///
  /// - Returns: The stored back-off weight of what it leaves: γ(h), or the product of the
  ///   singletons'.
  /// - Precondition: The path has a word.
  @inline(__always)
  mutating func backOff() -> Double {
    if isSingleton {
      let weight = tailWeights.weight(from: listedDepth + 1, to: depth)
      depth = listedDepth
      return weight
    }
    let weight = self.weight
    listedDepth -= 1
    depth = listedDepth
    if depth == 0 { region = nil }
    return weight
  }

  @inline(__always)
  private var node: Int { Int(nodes[listedDepth - 1]) }
}

/// The longest context, of one word at least.
extension ContextPath {
  /// True if the longest context is a singleton, false if it is listed.
  @inline(__always)
  var isSingleton: Bool { depth > listedDepth }

  /// True if the longest context is a singleton one word longer than another singleton.
  ///
  /// Its probability then follows from the shorter one's.
  var followsFromShorter: Bool { depth > listedDepth + 1 }

  /// γ(h), its back-off weight, as stored.
  @inline(__always)
  var weight: Double {
    guard let region else { preconditionFailure("a path of no words has no weight") }
    return isSingleton ? tailWeights.weight(depth) : Double(region.backOff(node))
  }

  /// True if an n-gram follows the longest context.
  var hasNGrams: Bool { isSingleton || region.map { !$0.ngrams(node).isEmpty } ?? false }

  /// The stored value of `token` after it; nil if that n-gram is not listed.
  func value(of token: TokenID) -> Double? {
    guard let region else { return nil }
    let word = UInt32(truncatingIfNeeded: token.index)
    if isSingleton {
      let last = region.code.word(region.tailLastCode(tail, depth: listedDepth))
      return last == word ? singletonValue(region) : nil
    }
    let ngram = region.ngram(node, word)
    return ngram == Region.none ? nil : Double(region.value(ngram))
  }

  /// Calls `body` with the number of the last word of each of its n-grams, and the stored value.
  @inline(__always)
  func forEachNGram(_ body: (Int, Double) -> Void) {
    guard let region else { return }
    if isSingleton {
      let last = region.code.word(region.tailLastCode(tail, depth: listedDepth))
      body(Int(last), singletonValue(region))
      return
    }
    for ngram in region.ngrams(node) {
      body(Int(region.word(ofNGram: ngram)), Double(region.value(ngram)))
    }
  }

  private func singletonValue(_ region: Region) -> Double {
    tailWeights.probability(
      region.tailValue(tail, depth: listedDepth),
      from: listedDepth + 1,
      to: depth
    )
  }
}
