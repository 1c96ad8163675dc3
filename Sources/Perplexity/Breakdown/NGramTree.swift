import Files
import Tokenization

/// The n-grams of a text: each node links to the two n-grams that are one token shorter.
///
/// An n-gram without its last token is the *context* of that token; without its first token it is
/// the *suffix*. A node is found by its context and its last token, packed into one integer, so two
/// n-grams never collide. Both shorter n-grams are older nodes; a walk from the last node to the
/// first therefore meets all n-grams that end in an n-gram before the n-gram itself.
struct NGramTree: ~Copyable, Sendable {
  /// The node of the empty n-gram.
  static let root = 0

  /// The number of nodes.
  private(set) var count = 1

  private var slots = Buffer<UInt32>(repeating: 0, count: 1 << 12)
  private var contexts = Buffer<UInt32>(repeating: 0, count: 1 << 10)
  private var lastTokens = Buffer<UInt32>(repeating: 0, count: 1 << 10)
  private var suffixes = Buffer<UInt32>(repeating: 0, count: 1 << 10)

  /// The n-gram without its last token.
  @inline(__always)
  func context(of node: Int) -> Int { Int(contexts[node]) }

  /// The n-gram without its first token.
  @inline(__always)
  func suffix(of node: Int) -> Int { Int(suffixes[node]) }

  /// The tokens of a node, in text order.
  func tokens(of node: Int) -> [UInt32] {
    var tokens: [UInt32] = []
    var node = node
    while node != Self.root {
      tokens.append(lastTokens[node])
      node = context(of: node)
    }
    return tokens.reversed()
  }

  /// The node of `token` after `context`; nil if the text has no such n-gram.
  @inline(__always)
  func node(of token: UInt32, after context: Int) -> Int? {
    let node = Int(slots[slot(of: token, after: context)])
    return node == 0 ? nil : node
  }

  /// The node of `token` after `context`, inserted if it is missing.
  ///
  /// `suffix` is the node of the same n-gram without its first token.
  mutating func insert(_ token: UInt32, after context: Int, suffix: Int) -> Int {
    let slot = slot(of: token, after: context)
    let known = Int(slots[slot])
    if known != 0 { return known }
    let node = count
    if node >= contexts.count {
      contexts.grow(to: node + 1)
      lastTokens.grow(to: contexts.count)
      suffixes.grow(to: contexts.count)
    }
    contexts[node] = UInt32(context)
    lastTokens[node] = token
    suffixes[node] = UInt32(suffix)
    slots[slot] = UInt32(node)
    count += 1
    if count * 2 > slots.count { rehash() }
    return node
  }

  /// Checks that the two shorter n-grams of every node are older and that one slot leads to the
  /// node.
  func checkInvariants() {
    precondition((0..<slots.count).count { slots[$0] != 0 } == count - 1, "a slot is lost")
    for node in 1..<count {
      let (context, suffix) = (context(of: node), suffix(of: node))
      precondition(context < node && suffix < node, "node \(node) is older than a shorter n-gram")
      precondition(self.node(of: lastTokens[node], after: context) == node, "node \(node) is lost")
      // The suffix ends in the same token, after the suffix of the context.
      precondition(
        context == Self.root
          ? suffix == Self.root
          : lastTokens[suffix] == lastTokens[node]
            && self.context(of: suffix) == self.suffix(of: context),
        "node \(node) has a suffix of other tokens"
      )
    }
  }

  private mutating func rehash() {
    slots = Buffer(repeating: 0, count: slots.count * 2)
    for node in 1..<count {
      slots[slot(of: lastTokens[node], after: Int(contexts[node]))] = UInt32(node)
    }
  }

  /// The slot of an n-gram, or the free slot for it.
  @inline(__always)
  private func slot(of token: UInt32, after context: Int) -> Int {
    let key = UInt64(context) << 32 | UInt64(token)
    let mask = slots.count - 1
    var slot =
      Int(truncatingIfNeeded: fold(key ^ 0x9e37_79b9_7f4a_7c15, 0xa076_1d64_78bd_642f)) & mask
    while true {
      let node = Int(slots[slot])
      if node == 0 || lastTokens[node] == token && contexts[node] == UInt32(context) { return slot }
      slot = (slot + 1) & mask
    }
  }
}

/// The longest n-gram of a tree that ends at the current position of another text.
///
/// The tree contains the context of each of its n-grams, so this match is at most one token longer
/// than the previous one: two or three look-ups per token find it, at any order (the automaton of
/// Aho and Corasick 1975).
struct NGramMatch: BitwiseCopyable {
  /// The node of the n-gram.
  private(set) var node = NGramTree.root

  private var length = 0
  private let order: Int

  /// A match at the start of a text, for n-grams of up to `order` tokens.
  init(order: Int) { self.order = order }

  /// Moves to `start`, reading only the tokens before it that can matter.
  mutating func skip(to start: Int, of tokens: Span<TokenID>, in tree: borrowing NGramTree) {
    for index in max(0, start - order)..<start { step(to: tokens[index], in: tree) }
  }

  /// Advances to `token`; a `<s>` begins a sequence.
  @inline(__always)
  mutating func step(to token: TokenID, in tree: borrowing NGramTree) {
    if token == .beginSentence {
      node = NGramTree.root
      length = 0
    }
    var context = context(in: tree)
    length = min(length, order - 1)
    while true {
      if let next = tree.node(of: UInt32(token.index), after: context) {
        node = next
        length += 1
        return
      }
      guard context != NGramTree.root else { break }
      context = tree.suffix(of: context)
      length -= 1
    }
    node = NGramTree.root
    length = 0
  }

  /// The longest n-gram of the tree that can be the context of the next token.
  @inline(__always)
  func context(in tree: borrowing NGramTree) -> Int {
    length < order ? node : tree.suffix(of: node)
  }
}
