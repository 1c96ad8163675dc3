import Files
import LanguageModels
import Tokenization

/// The n-grams of a text and the cost of the tokens that end them.
///
/// Each token is charged to its longest n-gram only; the sums of shorter n-grams follow from these.
struct NGramCosts: ~Copyable, Sendable {
  /// The maximum order.
  static let longest = NGramOrder.maximum

  /// The length of the longest n-gram.
  let order: Int

  private(set) var tree = NGramTree()
  private var costs = Buffer<Cost>()

  /// The nodes of the n-grams that end in the last token, by length.
  private var nodes = InlineArray<17, Int>(repeating: NGramTree.root)
  /// The length of the longest of these n-grams.
  private var depth = 0

  /// An empty set of n-grams of up to `order` tokens, at most ``longest``.
  init(order: Int) { self.order = min(order, Self.longest) }

  /// Advances to `token`; a `<s>` begins a sequence.
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

  /// Charges `bits` to the current token.
  mutating func add(_ bits: Double) {
    let node = nodes[depth]
    var cost = costs[node]
    cost.add(bits)
    costs[node] = cost
  }

  /// The cost of the tokens whose longest n-gram is `node`.
  func cost(_ node: Int) -> Cost { costs[node] }
}
