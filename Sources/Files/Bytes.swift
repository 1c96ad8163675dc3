import CLibrary
public import Prefetch

/// Bytes that do not change: a mapped file, or memory that the object owns.
///
/// A mapped file costs nothing to open, whatever its size; its pages come as they are read.
@safe
public final class Bytes: @unchecked Sendable {
  private let base: UnsafeMutableRawPointer
  private let memory: Memory

  /// The kind of memory, which decides how it is given back.
  private enum Memory {
    case mapped, allocated, grown
    /// A part of the memory of other bytes.
    case part(Bytes)
  }

  /// The number of bytes.
  public let count: Int

  /// Maps the file at `path`.
  ///
  /// - Throws: `FileError` when it cannot be opened or mapped.
  public convenience init(mapping path: String) throws(FileError) {
    let descriptor = unsafe CLibrary.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path) }
    defer { close(descriptor) }
    try self.init(mapping: descriptor, path: path)
  }

  init(mapping descriptor: Int32, path: String) throws(FileError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(.open, path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(.open, path, code: EISDIR) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      unsafe base = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 64)
      count = 0
      memory = .allocated
      return
    }
    count = Int(status.st_size)
    guard
      let start = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0),
      unsafe start != MAP_FAILED
    else { throw FileError(.map, path) }
    unsafe base = start
    memory = .mapped
  }

  /// The bytes of `range` of `whole`, which must be in bounds: no copy.
  public init(_ range: Range<Int>, of whole: Bytes) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.count, "range out of bounds")
    unsafe base = whole.base + range.lowerBound
    count = range.count
    memory = .part(whole)
  }

  /// A copy of `source`.
  public init(copying source: Span<UInt8>) {
    let copy = UnsafeMutableRawPointer.allocate(byteCount: max(1, source.count), alignment: 64)
    unsafe source.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe copy.copyMemory(from: start, byteCount: bytes.count)
    }
    unsafe base = copy
    count = source.count
    memory = .allocated
  }

  /// All bytes of `input`, in memory that grows with them.
  ///
  /// - Throws: `FileError` when reading or unpacking fails, or there is not enough memory.
  init(reading input: inout InputBytes, path: String) throws(FileError) {
    var capacity = 1 << 20
    var length = 0
    var start = unsafe malloc(capacity)
    var piece: [UInt8] = []
    while true {
      guard let target = unsafe start else { throw FileError(.read, path, code: ENOMEM) }
      piece.removeAll(keepingCapacity: true)
      let added: Int
      do throws(FileError) {
        added = try input.read(1 << 18, into: &piece)
      } catch {
        unsafe free(target)
        throw error
      }
      if added == 0 {
        unsafe base = target
        break
      }
      if length + added > capacity {
        capacity = max(2 * capacity, length + added)
        guard let grown = unsafe realloc(target, capacity) else {
          unsafe free(target)
          throw FileError(.read, path, code: ENOMEM)
        }
        unsafe start = grown
      }
      if let target = unsafe start {
        unsafe piece.withUnsafeBytes { bytes in
          guard let source = bytes.baseAddress else { return }
          unsafe (target + length).copyMemory(from: source, byteCount: added)
        }
      }
      length += added
    }
    count = length
    memory = .grown
  }

  deinit {
    switch memory {
    case .mapped: unsafe munmap(base, count)
    case .allocated: unsafe base.deallocate()
    case .grown: unsafe free(base)
    case .part: break
    }
  }

  /// Lends the bytes of `range`, which must be in bounds.
  public func withBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    let part = unsafe UnsafeRawBufferPointer(
      start: base + range.lowerBound,
      count: range.count
    )
    return try unsafe body(Span(_unsafeBytes: part))
  }

  /// The `count` values of a type from byte `offset` on, or nil if they are not all inside the
  /// bytes or not aligned.
  public func values<Element: BitwiseCopyable>(
    of type: Element.Type = Element.self,
    at offset: Int,
    count valueCount: Int
  ) -> Values<Element>? {
    let (byteCount, overflow) = valueCount.multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride
    )
    guard !overflow, offset >= 0, valueCount >= 0, offset <= count, byteCount <= count - offset,
      offset % MemoryLayout<Element>.alignment == 0
    else { return nil }
    let start = unsafe UnsafePointer<Element>(
      (base + offset).bindMemory(to: Element.self, capacity: valueCount)
    )
    return unsafe Values(owner: self, base: start, count: valueCount)
  }
}

/// Values of one type in ``Bytes``.
@safe @frozen
public struct Values<Element: BitwiseCopyable>: @unchecked Sendable {
  @usableFromInline let owner: Bytes
  @usableFromInline let base: UnsafePointer<Element>

  /// The number of values.
  public let count: Int

  @usableFromInline
  init(owner: Bytes, base: UnsafePointer<Element>, count: Int) {
    self.owner = owner
    unsafe self.base = base
    self.count = count
  }

  /// The value at `index`, which must be in range.
  @inlinable
  public subscript(_ index: Int) -> Element {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
    return unsafe base[index]
  }

  /// The values of `range` without a reference count: the caller keeps the ``Bytes`` alive.
  @unsafe @inlinable
  public func unowned(_ range: Range<Int>) -> UnownedValues<Element> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    return unsafe UnownedValues(base: base + range.lowerBound, count: range.count)
  }

  /// Lends the bytes of `range`.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of bounds")
    let bytes = unsafe UnsafeRawBufferPointer(
      start: base + range.lowerBound,
      count: range.count * MemoryLayout<Element>.stride
    )
    return try unsafe body(Span(_unsafeBytes: bytes))
  }

  /// Asks for the memory of the value at `index`, so that it is there when it is read; an index out
  /// of range is no error.
  @inlinable
  public func prefetch(_ index: Int) { unsafe prefetch_line(base + index) }

  /// Lends the values.
  @inlinable
  public func withElements<Result, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let elements = unsafe UnsafeBufferPointer(start: base, count: count)
    return try unsafe body(Span(_unsafeElements: elements))
  }
}

/// ``Values`` without a reference count: the code that makes them keeps the memory alive.
@safe @frozen
public struct UnownedValues<Element: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  @usableFromInline let base: UnsafePointer<Element>

  /// The number of values.
  public let count: Int

  @inlinable
  init(base: UnsafePointer<Element>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// The value at `index`, which must be in range.
  @inlinable
  public subscript(_ index: Int) -> Element {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
    return unsafe base[index]
  }

  /// The values from `start` on.
  @inlinable
  public func suffix(from start: Int) -> UnownedValues<Element> {
    precondition(start >= 0 && start <= count, "start out of range")
    return unsafe UnownedValues(base: base + start, count: count &- start)
  }

  /// Asks for the memory of the value at `index`, so that it is there when it is read; an index out
  /// of range is no error.
  @inlinable
  public func prefetch(_ index: Int) { unsafe prefetch_line(base + index) }

  /// Lends the values as bytes.
  public func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(
      start: base,
      count: count * MemoryLayout<Element>.stride
    )
    return try unsafe body(Span(_unsafeBytes: bytes))
  }
}
