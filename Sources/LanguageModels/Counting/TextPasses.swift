import Files
import Tokenization

/// A text cut into passes, parts that are worked on one at a time: one part where the text is in
/// memory, else windows in a scratch file, by the last words of their histories.
///
/// A pass holds the positions of some groups one after the other. A large group is cut between
/// passes by the word before its word: by the highest bits of that word's code. So the positions of
/// all passes are in the order of reversed histories.
struct TextPasses: Sendable {
  /// The groups that a pass has positions of; others may have more of the first and the last.
  struct Pass: Sendable {
    var groups: Range<Int>
    /// The runs of its windows in the scratch file.
    fileprivate var runs: [(offset: Int, count: Int)] = []
    fileprivate(set) var windowCount = 0
  }

  /// The number of bits of the code of the word before the last that a large group is cut by.
  private static let digit = 8

  let passes: [Pass]

  private let text: TrainingText
  /// The file of the windows; nil if the text is in memory.
  let scratch: ScratchFile?
  private let order: Int

  /// The passes of `text` for n-grams up to `order`, each of as many windows as its bound allows,
  /// as far as a single digit's histories do.
  init(
    _ text: TrainingText,
    groups: WordGroups,
    code: WordCode,
    order: Int,
    positionLimit: Int
  ) throws {
    self.text = text
    self.order = order
    guard let bound = text.spilled?.bound else {
      passes = [Pass(groups: 0..<groups.count)]
      scratch = nil
      return
    }
    let cells = try Cells(
      text,
      groups,
      code,
      limit: bound.windowCount,
      largeSize: max(positionLimit, bound.windowCount / 4)
    )
    let scratch = try ScratchFile(in: bound.folder)
    var passes = cells.passes
    var writers = WindowWriters(scratch, order: order, passCount: passes.count, bound: bound)
    var cursor = HeldOutCursor(text.rule)
    try text.forEachRun(overlap: max(order - 1, 2)) { tokens, range in
      for index in range {
        let word = tokens[index]
        let isHeldOut = text.hasHeldOut && cursor.isHeldOut(word)
        if word == TokenID.beginSentence.rawValue || index == 0 { continue }
        let pass = cells.pass(of: tokens[index - 1], after: index > 1 ? tokens[index - 2] : 0)
        try writers.append(
          windowOf: tokens,
          endingAt: index,
          isHeldOut: isHeldOut,
          to: pass,
          runs: &passes[pass].runs
        )
        passes[pass].windowCount += 1
      }
    }
    for pass in passes.indices { try writers.flush(pass, runs: &passes[pass].runs) }
    self.passes = passes
    self.scratch = scratch
  }

  /// The text of a pass: that of all where it is in memory.
  func text(of pass: Pass) throws -> TrainingText {
    guard let scratch else { return text }
    guard pass.windowCount < TrainingText.capacity / order else {
      throw EstimationError.partTooLarge
    }
    var windows = Buffer<UInt32>(count: pass.windowCount * order)
    var next = 0
    for run in pass.runs {
      try scratch.read(next..<(next + run.count), of: &windows, from: run.offset)
      next += run.count
    }
    var flags = Buffer<UInt8>(repeating: 0, count: text.hasHeldOut ? pass.windowCount : 0)
    if text.hasHeldOut {
      for window in 0..<pass.windowCount {
        let last = (window + 1) * order - 1
        if windows[last] & WindowWriters.heldOutBit != 0 {
          flags[window] = 1
          windows[last] &= ~WindowWriters.heldOutBit
        }
      }
    }
    return TrainingText(
      windows: windows,
      count: pass.windowCount * order,
      stride: order,
      heldOut: flags
    )
  }

  /// The cells that passes are made of: groups, and digits of large groups.
  private struct Cells: Sendable {
    let passes: [Pass]
    private let passOfGroup: [UInt32]
    private let groups: WordGroups
    /// For each large group, the index of its first digit in ``passOfDigit``; else −1.
    private let largeIndex: [Int32]
    private let passOfDigit: [UInt32]
    private let code: WordCode
    private let shift: UInt32

    /// Cells of `text` in passes of `limit` windows; a group of a word with more than `largeSize`
    /// positions is cut into digits.
    init(
      _ text: TrainingText,
      _ groups: WordGroups,
      _ code: WordCode,
      limit: Int,
      largeSize: Int
    ) throws {
      self.code = code
      shift = UInt32(max(0, code.bitCount - TextPasses.digit))
      let digitCount = 1 << TextPasses.digit
      self.groups = groups
      var largeIndex = [Int32](repeating: -1, count: groups.count)
      var largeCount = 0
      for group in 0..<groups.count
      where groups.size(group) > largeSize && groups.words(group).count == 1 {
        largeIndex[group] = Int32(largeCount * digitCount)
        largeCount += 1
      }
      var sizes = Buffer<Int>(repeating: 0, count: max(1, largeCount * digitCount))
      let shift = shift
      try text.forEachRun(overlap: 2) { tokens, range in
        for index in range where index > 0 && tokens[index] != TokenID.beginSentence.rawValue {
          let large = Int(largeIndex[Int(groups.group(of: tokens[index - 1]))])
          if large < 0 { continue }
          let before = index > 1 ? tokens[index - 2] : 0
          sizes[large + Int(code.code(before) >> shift)] += 1
        }
      }
      var passes: [Pass] = []
      var size = 0
      var passOfGroup = [UInt32](repeating: 0, count: groups.count)
      var passOfDigit = [UInt32](repeating: 0, count: largeCount * digitCount)
      func pass(ofCellIn group: Int, size cellSize: Int) -> UInt32 {
        if passes.isEmpty || size > 0 && size + cellSize > limit {
          passes.append(Pass(groups: group..<group))
          size = 0
        }
        passes[passes.count - 1].groups = passes[passes.count - 1].groups.lowerBound..<(group + 1)
        size += cellSize
        return UInt32(passes.count - 1)
      }
      for group in 0..<groups.count {
        let large = Int(largeIndex[group])
        if large < 0 {
          passOfGroup[group] = pass(ofCellIn: group, size: groups.size(group))
        } else {
          for digit in 0..<digitCount where sizes[large + digit] > 0 {
            passOfDigit[large + digit] = pass(ofCellIn: group, size: sizes[large + digit])
          }
        }
      }
      self.passes = passes
      self.passOfGroup = passOfGroup
      self.passOfDigit = passOfDigit
      self.largeIndex = largeIndex
    }

    /// The pass of a position whose history ends in `before`, `last`.
    @inline(__always)
    func pass(of last: UInt32, after before: UInt32) -> Int {
      let group = Int(groups.group(of: last))
      let large = Int(largeIndex[group])
      return Int(
        large < 0 ? passOfGroup[group] : passOfDigit[large + Int(code.code(before) >> shift)]
      )
    }
  }
}

/// Buffers of windows on their way to a scratch file, one for each pass.
private struct WindowWriters: ~Copyable {
  /// Marks the last token of a window that is held out.
  static let heldOutBit: UInt32 = 0x8000_0000

  private let scratch: ScratchFile
  private let order: Int
  private let capacity: Int
  private var buffer: Buffer<UInt32>
  private var counts: Buffer<Int>

  init(_ scratch: ScratchFile, order: Int, passCount: Int, bound: MemoryBound) {
    self.scratch = scratch
    self.order = order
    // An eighth of the bound at most, and no less than a page for each pass.
    let share = bound.byteCount / 8 / max(1, passCount) / 4
    capacity = min(1 << 17, max(1 << 10, share)) / order * order
    buffer = Buffer(count: capacity * passCount)
    counts = Buffer(repeating: 0, count: max(1, passCount))
  }

  /// Appends the window of `tokens` that ends at `index`.
  @inline(__always)
  mutating func append(
    windowOf tokens: borrowing Buffer<UInt32>,
    endingAt index: Int,
    isHeldOut: Bool,
    to pass: Int,
    runs: inout [(offset: Int, count: Int)]
  ) throws {
    if counts[pass] == capacity { try flush(pass, runs: &runs) }
    let start = pass * capacity + counts[pass]
    for offset in 0..<order {
      let position = index - order + 1 + offset
      // Before the text there is nothing; where a history ends, it does so at its <s>.
      buffer[start + offset] = position >= 0 ? tokens[position] : TokenID.beginSentence.rawValue
    }
    if isHeldOut { buffer[start + order - 1] |= Self.heldOutBit }
    counts[pass] += order
  }

  /// Writes the buffer of a pass.
  mutating func flush(_ pass: Int, runs: inout [(offset: Int, count: Int)]) throws {
    if counts[pass] == 0 { return }
    let start = pass * capacity
    let offset = try scratch.append(start..<(start + counts[pass]), of: buffer)
    runs.append((offset, counts[pass]))
    counts[pass] = 0
  }
}
