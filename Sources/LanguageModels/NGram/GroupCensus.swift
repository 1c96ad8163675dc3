import Files
import Tokenization

/// The first pass over the groups: what must be known of the whole text before any probability.
///
/// Three things are global: the counts-of-counts of each order, the number of different words
/// before each word, and how large each region will be.
struct GroupCensus {
  /// The counts-of-counts of each order from 2 up, at index order − 2.
  var countsOfCounts: [CountsOfCounts]

  /// The number of different words before each word.
  var predecessors: [UInt32]

  /// The size of each group's region.
  var entries: [RegionEntry]

  /// The number of n-grams of each order from 2 up, at index order − 2.
  var ngramCounts: [Int]

  /// Counts every group of `groups`.
  init(
    _ groups: ContextGroups,
    _ lowerOrderCounts: LowerOrderCounts,
    threads: Int,
    progress: @escaping @Sendable (Int) -> Void
  ) throws {
    let dispenser = Dispenser(groups.count)
    let schedule = groups.schedule
    let parts = try Parallel.run(threads) { _ in
      var part = Part(groups)
      var scan = GroupScan(groups)
      while let turn = dispenser.take() {
        let group = schedule[turn]
        scan.scan(group)
        part.add(scan, of: group, in: groups, lowerOrderCounts)
        progress(groups.positionCount(group))
      }
      return part
    }
    countsOfCounts = [CountsOfCounts](repeating: CountsOfCounts(), count: groups.order - 1)
    ngramCounts = [Int](repeating: 0, count: groups.order - 1)
    predecessors = [UInt32](repeating: 0, count: groups.vocabularySize)
    entries = [RegionEntry](repeating: RegionEntry.empty, count: groups.count)
    for part in parts {
      for index in countsOfCounts.indices {
        countsOfCounts[index].add(part.countsOfCounts[index])
        ngramCounts[index] += part.ngramCounts[index]
      }
      for index in predecessors.indices { predecessors[index] += part.predecessors[index] }
      for (group, entry) in part.entries { entries[group] = entry }
    }
  }

  /// What one thread found.
  private struct Part: Sendable {
    var countsOfCounts: [CountsOfCounts]
    var predecessors: [UInt32]
    var entries: [(Int, RegionEntry)] = []
    var ngramCounts: [Int]

    init(_ groups: ContextGroups) {
      countsOfCounts = [CountsOfCounts](repeating: CountsOfCounts(), count: groups.order - 1)
      ngramCounts = [Int](repeating: 0, count: groups.order - 1)
      predecessors = [UInt32](repeating: 0, count: groups.vocabularySize)
    }

    mutating func add(
      _ scan: borrowing GroupScan,
      of group: Int,
      in groups: ContextGroups,
      _ lowerOrderCounts: LowerOrderCounts
    ) {
      var tally = [UInt64](repeating: 0, count: groups.order * (CountsOfCounts.limit + 1))
      for index in 0..<scan.ngramCount {
        let order = scan.order(index)
        let count = Int(scan.count(index, lowerOrderCounts))
        ngramCounts[order - 2] += 1
        if count <= CountsOfCounts.limit {
          tally[(order - 2) * (CountsOfCounts.limit + 1) + count] += 1
        }
        if order == 2 { predecessors[Int(scan.code.word(scan.ngramWord[index]))] += 1 }
      }
      for order in 2...groups.order {
        let start = (order - 2) * (CountsOfCounts.limit + 1)
        countsOfCounts[order - 2].add(
          CountsOfCounts(Array(tally[(start + 1)..<(start + CountsOfCounts.limit + 1)]))
        )
      }
      entries.append((group, RegionEntry(scan, of: group, in: groups)))
    }
  }
}

extension RegionEntry {
  /// The size of the region of what `scan` found; its place is not known yet.
  init(_ scan: borrowing GroupScan, of group: Int, in groups: ContextGroups) {
    let words = groups.words(group)
    var longer = 0
    for context in 0..<scan.contextCount where scan.contextDepth[context] > 1 { longer += 1 }
    self.init(
      offset: 0,
      checksum: 0,
      firstWord: UInt32(words.lowerBound),
      wordCount: UInt32(words.count),
      nodeCount: UInt32(words.count + longer),
      ngramCount: UInt32(scan.ngramCount)
    )
  }
}

extension ContextGroups {
  /// The groups in the order in which threads should take them: the largest first.
  var schedule: [Int] {
    (0..<count).sorted { left, right in
      let (a, b) = (positionCount(left), positionCount(right))
      return a == b ? left < right : a > b
    }
  }
}
