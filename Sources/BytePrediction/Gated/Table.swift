import Files

/// Numbers of a fixed count, for the loops that run once a byte: no index is checked in a release.
///
/// Indices come from what was checked before: the length of a context, a class of few values, a byte.
@safe
struct Table<Element: BitwiseCopyable>: ~Copyable {
  /// The number of elements.
  let count: Int
  private let base: UnsafeMutablePointer<Element>

  /// A table of `count` elements, each `value`.
  init(repeating value: Element, count: Int) {
    self.count = count
    base = .allocate(capacity: count)
    base.initialize(repeating: value, count: count)
  }

  deinit { base.deallocate() }

  /// The element at `index`.
  @inline(__always)
  subscript(_ index: Int) -> Element {
    get {
      assert(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
      return base[index]
    }
    nonmutating set {
      assert(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
      base[index] = newValue
    }
  }

  /// Sets all elements to `value`.
  @inline(__always)
  func fill(_ value: Element) { base.update(repeating: value, count: count) }

  /// Sets all elements to those of `other`, which has as many.
  func copy(_ other: borrowing Table<Element>) {
    precondition(other.count == count, "the counts differ")
    base.update(from: other.base, count: count)
  }

  /// Sets all elements to those of `other`, which has as many.
  func copy(_ other: borrowing Buffer<Element>) {
    precondition(other.count == count, "the counts differ")
    for index in 0..<count { base[index] = other[index] }
  }

  /// Lends all elements as bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(UnsafeBufferPointer(start: base, count: count)))
  }
}

extension Table where Element == Float {
  /// The eight numbers from `index` on.
  @inline(__always)
  func lanes(_ index: Int) -> SIMD8<Float> {
    assert(index >= 0 && index + 8 <= count, "index out of range")
    return UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Float>.self)
  }

  /// Sets the eight numbers from `index` on.
  @inline(__always)
  func setLanes(_ index: Int, _ lanes: SIMD8<Float>) {
    assert(index >= 0 && index + 8 <= count, "index out of range")
    UnsafeMutableRawPointer(base + index).storeBytes(of: lanes, as: SIMD8<Float>.self)
  }

  /// Adds to the eight numbers from `index` on.
  @inline(__always)
  func add(_ lanes: SIMD8<Float>, to index: Int) { setLanes(index, self.lanes(index) + lanes) }
}
