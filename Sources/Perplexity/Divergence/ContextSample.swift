import LanguageModels
import Tokenization

/// The contexts of a text in which two models are held against each other.
struct ContextSample: Sendable {
  /// A text as both models read it, token by token.
  struct Tokens: Sendable {
    var first: [TokenID] = []
    var second: [TokenID] = []
    /// The first token of each line, and its place in the texts.
    var lines: [(token: Int, text: Int, number: Int)] = []
  }

  /// A context, and how many places of the sample have it.
  struct Context: Sendable {
    /// The first token that follows it.
    var position: Int
    var count: Int
  }

  let tokens: Tokens

  /// The number of places in the text: of tokens that are predicted.
  let placeCount: Int

  /// The number of places of the sample.
  let sampledCount: Int

  /// The contexts, in the order of their first places.
  let contexts: [Context]

  /// A sample of at most `limit` places, evenly spread; equal contexts of n-gram models are one.
  init(
    _ tokens: Tokens,
    limit: Int?,
    historyLengths: (first: Int?, second: Int?)
  ) {
    self.tokens = tokens
    placeCount = tokens.first.count { $0 != .beginSentence }
    sampledCount = min(placeCount, limit ?? placeCount)
    var contexts: [Context] = []
    var indices: [[UInt32]: Int] = [:]
    var place = 0
    var next = 0
    for position in tokens.first.indices where tokens.first[position] != .beginSentence {
      defer { place += 1 }
      // The middle of the next of as many equal stretches as there are samples.
      guard next < sampledCount, place >= (2 * next + 1) * placeCount / (2 * sampledCount) else {
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

  /// The tokens before `position`, at most `length` and back to their own `<s>`.
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

  /// Where `position` stands: the number of the text, and the line.
  func place(of position: Int) -> (text: Int, line: Int) {
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
  /// Reads `sources` as `first` and `second` do; without `</s>` where one of them does not predict it.
  ///
  /// - Throws: `FileError`, `TextError`, among them for texts without tokens.
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
          lines.append((self.first.count + line.firstToken, text, encoded.firstLine + index))
        }
        self.first += encoded.tokens.filter { !leavesOutEnds || $0 != .endSentence }
        self.second += other.tokens.filter { !leavesOutEnds || $0 != .endSentence }
      }
    }
    let ends = leavesOutEnds ? 0 : self.first.count { $0 == .endSentence }
    guard self.first.count(where: { $0 != .beginSentence }) > ends else {
      throw TextError.empty(paths: sources.map(\.name))
    }
  }
}
