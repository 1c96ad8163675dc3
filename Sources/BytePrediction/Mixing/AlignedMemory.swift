import Files
import Glibc

/// Memory for plain values that begins at a cache line and never moves.
///
/// The mixing model's loops go through it by pointer: a bucket is one cache line only where the
/// memory begins at one, and a `Buffer` begins where `malloc` puts it. Who indexes it masks the
/// index, or knows it from the layout; nothing is checked here.
final class AlignedMemory<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  /// Room for `count` elements whose bytes are zero; what is not touched costs no memory.
  init(zeroed count: Int) {
    self.count = max(1, count)
    let byteCount = self.count * MemoryLayout<Element>.stride
    guard
      let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { fatalError("no memory for \(byteCount) bytes") }
    if byteCount >= 1 << 22 { madvise(memory, byteCount, MADV_HUGEPAGE) }
    base = memory.bindMemory(to: Element.self, capacity: self.count)
  }

  /// Room for `count` elements, each `value` at first.
  convenience init(repeating value: Element, count: Int) {
    self.init(zeroed: count)
    base.update(repeating: value, count: self.count)
  }

  /// The next block of `memory`, which has `count` elements and is called `name` in errors.
  ///
  /// - Throws: `PredictorError` where it has another size.
  convenience init(
    _ memory: inout PredictorMemory,
    _ name: String,
    count: Int
  ) throws(PredictorError) {
    try memory.expect(name, of: Element.self, count: count)
    self.init(zeroed: count)
    try memory.fill(UnsafeMutableRawBufferPointer(start: base, count: byteCount), name)
  }

  deinit { munmap(base, byteCount) }

  /// Repeats the elements from `start` to `start + period` up to `end`.
  func repeatElements(from start: Int, period: Int, to end: Int) {
    var filled = start + period
    while filled < end {
      let count = min(filled - start, end - filled)
      (base + filled).update(from: base + start, count: count)
      filled += count
    }
  }

  /// The number of bytes of all elements.
  var byteCount: Int { count * MemoryLayout<Element>.stride }

  /// The elements as bytes.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }
}
