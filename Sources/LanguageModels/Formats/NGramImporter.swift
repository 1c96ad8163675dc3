import Files
import Tokenization

/// Makes a model of n-grams that are listed with their probabilities and weights.
///
/// As in training, all of order 2 and up is local to the last word of the context: the table is
/// partitioned by that word, and each group is sorted and written separately.
final class NGramImporter: Sendable {
  /// An entry in the region of a word: an n-gram that follows a context, or a context with a
  /// weight.
  private struct Item: BitwiseCopyable {
    /// The order; the highest bit is set if the entry is a context.
    var kind: UInt8
    var index: UInt32

    var order: Int { Int(kind & 0x7f) }
    var isContext: Bool { kind & 0x80 != 0 }
    /// The number of words of the context.
    var depth: Int { isContext ? order : order - 1 }
  }

  private let table: NGramTable
  private let vocabulary: Vocabulary
  private let code: WordCode
  private let firstWords: [Int]
  private let starts: [Int]
  private let items: UnsynchronizedBuffer<Item>

  /// An importer of `table`, whose numbers are those of `vocabulary`; regions are sorted by `code`,
  /// which the description written with them must give too.
  init(_ table: NGramTable, vocabulary: Vocabulary, code: WordCode) {
    self.table = table
    self.vocabulary = vocabulary
    self.code = code
    var sizes = Buffer<Int>(repeating: 0, count: vocabulary.count + 1)
    Self.forEach(table) { word, _ in sizes[word] += 1 }
    var firstWords = [0]
    var starts = [0]
    var groupOfWord = Buffer<UInt32>(count: vocabulary.count)
    var total = 0
    for word in 0..<vocabulary.count {
      let size = total - (starts.last ?? 0)
      if size > 0 && size + sizes[word] > WordGroups.positionLimit {
        firstWords.append(word)
        starts.append(total)
      }
      groupOfWord[word] = UInt32(firstWords.count - 1)
      total += sizes[word]
    }
    firstWords.append(vocabulary.count)
    starts.append(total)
    self.firstWords = firstWords
    self.starts = starts
    var items = Buffer<Item>(count: max(1, total))
    var cursor = starts
    Self.forEach(table) { word, item in
      let group = Int(groupOfWord[word])
      items[cursor[group]] = item
      cursor[group] += 1
    }
    self.items = UnsynchronizedBuffer(items)
  }

  /// Tells `body` each entry and the last word of its context.
  private static func forEach(_ table: NGramTable, _ body: (Int, Item) -> Void) {
    for order in 1...table.order {
      for index in 0..<table.count(order) {
        if order > 1 {
          body(
            Int(table.word(order, index, order - 2)),
            Item(kind: UInt8(order), index: UInt32(index))
          )
        }
        // A weight of log10 0 is that of what is no context: it needs no place of its own.
        let backOff = table.backOff(order, index)
        if order < table.order, !backOff.isNaN, backOff != 0 {
          body(
            Int(table.word(order, index, order - 1)),
            Item(kind: UInt8(order) | 0x80, index: UInt32(index))
          )
        }
      }
    }
  }

  /// Writes the model into `file`.
  ///
  /// - Throws: ``ARPAError`` of the file at `path` for an n-gram listed twice, `FileError` when the
  ///   disk is full.
  func write(
    to file: OutputFile,
    description: ModelDescription,
    from path: String,
    threads: Int
  ) throws {
    var unigrams = [UnigramEntry](
      repeating: UnigramEntry(value: -.infinity, region: 0),
      count: vocabulary.count
    )
    for index in 0..<table.count(1) {
      unigrams[Int(table.word(1, index, 0))].value = table.probability(1, index)
    }
    let groupCount = table.order == 1 ? 0 : firstWords.count - 1
    for group in 0..<groupCount {
      for word in firstWords[group]..<firstWords[group + 1] {
        unigrams[word].region = UInt32(group)
      }
    }
    let planted = Parallel.map(groupCount, threads: threads, state: { _ in Tree() }) {
      tree,
      group in
      sort(group)
      tree.plant(entries(group), in: self, words: firstWords[group]..<firstWords[group + 1])
      return (entry: tree.entry, duplicate: tree.duplicate)
    }
    // The first in the file, however the groups fell to the threads.
    if let first = planted.compactMap(\.duplicate).min(by: {
      ($0.order, $0.index) < ($1.order, $1.index)
    }) {
      let words = (0..<first.order).map {
        vocabulary[TokenID(table.word(first.order, first.index, $0))]
      }
      throw ARPAError(
        path: path,
        line: table.line(first.order, first.index),
        reason: .duplicate(words.joined(separator: " "))
      )
    }
    let writer = try ModelWriter(
      file,
      description: description,
      vocabulary: vocabulary,
      unigrams: unigrams,
      entries: planted.map(\.entry)
    )
    try Parallel.forEach(groupCount, threads: threads, state: { _ in Tree() }) { tree, group in
      tree.plant(entries(group), in: self, words: firstWords[group]..<firstWords[group + 1])
      var image = BlockImage()
      tree.write(from: self, entry: writer.entry(group), into: &image)
      try writer.write(image, group)
    }
    try writer.finish()
  }

  /// The entries of a group.
  private func entries(_ group: Int) -> [Item] {
    (starts[group]..<starts[group + 1]).map { items[$0] }
  }

  /// Sorts the entries of a group by reversed context, then contexts before n-grams, then by word.
  ///
  /// Groups do not overlap, so threads may sort different groups at the same time.
  private func sort(_ group: Int) {
    // Most are told apart by the last two words of their context, without a look into the table.
    var keyed = entries(group).map { item in
      let second = item.depth > 1 ? code.code(contextWord(item, 2)) : 0
      return (key: UInt64(contextWord(item, 1)) << 32 | UInt64(second), item: item)
    }
    keyed.sort { $0.key == $1.key ? precedes($0.item, $1.item) : $0.key < $1.key }
    for (index, entry) in keyed.enumerated() { items[starts[group] + index] = entry.item }
  }

  /// The `level`th word of an entry's context, counted from its end; level 1 is the last word.
  @inline(__always)
  private func contextWord(_ item: Item, _ level: Int) -> UInt32 {
    table.word(item.order, Int(item.index), item.depth - level)
  }

  /// The order of entries whose contexts end in the same two words, or are the same word.
  private func precedes(_ left: Item, _ right: Item) -> Bool {
    var level = 3
    while level <= left.depth && level <= right.depth {
      let a = code.code(contextWord(left, level))
      let b = code.code(contextWord(right, level))
      if a != b { return a < b }
      level += 1
    }
    if left.depth != right.depth { return left.depth < right.depth }
    if left.isContext != right.isContext { return left.isContext }
    let a = lastCode(left)
    let b = lastCode(right)
    return a == b ? left.index < right.index : a < b
  }

  @inline(__always)
  private func lastCode(_ item: Item) -> UInt32 {
    item.isContext ? 0 : code.code(table.word(item.order, Int(item.index), item.order - 1))
  }

  /// The contexts of a group and the n-grams that follow each, before they are laid out.
  private struct Tree {
    private var parents: [Int32] = []
    private var words: [UInt32] = []
    private var depths: [UInt8] = []
    private var backOffs: [Float] = []
    private var ngrams: [(node: Int32, item: Item)] = []
    private var firstWord = 0
    private var wordCount = 0
    /// The first of the n-grams that are listed again.
    private(set) var duplicate: (order: Int, index: Int)?

    var entry: RegionEntry {
      RegionEntry(
        firstWord: UInt32(firstWord),
        wordCount: UInt32(wordCount),
        nodeCount: UInt32(words.count),
        ngramCount: UInt32(ngrams.count),
        tailWordCount: 0
      )
    }

    /// Makes a node of every context and of every shorter one it ends in, in preorder; those of one
    /// word stand first, one for each word of the group.
    mutating func plant(
      _ items: [Item],
      in importer: NGramImporter,
      words range: Range<Int>
    ) {
      duplicate = nil
      firstWord = range.lowerBound
      wordCount = range.count
      words = range.map { UInt32($0) }
      parents = [Int32](repeating: -1, count: wordCount)
      depths = [UInt8](repeating: 1, count: wordCount)
      backOffs = [Float](repeating: 0, count: wordCount)
      ngrams.removeAll(keepingCapacity: true)
      var path: [Int32] = []
      var previous: Item?
      for item in items {
        var level = 0
        while level < path.count && level < item.depth
          && words[Int(path[level])] == importer.contextWord(item, level + 1)
        {
          level += 1
        }
        path.removeSubrange(level...)
        while path.count < item.depth {
          let word = importer.contextWord(item, path.count + 1)
          if let parent = path.last {
            parents.append(parent)
            words.append(word)
            depths.append(UInt8(path.count + 1))
            backOffs.append(0)
            path.append(Int32(words.count - 1))
          } else {
            path.append(Int32(Int(word) - firstWord))
          }
        }
        guard let node = path.last else { continue }
        if let previous, previous.kind == item.kind, level == item.depth,
          !item.isContext, importer.lastCode(previous) == importer.lastCode(item)
        {
          let found = (order: item.order, index: Int(item.index))
          if duplicate.map({ found < $0 }) ?? true { duplicate = found }
        }
        if item.isContext {
          backOffs[Int(node)] = importer.table.backOff(item.order, Int(item.index))
        } else {
          ngrams.append((node, item))
        }
        previous = item
      }
    }

    /// Writes the tree level by level.
    func write(from importer: NGramImporter, entry: RegionEntry, into image: inout BlockImage) {
      image.begin(entry)
      let nodeStart = image.addNodes(words.count, at: 0)
      image.setEnd(image.addNodes(1, at: words.count))
      let ngramStart = image.addNGrams(ngrams.count, at: 0)
      var levels = [Int](repeating: 0, count: 18)
      for depth in depths { levels[Int(depth)] += 1 }
      var next = 0
      for depth in 1..<18 {
        let size = levels[depth]
        levels[depth] = next
        next += size
      }
      var number = [Int](repeating: 0, count: words.count)
      var children = [Int](repeating: 0, count: words.count)
      var sizes = [Int](repeating: 0, count: words.count)
      for node in words.indices {
        number[node] = levels[Int(depths[node])]
        levels[Int(depths[node])] += 1
        if parents[node] >= 0 { children[number[Int(parents[node])]] += 1 }
      }
      for (node, _) in ngrams { sizes[number[Int(node)]] += 1 }
      var firstNGram = sizes
      var firstChild = children
      var nextNGram = 0
      var nextChild = wordCount
      for node in words.indices {
        firstNGram[node] = nextNGram
        firstChild[node] = nextChild
        nextNGram += sizes[node]
        nextChild += children[node]
      }
      for node in words.indices {
        image.setNode(
          nodeStart + Region.nodeStride * number[node],
          code: importer.code.code(words[node]),
          backOff: backOffs[node],
          firstNGram: UInt32(firstNGram[number[node]]),
          firstChild: UInt32(firstChild[number[node]]),
          firstTail: 0
        )
      }
      for (node, item) in ngrams {
        let target = firstNGram[number[Int(node)]]
        firstNGram[number[Int(node)]] += 1
        image.setNGram(
          ngramStart + 2 * target,
          code: importer.lastCode(item),
          value: importer.table.probability(item.order, Int(item.index))
        )
      }
    }
  }
}
