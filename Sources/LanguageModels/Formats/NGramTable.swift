import Files
import Tokenization

/// n-grams as a file lists them: numbers of words, log10 probabilities and back-off weights.
final class NGramTable: Sendable {
  /// The n-grams of one order.
  struct Order: ~Copyable, Sendable {
    let order: Int
    private(set) var count = 0
    /// The n-grams that are not on the line after the one before, with their lines.
    private var jumps: [(index: Int, line: Int)] = []
    private var nextLine = -1
    private var words = Buffer<UInt32>()
    private var probabilities = Buffer<Float>()
    private var backOffs = Buffer<Float>()

    init(order: Int) { self.order = order }

    /// Appends an n-gram; a weight of NaN means none.
    mutating func append(
      _ ngram: Span<UInt32>,
      probability: Float,
      backOff: Float,
      line: Int
    ) {
      if line != nextLine { jumps.append((count, line)) }
      nextLine = line + 1
      words.grow(to: (count + 1) * order)
      probabilities.grow(to: count + 1)
      backOffs.grow(to: count + 1)
      for position in 0..<order { words[count * order + position] = ngram[position] }
      probabilities[count] = probability
      backOffs[count] = backOff
      count += 1
    }

    /// The line of n-gram `index`.
    func line(_ index: Int) -> Int {
      guard let jump = jumps.last(where: { $0.index <= index }) else { return 0 }
      return jump.line + index - jump.index
    }

    /// The word at `position` of n-gram `index`.
    @inline(__always)
    func word(_ index: Int, _ position: Int) -> UInt32 { words[index * order + position] }

    @inline(__always)
    func probability(_ index: Int) -> Float { probabilities[index] }

    /// The back-off weight of n-gram `index`, or NaN.
    @inline(__always)
    func backOff(_ index: Int) -> Float { backOffs[index] }
  }

  /// The length of the longest n-gram.
  let order: Int

  private let orders: [Box]

  private final class Box: Sendable {
    let value: Order
    init(_ value: consuming Order) { self.value = value }
  }

  /// Collects orders one after the other, order 1 first.
  struct Builder: ~Copyable {
    private var boxes: [Box] = []
    init() {}
    mutating func append(_ order: consuming Order) { boxes.append(Box(order)) }
    consuming func finish() -> NGramTable { NGramTable(boxes) }
  }

  private init(_ orders: [Box]) {
    self.orders = orders
    order = orders.count
  }

  /// The number of n-grams of `order`.
  func count(_ order: Int) -> Int { orders[order - 1].value.count }

  @inline(__always)
  func word(_ order: Int, _ index: Int, _ position: Int) -> UInt32 {
    orders[order - 1].value.word(index, position)
  }

  @inline(__always)
  func probability(_ order: Int, _ index: Int) -> Float {
    orders[order - 1].value.probability(index)
  }

  @inline(__always)
  func backOff(_ order: Int, _ index: Int) -> Float { orders[order - 1].value.backOff(index) }

  func line(_ order: Int, _ index: Int) -> Int { orders[order - 1].value.line(index) }
}
