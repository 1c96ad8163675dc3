/// The few of many that cost most, in falling order; of equals those that came first.
struct CostliestFew<Element: Sendable>: Sendable {
  private let capacity: Int
  private(set) var elements: [(bits: Double, element: Element)] = []

  /// What an element must exceed to be among them.
  private(set) var threshold: Double

  /// An empty list that keeps so many elements.
  init(_ capacity: Int) {
    self.capacity = capacity
    threshold = capacity > 0 ? -.infinity : .infinity
  }

  /// Takes in an element whose `bits` exceed ``threshold``.
  ///
  /// - Complexity: O(capacity); far fewer elements of a long text are taken in than are offered.
  mutating func insert(_ element: Element, bits: Double) {
    guard bits > threshold else { return }
    let place = elements.firstIndex { $0.bits < bits } ?? elements.count
    elements.insert((bits, element), at: place)
    if elements.count > capacity { elements.removeLast() }
    if elements.count == capacity, let last = elements.last { threshold = last.bits }
  }
}
