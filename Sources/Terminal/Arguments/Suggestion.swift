/// The nearest right word to a wrong one.
enum Suggestion {
  /// The candidate that a person most likely meant, or `nil` if none is near.
  ///
  /// Near is at most one slip for each three letters, or a beginning of at least three letters.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = word.lowercased()
    let bare = typed.drop { $0 == "-" }
    guard !bare.isEmpty else { return nil }
    let allowance = max(1, bare.count / 3)
    var best: (rank: Int, word: String)?
    for candidate in candidates {
      let distance = distance(typed, candidate.lowercased())
      // A short option is one slip from every other; to suggest one would be a guess.
      guard distance <= allowance, distance < candidate.drop(while: { $0 == "-" }).count else {
        continue
      }
      // Of two equally near words the one with the same first letter is likelier.
      let rank = 2 * distance + (candidate.first { $0 != "-" } == bare.first ? 0 : 1)
      if rank < best?.rank ?? .max { best = (rank, candidate) }
    }
    if let best { return best.word }
    guard bare.count >= 3 else { return nil }
    return candidates.first { $0.lowercased().hasPrefix(typed) }
      ?? candidates.first { $0.lowercased().drop { $0 == "-" }.hasPrefix(bare) }
  }

  /// The Damerau-Levenshtein distance with adjacent swaps (optimal string alignment).
  ///
  /// - Complexity: O(*n* · *m*) in the lengths of the words.
  static func distance(_ first: String, _ second: String) -> Int {
    let first = Array(first)
    let second = Array(second)
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let cost = first[row] == second[column] ? 0 : 1
        var least = min(last[column] + cost, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current.append(least)
      }
      beforeLast = last
      last = current
    }
    return last[second.count]
  }
}
