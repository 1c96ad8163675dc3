import CLibrary
import Files
import Prefetch

/// A fixed number of plain values whose index release builds do not check.
///
/// Debug builds stop at an index out of range. Release builds do not: such an index reads or writes
/// other memory. So every index must follow from a size that was checked before: a length of a
/// context, a masked hash, a byte, a number that a reader of files has checked where it entered.
/// The mixing model executes some `60_000` instructions a byte (735 million for 12 KB of text, by
/// callgrind), most of them around such accesses; this is the one file of the module with unsafe code.
///
/// The elements begin at a multiple of 64 bytes, a cache line, and are zero at first; what is never
/// touched takes no memory. Elements are set through a constant, too, so one buffer is for one
/// thread.
///
/// The accessors are transparent because debug builds run the tests: an access is inlined there, too,
/// and is not a call of an unspecialised generic function.
@safe
struct UncheckedBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// The number of elements.
  private(set) var count: Int

  private var base: UnsafeMutablePointer<Element>
  /// The memory as `calloc` gave it: `base` is the first cache line in it.
  private var allocation: UnsafeMutableRawPointer

  private static var alignment: Int { 64 }

  /// A buffer of `count` elements whose bytes are zero.
  init(zeroed count: Int) {
    precondition(count >= 0, "a buffer has no negative count")
    let byteCount = count * MemoryLayout<Element>.stride + Self.alignment
    guard let memory = unsafe calloc(byteCount, 1) else { Self.failToAllocate(byteCount) }
    unsafe allocation = memory
    unsafe base = Self.firstLine(of: memory)
    self.count = count
    useLargePages()
  }

  /// A buffer of `count` elements, each `value`.
  init(repeating value: Element, count: Int) {
    self.init(zeroed: count)
    fill(value)
  }

  deinit { unsafe free(allocation) }

  /// Makes room for at least `minimumCount` elements and keeps those that are there.
  ///
  /// The new elements have no defined value. The buffer grows by half at least, so repeated calls
  /// stay linear in the total.
  mutating func grow(to minimumCount: Int) {
    guard minimumCount > count else { return }
    let newCount = max(minimumCount, count + count / 2)
    let usedByteCount = count * MemoryLayout<Element>.stride
    let byteCount = newCount * MemoryLayout<Element>.stride + Self.alignment
    let offset = unsafe UnsafeMutableRawPointer(base) - allocation
    guard let memory = unsafe realloc(allocation, byteCount) else { Self.failToAllocate(byteCount) }
    unsafe allocation = memory
    unsafe base = Self.firstLine(of: memory)
    // The allocation may lie otherwise to the cache lines than before.
    let kept = unsafe memory + offset
    if unsafe kept != UnsafeMutableRawPointer(base) {
      unsafe UnsafeMutableRawPointer(base).copyMemory(from: kept, byteCount: usedByteCount)
    }
    count = newCount
    useLargePages()
  }

  private static func firstLine(
    of memory: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<Element> {
    unsafe memory.alignedUp(toMultipleOf: alignment).assumingMemoryBound(to: Element.self)
  }

  private static func failToAllocate(_ byteCount: Int) -> Never {
    fatalError("no memory for \(byteCount) bytes")
  }

  /// Asks for large pages where several would be filled.
  private func useLargePages() {
    if byteCount >= 1 << 22 { unsafe Platform.useLargePages(base, byteCount) }
  }

  /// The bytes of all elements.
  var byteCount: Int { count * MemoryLayout<Element>.stride }
}

// MARK: - Elements

extension UncheckedBuffer {
  /// The element at `index`.
  subscript(_ index: Int) -> Element {
    @_transparent unsafeAddress {
      assert(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
      return unsafe UnsafePointer(base + index)
    }
    @_transparent nonmutating unsafeMutableAddress {
      assert(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
      return unsafe base + index
    }
  }

  /// The element at `start + offset`.
  ///
  /// A loop over `offset` adds `start` to the address once, before it begins.
  subscript(_ start: Int, _ offset: Int) -> Element {
    @_transparent unsafeAddress {
      assert(UInt(bitPattern: start &+ offset) < UInt(bitPattern: count), "index out of range")
      return unsafe UnsafePointer(base + start + offset)
    }
    @_transparent nonmutating unsafeMutableAddress {
      assert(UInt(bitPattern: start &+ offset) < UInt(bitPattern: count), "index out of range")
      return unsafe base + start + offset
    }
  }

  /// Asks for the cache line of the element at `index`; an index out of range is no error.
  @_transparent
  func prefetch(_ index: Int) { unsafe prefetch_line(base + index) }

  /// Sets all elements to `value`.
  @inline(__always)
  func fill(_ value: Element) { unsafe base.update(repeating: value, count: count) }

  /// Sets the elements of `range` to `value`.
  @inline(__always)
  func fill(_ range: Range<Int>, _ value: Element) {
    assert(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    unsafe (base + range.lowerBound).update(repeating: value, count: range.count)
  }

  /// Copies the elements of `range` to `start` and after.
  func copy(_ range: Range<Int>, to start: Int) {
    assert(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    assert(start >= 0 && start + range.count <= count, "range out of bounds")
    unsafe (base + start).update(from: base + range.lowerBound, count: range.count)
  }

  /// Sets all elements to those of `other`, which has as many.
  func copy(_ other: borrowing UncheckedBuffer<Element>) {
    precondition(other.count == count, "the counts differ")
    unsafe base.update(from: other.base, count: count)
  }

  /// Repeats the elements from `start` to `start + period` up to `end`.
  func repeatElements(from start: Int, period: Int, to end: Int) {
    var filled = start + period
    while filled < end {
      let count = min(filled - start, end - filled)
      copy(start..<start + count, to: filled)
      filled += count
    }
  }
}

// MARK: - Vectors

extension UncheckedBuffer where Element == Float {
  /// The eight numbers from `index` on, which is a multiple of eight.
  @_transparent
  func lanes(_ index: Int) -> SIMD8<Float> {
    assert(index >= 0 && index & 7 == 0 && index + 8 <= count, "index out of range")
    return unsafe UnsafeRawPointer(base + index).load(as: SIMD8<Float>.self)
  }

  /// Sets the eight numbers from `index` on, which is a multiple of eight.
  @_transparent
  func setLanes(_ index: Int, _ lanes: SIMD8<Float>) {
    assert(index >= 0 && index & 7 == 0 && index + 8 <= count, "index out of range")
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: lanes, as: SIMD8<Float>.self)
  }

  /// Adds to the eight numbers from `index` on, which is a multiple of eight.
  @inline(__always)
  func add(_ lanes: SIMD8<Float>, to index: Int) { setLanes(index, self.lanes(index) + lanes) }
}

extension SIMD8<Float> {
  /// The numbers whose binary forms are `bits`.
  @inline(__always)
  init(bits: SIMD8<UInt32>) { self = unsafe unsafeBitCast(bits, to: Self.self) }

  /// The binary forms of the numbers.
  @inline(__always)
  var bits: SIMD8<UInt32> { unsafe unsafeBitCast(self, to: SIMD8<UInt32>.self) }
}

// MARK: - Bytes

extension UncheckedBuffer {
  /// Lends the elements as bytes.
  func withBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    try withBytes(0..<count, body)
  }

  /// Lends the elements of `range`, which must be in bounds, as bytes.
  func withBytes<Result>(
    _ range: Range<Int>,
    _ body: (RawSpan) throws -> Result
  ) rethrows -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    let elements = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    return try unsafe body(RawSpan(_unsafeElements: elements))
  }

  /// Sets four bytes from byte `offset` on to those of `word`, or as many as there are; checks
  /// `offset` in release builds, too.
  func setWord(_ word: UInt32, atByte offset: Int) {
    precondition(offset >= 0 && offset < byteCount, "offset out of range")
    unsafe withUnsafeBytes(of: word) { bytes in
      unsafe (UnsafeMutableRawPointer(base) + offset).copyMemory(
        from: bytes.baseAddress.unsafelyUnwrapped,
        byteCount: min(bytes.count, byteCount - offset)
      )
    }
  }
}

extension RawSpan {
  /// The four bytes from `offset` on, and zeros behind the end.
  ///
  /// - Precondition: `offset` is not negative, which debug builds check.
  func word(at offset: Int) -> UInt32 {
    assert(offset >= 0, "an offset is not negative")
    if offset + 4 <= byteCount {
      return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }
    return (offset..<byteCount).reduce(0) {
      let byte = unsafe unsafeLoad(fromByteOffset: $1, as: UInt8.self)
      return $0 | UInt32(byte) << UInt32(8 * ($1 - offset))
    }
  }
}

extension [UInt32] {
  /// Lends the numbers as bytes.
  func withBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    try unsafe body(span.bytes)
  }
}
