import Files
import Tokenization

/// A training text that is being read, in memory as long as its bound allows, then in a scratch
/// file.
package struct TrainingTextBuilder: TokenSink, ~Copyable {
  private var tokens = Buffer<UInt32>(count: 1 << 16)

  /// The number of tokens so far.
  package private(set) var count = 0

  /// The position at which the held-out text begins, once it has.
  private(set) var heldOutStart: Int?

  private var scratch: ScratchFile?

  /// The file of the tokens, once they are not in memory, and the bound that sent them there.
  var spilled: (file: ScratchFile, bound: MemoryBound)? {
    guard let scratch, let bound else { return nil }
    return (scratch, bound)
  }

  private let bound: MemoryBound?

  /// An empty text.
  package init() { bound = nil }

  /// An empty text; tokens beyond `bound` go to a scratch file.
  ///
  /// Memory for a text of `textByteCount` bytes is asked for at once: untouched memory costs
  /// nothing, and memory that grew is in small pages, in which random access is slower.
  init(_ bound: MemoryBound?, textByteCount: Int?) {
    self.bound = bound
    // Two bytes a token, one of them the space between, is the least that words have.
    let capacity = min((textByteCount ?? 0) / 2, bound?.tokenCountInMemory ?? .max)
    tokens.reserve(min(capacity, TrainingText.capacity))
  }

  /// Appends tokens.
  ///
  /// - Throws: `FileError` if the scratch file cannot be written, ``EstimationError/noRoom(_:)``
  ///   where its folder will not have the room.
  mutating func append(_ run: Span<UInt32>) throws {
    if scratch == nil, let bound, count + run.count > bound.tokenCountInMemory { try spill(bound) }
    if let scratch {
      var piece = Buffer<UInt32>(count: run.count)
      piece.copy(run, to: 0)
      try scratch.write(0..<run.count, of: piece, at: 4 * count)
    } else {
      // Untouched memory costs nothing, and from 32 MB on the C library moves memory by its page
      // table; below it copies (reading 100 MB took 79,000 page faults, 60,000 of them for copies).
      let needed = count + run.count
      if needed > tokens.count { tokens.grow(to: needed > 1 << 18 ? max(needed, 1 << 24) : needed) }
      tokens.copy(run, to: count)
    }
    count += run.count
  }

  private mutating func spill(_ bound: MemoryBound) throws {
    try bound.announce()
    let scratch = try ScratchFile(in: bound.folder)
    try scratch.write(0..<count, of: tokens, at: 0)
    tokens = Buffer()
    self.scratch = scratch
  }

  /// From here on, text is held out: it tunes parameters and is not counted.
  mutating func beginHeldOut() { heldOutStart = count }

  /// Gives every token its new number.
  mutating func renumber(_ numbers: [UInt32]) throws {
    guard let scratch else {
      for index in 0..<count { tokens[index] = numbers[Int(tokens[index])] }
      return
    }
    try scratch.forEachRun(tokenCount: count) { run, range, position in
      for index in range { run[index] = numbers[Int(run[index])] }
      try scratch.write(range, of: run, at: 4 * position)
    }
  }

  /// The number of occurrences of each of `vocabularySize` tokens.
  func occurrences(vocabularySize: Int) throws -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: vocabularySize)
    try forEachToken { counts[Int($0)] += 1 }
    return counts
  }

  /// True where a token has one of these numbers.
  func hasTokens(in numbers: Range<UInt32>) throws -> Bool {
    var isFound = false
    try forEachToken { isFound = isFound || numbers.contains($0) }
    return isFound
  }

  private func forEachToken(_ body: (UInt32) -> Void) throws {
    guard let scratch else {
      for index in 0..<count { body(tokens[index]) }
      return
    }
    try scratch.forEachRun(tokenCount: count) { run, range, _ in
      for index in range { body(run[index]) }
    }
  }

  /// The same tokens, in memory or in a file of their own.
  func copy() throws -> TrainingTextBuilder {
    var copy = TrainingTextBuilder(bound, textByteCount: nil)
    copy.count = count
    guard let scratch else {
      copy.tokens = Buffer(count: max(1, count))
      copy.tokens.copy(0..<count, of: tokens, to: 0)
      return copy
    }
    let target = try ScratchFile(in: scratch.folder)
    try scratch.forEachRun(tokenCount: count) { run, range, position in
      try target.write(range, of: run, at: 4 * position)
    }
    copy.tokens = Buffer()
    copy.scratch = target
    return copy
  }

  /// The tokens in memory, with room behind them.
  consuming func takeTokens() -> Buffer<UInt32> { tokens }
}
