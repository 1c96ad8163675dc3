import CLibrary
public import Prefetch

/// Memory for a number of plain values that grows on demand and is never reference counted.
///
/// The loops that run once a token write here instead of into an `Array`: a stored array of a class
/// costs an exclusivity and a uniqueness check an access (measured 25 times slower than this). An
/// index out of range stops the program, in release builds too.
@safe @frozen
public struct Buffer<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  @usableFromInline var base: UnsafeMutablePointer<Element>

  /// The number of elements that may be read and written.
  public private(set) var count: Int

  /// Room for `count` elements, each `value` at first.
  @inlinable
  public init(repeating value: Element, count: Int) {
    self.init(count: count)
    unsafe base.initialize(repeating: value, count: count)
  }

  /// Room for `count` elements whose values are not defined until they are written.
  public init(count: Int = 0) {
    precondition(count >= 0, "a buffer has no negative count")
    let byteCount = Swift.max(1, count) * MemoryLayout<Element>.stride
    guard let memory = unsafe malloc(byteCount) else {
      fatalError("no memory for \(byteCount) bytes")
    }
    unsafe Self.useLargePages(memory, byteCount)
    unsafe base = memory.bindMemory(to: Element.self, capacity: Swift.max(1, count))
    self.count = count
  }

  deinit { unsafe free(base) }

  /// Makes room for `count` elements if the memory can be had, and keeps those that are there.
  ///
  /// For a guess of how many there will be: what is never touched takes no memory.
  public mutating func reserve(_ count: Int) {
    guard count > self.count else { return }
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflows, let memory = unsafe realloc(base, byteCount) else { return }
    unsafe Self.useLargePages(memory, byteCount)
    unsafe base = memory.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  /// Makes room for at least `minimumCount` elements and keeps those that are there.
  ///
  /// The new elements have no defined value. Grows by half at least, so that repeated calls stay
  /// linear in the total.
  public mutating func grow(to minimumCount: Int) {
    guard minimumCount > count else { return }
    let newCount = Swift.max(minimumCount, count + count / 2)
    let byteCount = newCount * MemoryLayout<Element>.stride
    guard let memory = unsafe realloc(base, byteCount) else {
      fatalError("no memory for \(byteCount) bytes")
    }
    unsafe Self.useLargePages(memory, byteCount)
    unsafe base = memory.bindMemory(to: Element.self, capacity: newCount)
    count = newCount
  }

  /// Asks for large pages where there are several of them to fill.
  private static func useLargePages(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
    if byteCount >= 1 << 23 { unsafe Platform.useLargePages(memory, byteCount) }
  }

  /// The element at `index`, which must be in range.
  @inlinable
  public subscript(_ index: Int) -> Element {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
      return unsafe base[index]
    }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
      unsafe base[index] = newValue
    }
  }

  /// Asks for the memory of the element at `index`, so that it is there when it is read; an index
  /// out of range is no error.
  @inlinable
  public func prefetch(_ index: Int) { unsafe prefetch_line(base + index) }

  /// The address of the elements, for prefetching; valid until the buffer grows.
  @unsafe @inlinable
  public var baseAddress: UnsafePointer<Element> { unsafe UnsafePointer(base) }

  /// Sets the elements of `range` to `value`.
  @inlinable
  public mutating func fill(_ range: Range<Int>, with value: Element) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    unsafe (base + range.lowerBound).update(repeating: value, count: range.count)
  }

  /// Copies the elements of `range` of `source` to `start` and after.
  @inlinable
  public mutating func copy(
    _ range: Range<Int>,
    of source: borrowing Buffer<Element>,
    to start: Int
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count, "range out of bounds")
    precondition(start >= 0 && start + range.count <= count, "range out of bounds")
    unsafe (base + start).update(from: source.base + range.lowerBound, count: range.count)
  }

  /// Copies `elements` to `start` and after.
  @inlinable
  public mutating func copy(_ elements: Span<Element>, to start: Int) {
    precondition(start >= 0 && start + elements.count <= count, "range out of bounds")
    unsafe elements.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress else { return }
      unsafe (base + start).update(from: from, count: source.count)
    }
  }

  /// Lends the elements of `range`.
  @inlinable
  public func withElements<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    let elements = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    return try unsafe body(Span(_unsafeElements: elements))
  }

  /// Lends the elements of `range` as bytes.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe withUnsafeBytes(range) { (bytes) throws(Failure) in
      try unsafe body(Span(_unsafeBytes: bytes))
    }
  }

  /// Lends the elements of `range` as a pointer to bytes.
  @unsafe @inlinable
  public func withUnsafeBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    return try unsafe body(
      UnsafeRawBufferPointer(
        start: base + range.lowerBound,
        count: range.count * MemoryLayout<Element>.stride
      )
    )
  }

  /// Lends the elements of `range` as a pointer to bytes that may be written.
  @unsafe @inlinable
  public mutating func withUnsafeMutableBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    return try unsafe body(
      UnsafeMutableRawBufferPointer(
        start: base + range.lowerBound,
        count: range.count * MemoryLayout<Element>.stride
      )
    )
  }
}

/// Elements that threads share without a lock.
///
/// The rule is the caller's to keep, the compiler checks none of it: at any time different threads
/// touch different elements, or all only read. A thread hands elements over to another by a lock,
/// an atomic number or the end of a parallel loop. What one thread owns belongs into a ``Buffer``.
public final class UnsynchronizedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  /// The elements, to be read.
  public let buffer: Buffer<Element>

  /// The number of elements.
  @inlinable
  public var count: Int { buffer.count }

  /// Room for `count` elements, each `value` at first.
  public init(repeating value: Element, count: Int) {
    buffer = Buffer(repeating: value, count: count)
  }

  /// Takes the elements of `buffer`.
  public init(_ buffer: consuming Buffer<Element>) { self.buffer = buffer }

  /// The element at `index`, which must be in range.
  @inlinable
  public subscript(_ index: Int) -> Element {
    get { buffer[index] }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
      unsafe buffer.base[index] = newValue
    }
  }

  /// Sets the elements of `range` to `value`.
  @inlinable
  public func fill(_ range: Range<Int>, with value: Element) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    unsafe (buffer.base + range.lowerBound).update(repeating: value, count: range.count)
  }

  /// Copies the elements of `range` of `source` to `start` and after.
  @inlinable
  public func copy(_ range: Range<Int>, of source: borrowing Buffer<Element>, to start: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count, "range out of bounds")
    precondition(start >= 0 && start + range.count <= count, "range out of bounds")
    unsafe (buffer.base + start).update(from: source.base + range.lowerBound, count: range.count)
  }
}
