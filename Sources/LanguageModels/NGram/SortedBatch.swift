import Files
import Tokenization

/// A large number of tokens, scored in the order of the model's file instead of the text's.
///
/// A token alone needs a handful of look-ups all over a file that is larger than the cache. Here the
/// tokens are first put together by region, that is by the word before them, and then scored region
/// by region (``RegionWalk``), so that memory is read nearly in order, and once for many tokens. The
/// scores are those of ``NGramModel/score(_:_:into:)`` to the bit.
///
/// Any number of threads may score; 28 bytes a token are kept.
public final class SortedBatch: Sendable {
  /// Some tokens of one region.
  private struct Piece: BitwiseCopyable {
    var region: Int
    var start: Int
    var count: Int
  }

  let code: WordCode
  let beginSentence: UInt32
  /// The codes of the tokens.
  let codes: SharedBuffer<UInt32>
  /// Where the tokens to be scored stand, region by region, in the text's order in each.
  let positions: SharedBuffer<UInt32>
  /// The score of each token, in the text's order.
  let scores: SharedBuffer<TokenScore>

  private let model: NGramModel
  private let pieces: [Piece]
  private let dispenser: Dispenser

  /// The largest number of tokens that are sorted together: what a frequent word has of them is
  /// spread over a large region, but their keys should stay near the cache.
  static let pieceLimit = 1 << 16

  /// The number of tokens from which a batch is worth its preparation.
  public static let minimumCount = 1 << 16

  /// A batch of the tokens of `parts`, which follow one another in `tokens`, prepared on so many
  /// `threads`; the memory of `previous`, whose scores are needed no more, is used again.
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
    let code = model.description.wordCode(vocabularySize: model.vocabulary.count)
    self.code = code
    beginSentence = code.code(TokenID.beginSentence.rawValue)
    codes = Self.buffer(tokens.count, previous?.codes)
    positions = Self.buffer(tokens.count, previous?.positions)
    scores = Self.buffer(tokens.count, previous?.scores)
    let regionCount = model.regions.count + 1
    let counts = SharedBuffer<UInt32>(repeating: 0, count: regionCount * parts.count)

    let encoding = Dispenser(parts.count)
    let first = parts.first?.lowerBound ?? 0
    Parallel.run(on: min(threads, parts.count)) { [codes] in
      while let part = encoding.take() {
        let range = part == 0 ? 0..<parts[part].upperBound : parts[part]
        for index in range {
          let token = tokens[index]
          // Zero, no word's code, for a number that the model lacks.
          codes.buffer[index] =
            token.index < model.unigrams.count
            ? code.code(UInt32(truncatingIfNeeded: token.index)) : 0
          if index < first || token == .beginSentence { continue }
          counts.buffer[part * regionCount + model.regionIndex(tokens, index)] &+= 1
        }
      }
    } besides: {
    }

    var pieces: [Piece] = []
    var start = 0
    for region in 0..<regionCount {
      let regionStart = start
      for part in parts.indices {
        let place = part * regionCount + region
        let count = Int(counts.buffer[place])
        counts.buffer[place] = UInt32(truncatingIfNeeded: start)
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
    dispenser = Dispenser(pieces.count)

    let placing = Dispenser(parts.count)
    Parallel.run(on: min(threads, parts.count)) { [positions, scores] in
      while let part = placing.take() {
        for index in parts[part] {
          if tokens[index] == .beginSentence {
            scores.buffer[index] = TokenScore(logProbability: .one, matchedLength: 0)
            continue
          }
          let place = part * regionCount + model.regionIndex(tokens, index)
          let next = counts.buffer[place]
          positions.buffer[Int(next)] = UInt32(truncatingIfNeeded: index)
          counts.buffer[place] = next &+ 1
        }
      }
    } besides: {
    }
  }

  private static func buffer<Element>(
    _ count: Int,
    _ previous: SharedBuffer<Element>?
  ) -> SharedBuffer<Element> {
    if let previous, previous.buffer.count >= count { return previous }
    // The next batch may be somewhat larger.
    return SharedBuffer(Buffer(count: count + count / 8))
  }

  /// Scores tokens until all are taken by one thread or another.
  public func score() {
    var walk = RegionWalk(model)
    while let index = dispenser.take() {
      let piece = pieces[index]
      walk.score(piece.start..<(piece.start + piece.count), region: piece.region, of: self)
    }
  }

  /// Lends the scores of the tokens of `range`, once all threads are done.
  public func withScores<Result>(
    _ range: Range<Int>,
    _ body: (Span<TokenScore>) throws -> Result
  ) rethrows -> Result {
    try scores.buffer.withElements(range, body)
  }

  /// The number of tokens that the one at `position` can see, at most `limit`.
  @inline(__always)
  func depth(_ position: Int, limit: Int) -> Int {
    var depth = 0
    while depth < min(limit, position) {
      depth += 1
      if codes.buffer[position - depth] == beginSentence { break }
    }
    return depth
  }
}

extension NGramModel {
  /// The number of the region of the token at `index`, that of the word before it; one behind the
  /// last where there is none.
  @inline(__always)
  fileprivate func regionIndex(_ tokens: [TokenID], _ index: Int) -> Int {
    guard index > 0 else { return regions.count }
    let word = tokens[index - 1].index
    return word < unigrams.count
      ? min(Int(unigrams[word].region), regions.count) : regions.count
  }
}
