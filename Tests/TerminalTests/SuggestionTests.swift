import Testing

@testable import Terminal

@Suite struct `Suggestions` {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("trian", "train", 1),
    ("order", "ordr", 1), ("ca", "abc", 3), ("score", "score", 0),
  ])
  func `slips are counted, a swap as one`(first: String, second: String, distance: Int) {
    #expect(Suggestion.distance(first, second) == distance)
    #expect(Suggestion.distance(second, first) == distance)
  }

  @Test(arguments: [
    ("trian", "train"), ("TRAIN", "train"), ("scroe", "score"), ("comp", "compare"),
    ("x", nil), ("tr", nil), ("nonsense", nil), ("", nil),
  ])
  func `the nearest command is found, and none where none is near`(word: String, nearest: String?) {
    #expect(Suggestion.nearest(to: word, among: ["train", "score", "compare"]) == nearest)
  }
}
