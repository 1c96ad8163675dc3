import Testing
import Tokenization

@Suite struct TextErrorTests {
  @Test(arguments: [
    (
      TextError.empty(paths: ["a", "b"]),
      "a, b: there is no token in the text; give a text with words"
    ),
    (.emptyVocabulary(path: "v"), "v: the vocabulary has no word; list one word a line"),
    (
      .nothingKept(paths: ["a"]),
      "a: every token of the text is left out of the vocabulary; check --vocabulary, or lower "
        + "--min-count"
    ),
  ])
  func `the words name the text and a remedy`(error: TextError, words: String) {
    #expect(error.description == words)
  }
}
