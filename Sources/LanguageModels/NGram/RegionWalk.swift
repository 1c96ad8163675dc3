import Files
import Tokenization

/// Scores the tokens after the words of a region, one context path after the other.
///
/// The tokens are sorted by their reversed histories, so each context is looked up once for all
/// tokens that follow it, from where the one before it was found; words after the same context come
/// in the order of its n-grams, and a token that was there before, after the same history, has the
/// same score.
///
/// What is found, and every number on the way to a score, is what ``BatchScorer`` finds.
struct RegionWalk: ~Copyable {
  private let model: NGramModel
  private let order: Int
  private var sorter = HistorySorter()

  /// The contexts of one word, two words and so on that are listed.
  private let nodes = Buffer<Int>(repeating: 0, count: 17)
  /// Where the contexts one word longer than each of them lie, and where to go on searching there.
  private let firstChild = Buffer<Int>(repeating: 0, count: 17)
  private let endChild = Buffer<Int>(repeating: 0, count: 17)
  private let cursors = Buffer<Int>(repeating: 0, count: 17)
  private var listed = 0
  private var tail = Region.none

  private static let lookAhead = 24

  init(_ model: NGramModel) {
    self.model = model
    order = model.description.order
  }

  /// Scores the tokens at `places` of the sorted positions of `batch`, all of the region `index`.
  mutating func score(_ places: Range<Int>, region index: Int, of batch: SortedBatch) {
    // A damaged file may have a region of no word, and no key for it.
    guard order > 1, let region = model.regions[index], region.entry.wordCount > 0 else {
      scoreWithoutContext(places, of: batch)
      return
    }
    let key = HistoryKey(region.entry, order: order, fieldBits: region.code.bitCount)
    gather(places, region, key, batch)
    sorter.sort(places.count, bitCount: key.bitCount)
    walk(places.count, region, key, batch)
  }

  private func scoreWithoutContext(_ places: Range<Int>, of batch: SortedBatch) {
    for place in places {
      let position = Int(batch.positions.buffer[place])
      let word = batch.code.word(batch.codes.buffer[position])
      let match = BatchScorer.Match(
        value: Double(model.unigram(Int(word))),
        weight: model.neutralWeight,
        matched: 0,
        known: 0,
        depth: batch.depth(position, limit: order - 1)
      )
      batch.scores.buffer[position] = model.score(match)
    }
  }

  /// Packs the histories of the tokens at `places`.
  private mutating func gather(
    _ places: Range<Int>,
    _ region: Region,
    _ key: HistoryKey,
    _ batch: SortedBatch
  ) {
    sorter.reserve(places.count)
    let beginSentence = batch.beginSentence
    let firstWord = region.entry.firstWord
    let wordCount = region.entry.wordCount
    for place in places {
      // Histories lie all over the text: each is asked for some turns ahead.
      if place + Self.lookAhead < places.upperBound {
        batch.codes.buffer.prefetch(Int(batch.positions.buffer[place + Self.lookAhead]) - 1)
      }
      let position = Int(batch.positions.buffer[place])
      let last = batch.codes.buffer[position - 1]
      var packed = UInt128(min(region.code.word(last) &- firstWord, wordCount))
      var depth = 1
      var isEnded = last == beginSentence
      for distance in 2..<(2 + key.fieldCount) {
        packed = packed &<< UInt128(key.fieldBits)
        if isEnded || distance > position { continue }
        let word = batch.codes.buffer[position - distance]
        packed |= UInt128(word)
        depth = distance
        isEnded = word == beginSentence
      }
      if !isEnded && key.fieldCount < order - 2 { depth = batch.depth(position, limit: order - 1) }
      packed = packed &<< UInt128(key.fieldBits) | UInt128(batch.codes.buffer[position])
      sorter.items[place - places.lowerBound] = HistoryKeyItem(
        key: packed &<< UInt128(key.padding),
        position: UInt32(truncatingIfNeeded: position),
        depth: UInt32(truncatingIfNeeded: depth)
      )
    }
  }

  private mutating func walk(
    _ count: Int,
    _ region: Region,
    _ key: HistoryKey,
    _ batch: SortedBatch
  ) {
    let holdsAll = key.fieldCount >= order - 2
    var previous: UInt128 = 0
    var score = TokenScore(logProbability: .one, matchedLength: 0)
    // Where the next word after the same context is looked for among its n-grams.
    var cursor = 0
    listed = 0
    for index in 0..<count {
      if index + 8 < count { batch.scores.buffer.prefetch(Int(sorter.items[index + 8].position)) }
      let item = sorter.items[index]
      let packed = item.key
      let position = Int(item.position)
      let difference = packed ^ previous
      previous = packed
      if index > 0 && difference == 0 && holdsAll {
        batch.scores.buffer[position] = score
        continue
      }
      let highest = 127 - difference.leadingZeroBitCount - key.padding
      let shared =
        index == 0 ? 0 : max(0, key.fieldCount + 1 - max(0, highest) / key.fieldBits)
      if shared <= listed {
        extend(from: shared, region, key, packed, Int(item.depth), position, batch)
      }
      if !holdsAll || shared <= key.fieldCount { cursor = 0 }
      let match = find(region, key, packed, item, &cursor, batch)
      score = model.score(match)
      batch.scores.buffer[position] = score
    }
  }

  /// Makes the context of the first `shared` words longer, as far as the model knows the history.
  @inline(__always)
  private mutating func extend(
    from shared: Int,
    _ region: Region,
    _ key: HistoryKey,
    _ packed: UInt128,
    _ depth: Int,
    _ position: Int,
    _ batch: SortedBatch
  ) {
    tail = Region.none
    listed = shared
    if shared == 0 {
      let word = key.lastWord(packed)
      if word >= Int(region.entry.wordCount) { return }
      list(word, region)
    }
    while listed < depth {
      let distance = listed + 1
      let isSorted = distance <= key.fieldCount + 1
      let word =
        isSorted
        ? key.word(packed, distance: distance) : batch.codes.buffer[position - distance]
      let range = firstChild[listed]..<endChild[listed]
      let found = region.findContext(
        word,
        in: range,
        from: isSorted ? cursors[listed] : range.lowerBound
      )
      cursors[listed] = found.place
      if found.isFound {
        list(found.place, region)
        continue
      }
      tail = region.findTail(word, of: nodes[listed], depth: listed)
      return
    }
  }

  /// Puts the context `node` behind the path.
  @inline(__always)
  private mutating func list(_ node: Int, _ region: Region) {
    listed += 1
    nodes[listed] = node
    let range = region.children(node)
    firstChild[listed] = range.lowerBound
    endChild[listed] = range.upperBound
    cursors[listed] = range.lowerBound
  }

  /// Looks for the token after its longest context, then after shorter ones.
  @inline(__always)
  private func find(
    _ region: Region,
    _ key: HistoryKey,
    _ packed: UInt128,
    _ item: HistoryKeyItem,
    _ cursor: inout Int,
    _ batch: SortedBatch
  ) -> BatchScorer.Match {
    let token = key.token(packed)
    let depth = Int(item.depth)
    var match = BatchScorer.Match(
      value: 0,
      weight: model.neutralWeight,
      matched: listed,
      known: listed,
      depth: depth
    )
    if tail != Region.none {
      var end = listed + 1
      while end < depth {
        let distance = end + 1
        let word =
          distance <= key.fieldCount + 1
          ? key.word(packed, distance: distance)
          : batch.codes.buffer[Int(item.position) - distance]
        if region.tailCode(tail, depth: listed, distance: distance) != word { break }
        end += 1
      }
      match.known = end
      if region.tailLastCode(tail, depth: listed) == token {
        match.value = model.tailProbability(
          region.tailValue(tail, depth: listed),
          depth: listed + 1,
          to: end
        )
        match.matched = end
        return match
      }
      match.weight *= model.tailWeight(from: listed + 1, to: end)
    }
    while match.matched > 0 {
      let node = nodes[match.matched]
      let range = region.ngrams(node)
      let isFirst = match.matched == listed
      let found = region.findNGram(
        token,
        in: range,
        from: isFirst ? max(cursor, range.lowerBound) : range.lowerBound
      )
      if isFirst { cursor = found.place }
      if found.isFound {
        match.value = Double(region.value(found.place))
        return match
      }
      match.weight = model.weight(match.weight, region.backOff(node))
      match.matched = model.sharesEvenly ? 0 : match.matched - 1
    }
    match.value = Double(model.unigram(Int(batch.code.word(token))))
    return match
  }
}
