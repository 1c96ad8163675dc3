import Files
import Tokenization

/// A text in parts that can be worked on one at a time: all of it where it is in memory, else windows
/// of it in a scratch file, by the last words of their histories.
///
/// A part holds the positions of some groups one after the other; where one group is large, also of
/// some of the words before its word, by the highest bits of their codes. So that what is counted of a
/// part is in the order of the reversed histories throughout.
struct TextParts: Sendable {
  /// The groups that a part has positions of; others may have more of the first and the last.
  struct Part: Sendable {
    var groups: Range<Int>
    /// Where its windows begin in the scratch file, run by run.
    fileprivate var runs: [(offset: Int, count: Int)] = []
    fileprivate(set) var windowCount = 0
  }

  /// The bits of the word before the last that tell a large group's parts apart.
  private static let digit = 8

  let parts: [Part]

  private let text: TrainingText
  /// Where the windows are; nil where the text is in memory.
  let scratch: ScratchFile?
  private let order: Int

  /// The parts of `text` for n-grams up to `order`, each of as many windows as its bound allows, as
  /// far as a single digit's histories do.
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
      parts = [Part(groups: 0..<groups.count)]
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
    var parts = cells.parts
    var writers = WindowWriters(scratch, order: order, partCount: parts.count, bound: bound)
    var cursor = HeldOutCursor(text.rule)
    try text.forEachRun(overlap: max(order - 1, 2)) { tokens, range in
      for index in range {
        let word = tokens[index]
        let isHeldOut = text.hasHeldOut && cursor.isHeldOut(word)
        if word == TokenID.beginSentence.rawValue || index == 0 { continue }
        let part = cells.part(of: tokens[index - 1], after: index > 1 ? tokens[index - 2] : 0)
        try writers.append(tokens, index, isHeldOut: isHeldOut, to: part, &parts[part].runs)
        parts[part].windowCount += 1
      }
    }
    for part in parts.indices { try writers.flush(part, &parts[part].runs) }
    self.parts = parts
    self.scratch = scratch
  }

  /// The text of a part: that of all where it is in memory.
  func text(of part: Part) throws -> TrainingText {
    guard let scratch else { return text }
    guard part.windowCount < TrainingText.capacity / order else {
      throw EstimationError.partTooLarge
    }
    let windows = Buffer<UInt32>(count: part.windowCount * order)
    var next = 0
    for run in part.runs {
      try scratch.read(next..<(next + run.count), of: windows, from: run.offset)
      next += run.count
    }
    let flags = Buffer<UInt8>(repeating: 0, count: text.hasHeldOut ? part.windowCount : 0)
    if text.hasHeldOut {
      for window in 0..<part.windowCount {
        let last = (window + 1) * order - 1
        if windows[last] & WindowWriters.heldOutBit != 0 {
          flags[window] = 1
          windows[last] &= ~WindowWriters.heldOutBit
        }
      }
    }
    return TrainingText(
      windows: windows,
      count: part.windowCount * order,
      stride: order,
      heldOut: flags
    )
  }

  /// What a part is made of: a group, or those of its positions that share a digit.
  private struct Cells: Sendable {
    let parts: [Part]
    private let partOfGroup: [UInt32]
    private let groups: WordGroups
    /// For each large group, where its digits begin in ``partOfDigit``; else −1.
    private let largeIndex: [Int32]
    private let partOfDigit: [UInt32]
    private let code: WordCode
    private let shift: UInt32

    /// Cells of `text` in parts of `limit` windows; a group of a word with more than `largeSize`
    /// positions is cut into digits.
    init(
      _ text: TrainingText,
      _ groups: WordGroups,
      _ code: WordCode,
      limit: Int,
      largeSize: Int
    ) throws {
      self.code = code
      shift = UInt32(max(0, code.bitCount - TextParts.digit))
      let digitCount = 1 << TextParts.digit
      self.groups = groups
      var largeIndex = [Int32](repeating: -1, count: groups.count)
      var largeCount = 0
      for group in 0..<groups.count
      where groups.size(group) > largeSize && groups.words(group).count == 1 {
        largeIndex[group] = Int32(largeCount * digitCount)
        largeCount += 1
      }
      let sizes = Buffer<Int>(repeating: 0, count: max(1, largeCount * digitCount))
      let shift = shift
      try text.forEachRun(overlap: 2) { tokens, range in
        for index in range where index > 0 && tokens[index] != TokenID.beginSentence.rawValue {
          let large = Int(largeIndex[Int(groups.group(of: tokens[index - 1]))])
          if large < 0 { continue }
          let before = index > 1 ? tokens[index - 2] : 0
          sizes[large + Int(code.code(before) >> shift)] += 1
        }
      }
      var parts: [Part] = []
      var size = 0
      var partOfGroup = [UInt32](repeating: 0, count: groups.count)
      var partOfDigit = [UInt32](repeating: 0, count: largeCount * digitCount)
      func place(_ group: Int, _ cellSize: Int) -> UInt32 {
        if parts.isEmpty || size > 0 && size + cellSize > limit {
          parts.append(Part(groups: group..<group))
          size = 0
        }
        parts[parts.count - 1].groups = parts[parts.count - 1].groups.lowerBound..<(group + 1)
        size += cellSize
        return UInt32(parts.count - 1)
      }
      for group in 0..<groups.count {
        let large = Int(largeIndex[group])
        if large < 0 {
          partOfGroup[group] = place(group, groups.size(group))
        } else {
          for digit in 0..<digitCount where sizes[large + digit] > 0 {
            partOfDigit[large + digit] = place(group, sizes[large + digit])
          }
        }
      }
      self.parts = parts
      self.partOfGroup = partOfGroup
      self.partOfDigit = partOfDigit
      self.largeIndex = largeIndex
    }

    /// The part of a position whose history ends in `before`, `last`.
    @inline(__always)
    func part(of last: UInt32, after before: UInt32) -> Int {
      let group = Int(groups.group(of: last))
      let large = Int(largeIndex[group])
      return Int(
        large < 0 ? partOfGroup[group] : partOfDigit[large + Int(code.code(before) >> shift)]
      )
    }
  }
}

/// Windows on their way to a scratch file, those of each part through a buffer of its own.
private struct WindowWriters: ~Copyable {
  /// Marks the last token of a window that is held out.
  static let heldOutBit: UInt32 = 0x8000_0000

  private let scratch: ScratchFile
  private let order: Int
  private let capacity: Int
  private let buffer: Buffer<UInt32>
  private let counts: Buffer<Int>

  init(_ scratch: ScratchFile, order: Int, partCount: Int, bound: MemoryBound) {
    self.scratch = scratch
    self.order = order
    // An eighth of the bound at most, and no less than a page for each part.
    let share = bound.byteCount / 8 / max(1, partCount) / 4
    capacity = min(1 << 17, max(1 << 10, share)) / order * order
    buffer = Buffer(count: capacity * partCount)
    counts = Buffer(repeating: 0, count: max(1, partCount))
  }

  /// Appends the window that ends at `index`.
  @inline(__always)
  mutating func append(
    _ tokens: borrowing Buffer<UInt32>,
    _ index: Int,
    isHeldOut: Bool,
    to part: Int,
    _ runs: inout [(offset: Int, count: Int)]
  ) throws {
    if counts[part] == capacity { try flush(part, &runs) }
    let start = part * capacity + counts[part]
    for place in 0..<order {
      let position = index - order + 1 + place
      // Before the text there is nothing; where a history ends, it does so at its <s>.
      buffer[start + place] = position >= 0 ? tokens[position] : TokenID.beginSentence.rawValue
    }
    if isHeldOut { buffer[start + order - 1] |= Self.heldOutBit }
    counts[part] += order
  }

  /// Writes what waits of a part.
  mutating func flush(_ part: Int, _ runs: inout [(offset: Int, count: Int)]) throws {
    if counts[part] == 0 { return }
    let start = part * capacity
    let offset = try scratch.append(start..<(start + counts[part]), of: buffer)
    runs.append((offset, counts[part]))
    counts[part] = 0
  }
}
