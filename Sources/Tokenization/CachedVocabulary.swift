import Files

/// A vocabulary with a cache of recent short tokens.
///
/// A few thousand words make up most of a text. Their bytes and numbers fit into a table in the
/// processor's first-level cache; only other tokens are looked up in the larger table of the
/// vocabulary. The numbers are those of ``Vocabulary``.
public struct CachedVocabulary: ~Copyable, Sendable {
  /// A token of at most eight bytes, and its number.
  struct Slot: BitwiseCopyable {
    /// The bytes, zeros after their end.
    var spelling: UInt64
    /// The number of bytes; ``none`` for an empty slot, which matches nothing.
    var length: UInt32
    var number: TokenID

    static var none: UInt32 { .max }
  }

  /// The key of a token in a group.
  struct Key: BitwiseCopyable {
    var spelling: UInt64
    var length: UInt32
    var slot: UInt32
  }

  private static let slotCount = 1 << 12
  private static let groupCount = 256

  private let vocabulary: Vocabulary
  private var slots = Buffer<Slot>(
    repeating: Slot(spelling: 0, length: Slot.none, number: .outOfVocabulary),
    count: slotCount
  )
  private var keys = Buffer<Key>(count: groupCount)
  private var missing = Buffer<Int>(count: groupCount)
  private var missingRanges: [Range<Int>] = []
  private var missingNumbers: [TokenID] = []

  /// An empty cache for `vocabulary`.
  public init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }
}

extension CachedVocabulary: TokenNumbering {
  /// The number of `token`, or ``TokenID/outOfVocabulary``.
  public func number(of token: Span<UInt8>) -> TokenID { vocabulary.number(of: token) }

  /// Appends the numbers of the tokens at `ranges` of `text`, or ``TokenID/outOfVocabulary``.
  public mutating func number(
    _ ranges: Span<Range<Int>>,
    of text: Span<UInt8>,
    into numbers: inout OutputSpan<TokenID>
  ) {
    for start in stride(from: 0, to: ranges.count, by: Self.groupCount) {
      let group = start..<min(start + Self.groupCount, ranges.count)
      let first = numbers.count - start
      let missingCount = recall(ranges, group, of: text, into: &numbers)
      if missingCount == 0 { continue }
      lookUp(ranges, start, missingCount, of: text)
      var output = numbers.mutableSpan
      for index in 0..<missingCount {
        let key = keys[missing[index]]
        let number = missingNumbers[index]
        output[first + start + missing[index]] = number
        if key.length <= 8 {
          slots[Int(key.slot)] = Slot(spelling: key.spelling, length: key.length, number: number)
        }
      }
    }
  }

  /// Appends a number for each token of `group`.
  ///
  /// The number of a token outside the cache is wrong; the token's index in the group is added to
  /// ``missing``.
  ///
  /// - Returns: The number of these tokens.
  @inline(__always)
  private mutating func recall(
    _ ranges: Span<Range<Int>>,
    _ group: Range<Int>,
    of text: Span<UInt8>,
    into numbers: inout OutputSpan<TokenID>
  ) -> Int {
    var missingCount = 0
    for index in group {
      let range = ranges[index]
      let length = UInt32(truncatingIfNeeded: min(range.upperBound &- range.lowerBound, 9))
      let spelling = length <= 8 ? text.upToEightBytes(of: range) : 0
      let hash = (spelling ^ UInt64(length)) &* 0x9e37_79b9_7f4a_7c15
      let slotIndex = Int(truncatingIfNeeded: hash >> 52)
      keys[index &- group.lowerBound] = Key(
        spelling: spelling,
        length: length,
        slot: UInt32(truncatingIfNeeded: slotIndex)
      )
      let slot = slots[slotIndex]
      numbers.append(slot.number)
      // No branch, since it would be unpredictable.
      missing[missingCount] = index &- group.lowerBound
      let difference = (slot.spelling ^ spelling) | UInt64(slot.length ^ length)
      missingCount &+= difference == 0 ? 0 : 1
    }
    return missingCount
  }

  /// Computes ``missingNumbers`` for the first `count` tokens of ``missing``.
  private mutating func lookUp(
    _ ranges: Span<Range<Int>>,
    _ start: Int,
    _ count: Int,
    of text: Span<UInt8>
  ) {
    missingRanges.removeAll(keepingCapacity: true)
    missingRanges.append(addingCapacity: count) { output in
      for index in 0..<count { output.append(ranges[start + missing[index]]) }
    }
    missingNumbers.removeAll(keepingCapacity: true)
    let missingRanges = missingRanges
    missingNumbers.append(addingCapacity: count) { output in
      vocabulary.number(missingRanges.span, of: text, into: &output)
    }
  }
}
