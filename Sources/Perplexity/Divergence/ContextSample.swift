import LanguageModels
import Records
import Tokenization

/// The contexts of a text in which two models are compared.
struct ContextSample: Sendable {
  /// A text as a sequence of the tokens of both models.
  struct Tokens: Sendable {
    var first: [TokenID] = []
    var second: [TokenID] = []
    /// The first token of each line, the number of its text and the number of the line.
    var lines: [(token: Int, text: Int, number: TextPlace)] = []
    /// The records that were read and left out; nil for plain text.
    var records: RecordTally?
  }

  /// A context and the number of sampled positions that have it.
  struct Context: Sendable {
    /// The index of the first token that follows the context.
    var position: Int
    var count: Int
  }

  let tokens: Tokens

  /// The number of positions in the text, one for each predicted token.
  let positionCount: Int

  /// The number of sampled positions.
  let sampledCount: Int

  /// The contexts, in the order of their first positions.
  let contexts: [Context]

  /// A sample of at most `limit` evenly spread positions; equal contexts of n-gram models are
  /// merged.
  init(
    _ tokens: Tokens,
    limit: Int?,
    historyLengths: (first: Int?, second: Int?)
  ) {
    self.tokens = tokens
    positionCount = tokens.first.count { $0 != .beginSentence }
    sampledCount = min(positionCount, limit ?? positionCount)
    var contexts: [Context] = []
    var indices: [[UInt32]: Int] = [:]
    var index = 0
    var next = 0
    for position in tokens.first.indices where tokens.first[position] != .beginSentence {
      defer { index += 1 }
      // The middle of the next of `sampledCount` equal stretches.
      guard next < sampledCount, index >= (2 * next + 1) * positionCount / (2 * sampledCount) else {
        continue
      }
      next += 1
      guard let first = historyLengths.first, let second = historyLengths.second else {
        contexts.append(Context(position: position, count: 1))
        continue
      }
      let key =
        Self.history(of: position, in: tokens.first, length: first).map { UInt32($0.index) }
        + [.max]
        + Self.history(of: position, in: tokens.second, length: second).map {
          UInt32($0.index)
        }
      if let index = indices[key] {
        contexts[index].count += 1
      } else {
        indices[key] = contexts.count
        contexts.append(Context(position: position, count: 1))
      }
    }
    self.contexts = contexts
  }

  /// The tokens before `position`: at most `length` of them, and none before their own `<s>`.
  static func history(
    of position: Int,
    in tokens: [TokenID],
    length: Int
  ) -> ArraySlice<TokenID> {
    var start = position
    while start > 0 && position - start < length {
      start -= 1
      if tokens[start] == .beginSentence { break }
    }
    return tokens[start..<position]
  }

  /// The number of the text and the line that contain `position`.
  func location(of position: Int) -> (text: Int, line: TextPlace) {
    var low = 0
    var high = tokens.lines.count
    while low < high {
      let middle = (low + high) / 2
      if tokens.lines[middle].token <= position { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return (0, 1) }
    return (tokens.lines[low - 1].text, tokens.lines[low - 1].number)
  }
}

extension ContextSample.Tokens {
  /// Reads `sources` with the settings of `first` and `second`.
  ///
  /// `</s>` is left out if one of the models does not predict it.
  ///
  /// - Throws: `FileError`, `TextError`, also for texts without tokens.
  init(
    _ sources: [TextSource],
    _ first: any LanguageModel,
    _ second: any LanguageModel,
    leavesOutEnds: Bool,
    markers: TextEncoder.Markers,
    invalidUTF8: TextReader.InvalidUTF8
  ) throws {
    let encoder = TextEncoder(
      first.settings,
      markers: markers,
      keepsRanges: true,
      countsCharacters: false
    )
    let secondEncoder = TextEncoder(second.settings, markers: markers, countsCharacters: false)
    var numbering = first.vocabulary
    var secondNumbering = second.vocabulary
    for (text, source) in sources.enumerated() {
      var reader = try TextReader(
        source,
        isRaw: first.settings.readsRawBytes,
        invalidUTF8: invalidUTF8
      )
      while let block = try reader.next() {
        let encoded = try encoder.encode(block, of: source.name, numbering: &numbering)
        let other = try secondEncoder.encode(block, of: source.name, numbering: &secondNumbering)
        for (index, line) in encoded.lines.enumerated() {
          lines.append((self.first.count + line.firstToken, text, encoded.place(ofLine: index)))
        }
        if let tally = encoded.tally { records = (records ?? RecordTally()) + tally }
        self.first += encoded.tokens.filter { !leavesOutEnds || $0 != .endSentence }
        self.second += other.tokens.filter { !leavesOutEnds || $0 != .endSentence }
      }
    }
    let ends = leavesOutEnds ? 0 : self.first.count { $0 == .endSentence }
    guard self.first.count(where: { $0 != .beginSentence }) > ends else {
      throw TextError.empty(
        paths: sources.map(\.name),
        leftOut: records?.leftOutAll
      )
    }
  }
}
