import Files
import Tokenization

/// Scores the tokens after the words of a region, one context path after the other.
///
/// The tokens are sorted by their reversed histories, so each context is looked up once for all
/// tokens that follow it, from the place of the one before. Words after the same context come in
/// the order of its n-grams, and a token that comes again after the same history has the same
/// score.
///
/// Every match, and every number on the way to a score, is that of ``BatchScorer``.
struct RegionWalk: ~Copyable {
  private let model: NGramModel
  private let order: Int
  /// True if a score depends on the length of the history.
  private let needsDepth: Bool
  private var sorter = HistorySorter()

  /// The contexts of one word, two words and so on that are listed.
  private var nodes = Buffer<Int>(repeating: 0, count: NGramOrder.maximum + 1)
  /// The range of the contexts one word longer than each of them, and the place to go on searching.
  private var firstChild = Buffer<Int>(repeating: 0, count: NGramOrder.maximum + 1)
  private var endChild = Buffer<Int>(repeating: 0, count: NGramOrder.maximum + 1)
  private var cursors = Buffer<Int>(repeating: 0, count: NGramOrder.maximum + 1)
  private var listed = 0
  private var tail = Region.none

  init(_ model: NGramModel) {
    self.model = model
    order = model.description.order
    needsDepth = model.rule.needsHistoryLength
  }

  /// Scores the tokens at `places` of the sorted positions of `batch`, all of the region `index`.
  mutating func score(_ places: Range<Int>, region index: Int, of batch: SortedBatch) {
    // A damaged file may have a region of no word, and no key for it.
    guard order > 1, let region = model.regions[index], region.entry.wordCount > 0 else {
      scoreWithoutContext(places, of: batch)
      return
    }
    let key = batch.key
    // Places in a region of fewer words than the largest begin with zeros.
    let first = key.wordBits - HistoryKey.wordBits(region.entry.wordCount)
    sorter.sort(places, of: batch.items.buffer, keyBits: first..<key.bitCount)
    walk(places.count, region, key, batch)
  }

  private func scoreWithoutContext(_ places: Range<Int>, of batch: SortedBatch) {
    for place in places {
      let position = batch.key.position(batch.items[place])
      let word = batch.code.word(batch.code(at: position))
      let match = NGramMatch(
        value: Double(model.unigram(Int(word))),
        weight: model.rule.start,
        matched: 0,
        known: 0,
        depth: batch.depth(position, limit: order - 1)
      )
      batch.scores[position] = model.rule.score(match)
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
    var score = TokenScore.certain
    // Where the next word after the same context is looked for among its n-grams.
    var cursor = 0
    listed = 0
    for index in 0..<count {
      if index + 8 < count {
        batch.scores.buffer.prefetch(key.position(sorter.items[index + 8]))
      }
      let item = sorter.items[index]
      let position = key.position(item)
      let difference = (item.bits ^ previous) & key.mask
      previous = item.bits
      if index > 0 && difference == 0 && holdsAll {
        batch.scores[position] = score
        continue
      }
      let shared = index == 0 ? 0 : key.sharedCount(difference)
      if shared <= listed { extend(from: shared, region, key, item, batch) }
      if !holdsAll || shared <= key.fieldCount { cursor = 0 }
      let match = find(region, key, item, &cursor, batch)
      score = model.rule.score(match)
      batch.scores[position] = score
    }
  }

  /// Makes the context of the first `shared` words longer, as far as the model knows the history.
  @inline(__always)
  private mutating func extend(
    from shared: Int,
    _ region: Region,
    _ key: HistoryKey,
    _ item: HistoryKeyItem,
    _ batch: SortedBatch
  ) {
    tail = Region.none
    listed = shared
    if shared == 0 {
      let word = key.lastWord(item)
      if word >= Int(region.entry.wordCount) { return }
      list(word, region)
    }
    while listed < order - 1 {
      let distance = listed + 1
      let isSorted = distance <= key.fieldCount + 1
      let word = self.word(item, key, distance: distance, batch)
      if word == 0 { return }
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

  /// The code of the word at `distance` before a token; zero where its history has none.
  @inline(__always)
  private func word(
    _ item: HistoryKeyItem,
    _ key: HistoryKey,
    distance: Int,
    _ batch: SortedBatch
  ) -> UInt32 {
    if distance <= key.fieldCount + 1 { return key.word(item, distance: distance) }
    let position = key.position(item)
    return batch.depth(position, limit: distance) < distance
      ? 0 : batch.code(at: position - distance)
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
    _ item: HistoryKeyItem,
    _ cursor: inout Int,
    _ batch: SortedBatch
  ) -> NGramMatch {
    let token = key.token(item)
    var match = NGramMatch(
      value: 0,
      weight: model.rule.start,
      matched: listed,
      known: listed,
      depth: needsDepth ? batch.depth(key.position(item), limit: order - 1) : 0
    )
    if tail != Region.none {
      var end = listed + 1
      while end < order - 1 {
        let distance = end + 1
        let word = self.word(item, key, distance: distance, batch)
        if word == 0 { break }
        if region.tailCode(tail, depth: listed, distance: distance) != word { break }
        end += 1
      }
      match.known = end
      if region.tailLastCode(tail, depth: listed) == token {
        match.value = model.tailWeights.probability(
          region.tailValue(tail, depth: listed),
          from: listed + 1,
          to: end
        )
        match.matched = end
        return match
      }
      match.weight *= model.tailWeights.weight(from: listed + 1, to: end)
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
      match.weight = model.rule.step(match.weight, Double(region.backOff(node)))
      match.matched = model.rule.backsOffToUniform ? 0 : match.matched - 1
    }
    match.value = Double(model.unigram(Int(batch.code.word(token))))
    return match
  }
}
