import CLibrary

extension Span<UInt8> {
  /// The position of the first `byte` at `start` or after; nil if there is none.
  ///
  /// - Complexity: O(*n*), as fast as the system's `memchr`.
  public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    precondition(start >= 0 && start <= count, "start out of range")
    return unsafe withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), bytes.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// Returns whether the first bytes are `prefix`.
  public func starts(with prefix: [UInt8]) -> Bool {
    count >= prefix.count && extracting(first: prefix.count).isEqual(to: prefix.span)
  }

  /// A flag: all bytes are zero.
  public var isZero: Bool { count(of: 0) == count }

  /// The eight bytes from `offset` on as a number, the first of them the lowest.
  @inlinable
  public func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count &- 8, "offset out of range")
    return unsafe withUnsafeBytes { unsafe load64($0.baseAddress.unsafelyUnwrapped + offset) }
  }

  /// The four bytes from `offset` on as a number, the first of them the lowest.
  @inlinable
  public func halfWord(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset <= count &- 4, "offset out of range")
    return unsafe withUnsafeBytes { unsafe load32($0.baseAddress.unsafelyUnwrapped + offset) }
  }

  /// Returns whether `other` has the same bytes.
  ///
  /// - Complexity: O(*n*), a word at a time.
  @inlinable
  public func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    if count < 8 {
      for index in 0..<count where self[index] != other[index] { return false }
      return true
    }
    var index = 0
    while index < count {
      // The last step overlaps the one before it.
      index = Swift.min(index, count &- 8)
      if word(at: index) != other.word(at: index) { return false }
      index &+= 8
    }
    return true
  }
}

extension Array {
  /// A copy of `elements`.
  public init(_ elements: Span<Element>) {
    self = unsafe elements.withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Appends a copy of `elements`.
  public mutating func append(copying elements: Span<Element>) {
    unsafe elements.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

extension Array where Element: BitwiseCopyable {
  /// Lends the elements as bytes.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe span.withUnsafeBytes { (bytes) throws(Failure) in
      try unsafe body(Span(_unsafeBytes: bytes))
    }
  }
}

extension String {
  /// The text of `bytes`, with U+FFFD in place of bytes that are not UTF-8.
  public init(decoding bytes: Span<UInt8>, as encoding: UTF8.Type) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: encoding) }
  }

  /// The text of `bytes`; nil if they are not UTF-8.
  public init?(validating bytes: Span<UInt8>, as encoding: UTF8.Type) {
    let text = unsafe bytes.withUnsafeBufferPointer { unsafe String(validating: $0, as: encoding) }
    guard let text else { return nil }
    self = text
  }

  /// Lends the bytes of the text in UTF-8.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(utf8Span.span)
  }
}

extension RawSpan {
  /// Lends the bytes as elements.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe withUnsafeBytes { (bytes) throws(Failure) in
      try unsafe body(Span(_unsafeBytes: bytes))
    }
  }
}
