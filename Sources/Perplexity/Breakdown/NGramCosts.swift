import Files
import LanguageModels
import Tokenization

/// The n-grams of a text and what the tokens that end them cost.
///
/// Each token is charged to its longest n-gram alone: the shorter ones are found from there.
struct NGramCosts: ~Copyable, Sendable {
  /// The longest n-gram that can be remembered.
  static let longest = NGramOrder.maximum

  /// The length of the longest n-gram.
  let order: Int

  private(set) var tree = NGramTree()
  private var costs = Buffer<Cost>()

  /// The nodes of the n-grams that end in the last token, by length.
  private var nodes = InlineArray<17, Int>(repeating: NGramTree.root)
  /// The length of the longest of them.
  private var depth = 0

  /// No n-grams yet, of up to `order` tokens, at most ``longest``.
  init(order: Int) { self.order = min(order, Self.longest) }

  /// Goes on to `token`; a `<s>` begins a sequence.
  mutating func advance(to token: TokenID) {
    depth = token == .beginSentence ? 1 : min(order, depth + 1)
    var context = NGramTree.root
    for length in 1..<(depth + 1) {
      let next = nodes[length]
      nodes[length] = tree.insert(
        UInt32(token.index),
        after: context,
        suffix: nodes[length - 1]
      )
      context = next
    }
    guard tree.count > costs.count else { return }
    let old = costs.count
    costs.grow(to: max(1024, tree.count))
    costs.fill(old..<costs.count, with: Cost())
  }

  /// Adds the token that was gone to last.
  mutating func add(_ bits: Double) {
    let node = nodes[depth]
    var cost = costs[node]
    cost.add(bits)
    costs[node] = cost
  }

  /// What the tokens cost whose longest n-gram this is.
  func cost(_ node: Int) -> Cost { costs[node] }
}
