/// Makes each extended grapheme cluster a token, white space too.
///
/// A cluster is what a reader takes for one character: a letter with its accents, a flag, a family
/// of emoji, and also CR LF. The boundaries are those of Swift's `Character` (UAX #29, section 3),
/// in the Unicode version of the Swift runtime.
///
///     "e\u{301}🇩🇪" -> "e\u{301}", "🇩🇪"
public struct GraphemeTokenizer: Tokenizer {
  /// Makes the tokenizer, which has no options.
  public init() {}

  /// Appends the range of each cluster of `text`.
  ///
  /// Between two ASCII bytes there is always a boundary, CR LF excepted. So the text falls into
  /// stretches of ASCII, which need no table, and others, which the standard library cuts.
  public func tokenize(_ text: Span<UInt8>, into ranges: inout [Range<Int>]) {
    let count = text.count
    var position = 0
    while position < count {
      ranges.append(addingCapacity: min(4096, count - position)) { output in
        position = appendASCII(of: text, from: position, to: &output)
      }
      if position < count && isMixed(text, at: position) {
        let stretch = position..<stretchEnd(in: text, from: position + 1)
        appendClusters(of: text, in: stretch, to: &ranges)
        position = stretch.upperBound
      }
    }
  }

  /// True if the text at `position` needs the tables of Unicode.
  private func isMixed(_ text: Span<UInt8>, at position: Int) -> Bool {
    text[position] >= 0x80 || position + 1 < text.count && text[position + 1] >= 0x80
  }

  /// Appends clusters of `text` up to one that is not ASCII, while `output` has room.
  ///
  /// - Returns: The end of the last of them.
  private func appendASCII(
    of text: Span<UInt8>,
    from start: Int,
    to output: inout OutputSpan<Range<Int>>
  ) -> Int {
    var position = start
    while position < text.count && output.freeCapacity > 0 && !isMixed(text, at: position) {
      let isLineEnd =
        text[position] == 0x0D && position + 1 < text.count && text[position + 1] == 0x0A
      let end = position + (isLineEnd ? 2 : 1)
      output.append(position..<end)
      position = end
    }
    return position
  }

  /// The first boundary after `position` that two ASCII bytes make, or the end of `text`.
  private func stretchEnd(in text: Span<UInt8>, from position: Int) -> Int {
    var end = position
    while end < text.count {
      if text[end] < 0x80 && text[end - 1] < 0x80 {
        // A boundary stands before every control, so CR LF can be left to the ASCII path whole.
        return text[end] == 0x0A && text[end - 1] == 0x0D ? end - 1 : end
      }
      end += 1
    }
    return end
  }

  /// Appends the ranges of the clusters of the part `stretch` of `text`.
  private func appendClusters(
    of text: Span<UInt8>,
    in stretch: Range<Int>,
    to ranges: inout [Range<Int>]
  ) {
    guard let utf8 = try? UTF8Span(validating: text.extracting(stretch)) else {
      var position = stretch.lowerBound
      while position < stretch.upperBound {
        let end = min(scalarEnd(in: text, at: position), stretch.upperBound)
        ranges.append(position..<end)
        position = end
      }
      return
    }
    var clusters = utf8.makeCharacterIterator()
    var start = stretch.lowerBound
    while clusters.skipForward() == 1 {
      let end = stretch.lowerBound + clusters.currentCodeUnitOffset
      ranges.append(start..<end)
      start = end
    }
  }
}
