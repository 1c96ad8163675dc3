/// The costliest of many elements, in falling order; earlier ones first among equals.
struct CostliestFew<Element: Sendable>: Sendable {
  private let capacity: Int
  private(set) var elements: [(bits: Double, element: Element)] = []

  /// The bits that an element must exceed to enter the list.
  private(set) var threshold: Double

  /// An empty list that keeps at most `capacity` elements.
  init(_ capacity: Int) {
    self.capacity = capacity
    threshold = capacity > 0 ? -.infinity : .infinity
  }

  /// Inserts an element whose `bits` exceed ``threshold``.
  ///
  /// - Complexity: O(capacity). In a long text, few of the elements offered are inserted.
  mutating func insert(_ element: Element, bits: Double) {
    guard bits > threshold else { return }
    let index = elements.firstIndex { $0.bits < bits } ?? elements.count
    elements.insert((bits, element), at: index)
    if elements.count > capacity { elements.removeLast() }
    if elements.count == capacity, let last = elements.last { threshold = last.bits }
  }
}
