import Testing

@testable import BytePrediction

extension ContextTree {
  /// Walks the tree and checks all that its look-ups rely on.
  func checkInvariants(sourceLocation: SourceLocation = #_sourceLocation) {
    var problems: [String] = []
    var lengths = [Int?](repeating: nil, count: contextCount)
    lengths[0] = 0
    var expectedCounts = [Int](repeating: 0, count: 4 * (maximumLength + 1))
    var lastContext = [Int](repeating: -1, count: 256)
    var wordIsTaken = [Bool](repeating: false, count: listWordCount)
    func take(_ start: Int, _ count: Int) {
      for index in start..<start + count {
        if index >= listWordCount || wordIsTaken[index] {
          problems.append("list word \(index) is in two lists, or in none that exists")
        } else {
          wordIsTaken[index] = true
        }
      }
    }
    for context in 0..<contextCount {
      guard let length = lengths[context] else {
        problems.append("nothing before it leads to context \(context)")
        continue
      }
      let isLongest = length == maximumLength
      if (contexts[4 * context, 1] & Self.longestFlag != 0) != isLongest {
        problems.append("context \(context) of \(length) bytes has the wrong flag")
      }
      let summary = summary(UInt32(context))
      let isSingle = summary.typeCount <= 1
      if !isSingle {
        take(
          Int(contexts[4 * context, 2]),
          Self.room(summary.typeCount) * (isLongest ? 1 : 2)
        )
      }
      var entries: [(byte: UInt8, count: UInt32)] = []
      if summary.typeCount > 0 { forEachEntry(UInt32(context)) { entries.append(($0, $1)) } }
      var (total, once, twice): (UInt32, Int, Int) = (0, 0, 0)
      for (byte, count) in entries {
        total += count
        once += count == 1 ? 1 : 0
        twice += count == 2 ? 1 : 0
        if lastContext[Int(byte)] == context || !(1..<Self.maximumCount ~= count) {
          problems.append("context \(context) has byte \(byte) twice, or a wrong count")
        }
        lastContext[Int(byte)] = context
      }
      if total != summary.total || once != summary.onceCount || twice != summary.twiceCount {
        problems.append("the sums of context \(context) are not those of its entries")
      }
      for (byte, count) in entries {
        if count <= 4 { expectedCounts[4 * length + Int(count) - 1] += 1 }
        let (index, found) = find(byte, in: UInt32(context))
        if found != count || (index == Self.onlyEntry) != isSingle {
          problems.append("byte \(byte) is not found in context \(context)")
        }
        guard !isLongest else { continue }
        let following = Int(following(index, of: UInt32(context)))
        guard following != 0 else { continue }
        if following <= context || following >= contextCount || lengths[following] != nil {
          problems.append("context \(context) leads to \(following)")
        } else {
          lengths[following] = length + 1
        }
      }
    }
    for freeClass in 0..<18 {
      let room = 1 << (freeClass / 2)
      var next = Int(freeLists[freeClass])
      while next > 0, problems.isEmpty {
        take(next - 1, freeClass.isMultiple(of: 2) ? 2 * room : room)
        next = Int(lists[next - 1])
      }
    }
    if wordIsTaken.contains(false) { problems.append("a word is in no list") }
    if (0..<expectedCounts.count).contains(where: { countsOfCounts[$0] != expectedCounts[$0] }) {
      problems.append("the counts of counts are not those of the entries")
    }
    #expect(problems == [], sourceLocation: sourceLocation)
  }
}
