import LanguageModels
import Perplexity
import Testing
@Suite(.serialized) struct Timing {
  @Test func times() throws {
    let clock = ContinuousClock()
    for (n, pair) in [("brown", Pair.brown), ("char", Pair.brownCharacters)] {
      var data: TrainingData?
      print(n, "data", try clock.measure { data = try pair.data() })
      for o in [1, 3,5] {
        var m: NGramModel?
        print(n, o, try clock.measure { m = try pair.model(data!, Method(name: .modifiedKneserNey), order: o) })
        print(n, o, "ev", try clock.measure { print(try pair.evaluation(of: m!).perplexity) })
      }
    }
  }
}
