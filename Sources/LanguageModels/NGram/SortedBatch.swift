import Files
import Tokenization

/// A large number of tokens, scored in the order of the model's file instead of the text's.
///
/// A token alone needs a handful of look-ups all over a file that is larger than the cache. Here
/// the tokens are first put together by region, that is by the word before them, and then scored
/// region by region (``RegionWalk``), so that memory is read nearly in order, and once for many
/// tokens. The scores are those of `NGramModel.score(_:_:into:)` to the bit.
///
/// Any number of threads may score; 32 bytes a token are kept.
package final class SortedBatch: Sendable {
  /// A range of the tokens of one region.
  private struct Piece: BitwiseCopyable {
    var region: Int
    var start: Int
    var count: Int
  }

  let code: WordCode
  /// The layout of the items.
  let key: HistoryKey
  /// The tokens to be scored, region by region, in the text's order in each.
  let items: UnsynchronizedBuffer<HistoryKeyItem>
  /// The score of each token, in the text's order.
  let scores: UnsynchronizedBuffer<TokenScore>

  private let model: NGramModel
  private let tokens: [TokenID]
  private let pieces: [Piece]
  private let dispenser: IndexDispenser

  /// The largest number of tokens that are sorted together: what a frequent word has of them is
  /// spread over a large region, but their keys should stay near the cache.
  static let pieceLimit = 1 << 16

  /// The number of tokens from which a batch is worth its preparation.
  package static let minimumCount = 1 << 16

  /// Prepares a batch of the tokens of `parts`, which follow one another in `tokens`.
  ///
  /// It runs on `threads` threads and reuses the memory of `previous`, whose scores are lost.
  ///
  /// - Precondition: there are fewer than 2^31 tokens.
  init(
    _ model: NGramModel,
    _ tokens: [TokenID],
    _ parts: [Range<Int>],
    threads: Int,
    reusing previous: SortedBatch? = nil,
    pieceLimit: Int = SortedBatch.pieceLimit
  ) {
    precondition(tokens.count < 1 << 31, "a batch has fewer than 2^31 tokens")
    self.model = model
    self.tokens = tokens
    code = model.description.wordCode(vocabularySize: model.vocabulary.count)
    items = Self.buffer(tokens.count, previous?.items)
    scores = Self.buffer(tokens.count, previous?.scores)
    let regionCount = model.regions.count + 1
    let words = UnsynchronizedBuffer<RegionWords>(repeating: RegionWords(), count: regionCount)
    var largestWordCount: UInt32 = 1
    for index in 0..<model.regions.count {
      guard let entry = model.regions[index]?.entry else { continue }
      words[index] = RegionWords(first: entry.firstWord, count: entry.wordCount)
      largestWordCount = max(largestWordCount, entry.wordCount)
    }
    key = HistoryKey(
      wordCount: largestWordCount,
      order: max(2, model.description.order),
      fieldBits: code.bitCount,
      positionBits: Int.bitWidth - tokens.count.leadingZeroBitCount
    )

    let counts = UnsynchronizedBuffer<UInt32>(repeating: 0, count: regionCount * parts.count)
    Parallel.forEach(parts.count, threads: threads) { part in
      Self.count(parts[part], of: tokens, model, into: counts, part * regionCount)
    }

    var pieces: [Piece] = []
    var start = 0
    for region in 0..<regionCount {
      let regionStart = start
      for part in parts.indices {
        let place = part * regionCount + region
        let count = Int(counts[place])
        counts[place] = UInt32(truncatingIfNeeded: start)
        start += count
      }
      for pieceStart in stride(from: regionStart, to: start, by: pieceLimit) {
        pieces.append(
          Piece(
            region: region,
            start: pieceStart,
            count: min(pieceLimit, start - pieceStart)
          )
        )
      }
    }
    self.pieces = pieces
    dispenser = IndexDispenser(pieces.count)

    Parallel.forEach(parts.count, threads: threads) { part in
      place(parts[part], words.buffer, counts, part * regionCount)
    }
  }

  private static func buffer<Element>(
    _ count: Int,
    _ previous: UnsynchronizedBuffer<Element>?
  ) -> UnsynchronizedBuffer<Element> {
    if let previous, previous.count >= count { return previous }
    // The next batch may be somewhat larger.
    return UnsynchronizedBuffer(Buffer(count: count + count / 8))
  }

  /// Counts the tokens at `range` of each region, in the counts from `first` on.
  private static func count(
    _ range: Range<Int>,
    of tokens: [TokenID],
    _ model: NGramModel,
    into counts: UnsynchronizedBuffer<UInt32>,
    _ first: Int
  ) {
    for index in range where tokens[index] != .beginSentence {
      counts[first + model.regionIndex(tokens, index)] &+= 1
    }
  }

  /// Puts the tokens at `range` among those of their regions; where the next one of each stands is
  /// in `places` from `first` on.
  private func place(
    _ range: Range<Int>,
    _ words: borrowing Buffer<RegionWords>,
    _ places: UnsynchronizedBuffer<UInt32>,
    _ first: Int
  ) {
    var history: UInt128 = 0
    for index in max(0, range.lowerBound - key.fieldCount - 1)..<range.upperBound {
      if index >= 2 { history = key.history(history, then: code(at: index - 2)) }
      if index >= 1 && tokens[index - 1] == .beginSentence { history = 0 }
      if index < range.lowerBound { continue }
      let token = tokens[index]
      if token == .beginSentence {
        scores[index] = .certain
        continue
      }
      let region = model.regionIndex(tokens, index)
      var lastWord: UInt32 = 0
      if index >= 1 {
        let words = words[region]
        let last = UInt32(truncatingIfNeeded: tokens[index - 1].index)
        lastWord = min(last &- words.first, words.count)
      }
      let place = places[first + region]
      items[Int(place)] = key.item(
        lastWord: lastWord,
        history,
        token: code(at: index),
        position: index
      )
      places[first + region] = place &+ 1
    }
  }

  /// Scores tokens until all are taken by one thread or another.
  package func score() {
    var walk = RegionWalk(model)
    while let index = dispenser.take() {
      let piece = pieces[index]
      walk.score(piece.start..<(piece.start + piece.count), region: piece.region, of: self)
    }
  }

  /// Lends the scores of the tokens of `range`, once all threads are done.
  package func withScores<Result>(
    _ range: Range<Int>,
    _ body: (Span<TokenScore>) throws -> Result
  ) rethrows -> Result {
    try scores.buffer.withElements(range, body)
  }

  /// The code of the token at `position`; zero, no word's code, for a number that the model lacks.
  @inline(__always)
  func code(at position: Int) -> UInt32 {
    let token = tokens[position].index
    return token < model.unigrams.count ? code.code(UInt32(truncatingIfNeeded: token)) : 0
  }

  /// The number of tokens that the one at `position` can see, at most `limit`.
  func depth(_ position: Int, limit: Int) -> Int {
    var depth = 0
    while depth < min(limit, position) {
      depth += 1
      if tokens[position - depth] == .beginSentence { break }
    }
    return depth
  }
}

/// The words whose contexts are in a region; none where there is no region.
private struct RegionWords: BitwiseCopyable {
  var first: UInt32 = 0
  var count: UInt32 = 0
}

extension NGramModel {
  /// The region of the token at `index`, that of the word before it; the number of regions if none.
  @inline(__always)
  fileprivate func regionIndex(_ tokens: [TokenID], _ index: Int) -> Int {
    guard index > 0 else { return regions.count }
    let word = tokens[index - 1].index
    return word < unigrams.count
      ? min(Int(unigrams[word].region), regions.count) : regions.count
  }
}
