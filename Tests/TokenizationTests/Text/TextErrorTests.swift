import Testing
import Tokenization

@Suite struct TextErrorTests {
  @Test(arguments: [
    (
      TextError.empty(paths: ["a", "b"]),
      "a, b: the text has no tokens; give a text with words"
    ),
    (.emptyVocabulary(path: "v"), "v: the vocabulary has no words; list one word per line"),
    (
      .nothingKept(paths: ["a"]),
      "a: the vocabulary contains no token of the text; check --vocabulary, or lower "
        + "--min-count"
    ),
  ])
  func `the words name the text and a remedy`(error: TextError, words: String) {
    #expect(error.description == words)
  }
}
