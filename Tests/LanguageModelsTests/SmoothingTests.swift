import LanguageModels
import TestSupport
import Testing
import Tokenization

/// What the methods make of counts, worked by hand on the "I am Sam" corpus.
///
/// It has 17 predicted tokens (4 + 4 + 9 with `</s>`) of 11 kinds: I 3, `</s>` 3, am 2, Sam 2, and
/// once each do, not, like, green, eggs, and, ham. With `<unk>` the vocabulary has V = 12. I is
/// followed by am twice and do once.
@Suite struct SmoothingTests {
  @Test func `maximum likelihood is the relative frequency`() throws {
    let model = try Recipe(method: .maximumLikelihood, order: 2).model(iAmSam)
    #expect(isClose(model.probability("I", after: "<s>"), 2.0 / 3, within: 1e-7))
    #expect(isClose(model.probability("Sam", after: "<s>"), 1.0 / 3, within: 1e-7))
    #expect(isClose(model.probability("am", after: "I"), 2.0 / 3, within: 1e-7))
    #expect(isClose(model.probability("</s>", after: "Sam"), 1.0 / 2, within: 1e-7))
    #expect(isClose(model.probability("Sam", after: "am"), 1.0 / 2, within: 1e-7))
    #expect(isClose(model.probability("do", after: "I"), 1.0 / 3, within: 1e-7))
  }

  @Test func `maximum likelihood holds the unseen to be impossible`() throws {
    let model = try Recipe(method: .maximumLikelihood, order: 2).model(iAmSam)
    #expect(model.probability("ham", after: "I") == 0)
    // <unk> was never followed by anything, so the relative frequency of ham alone is taken.
    #expect(isClose(model.probability("ham", after: "<unk>"), 1.0 / 17, within: 1e-7))
  }

  @Test func `additive smoothing adds alpha to every count`() throws {
    let laplace = try Recipe(method: .additive, order: 2).model(iAmSam)
    // (2 + 1) / (3 + 12) and (0 + 1) / (3 + 12)
    #expect(isClose(laplace.probability("am", after: "I"), 3.0 / 15, within: 1e-7))
    #expect(isClose(laplace.probability("ham", after: "I"), 1.0 / 15, within: 1e-7))
    #expect(isClose(laplace.probability("<unk>", after: "I"), 1.0 / 15, within: 1e-7))
    let lidstone = try Recipe(method: .additive, order: 2, alpha: 0.5).model(iAmSam)
    // (2 + 1/2) / (3 + 12/2)
    #expect(isClose(lidstone.probability("am", after: "I"), 2.5 / 9, within: 1e-7))
    // A context never seen has α / αV.
    #expect(isClose(lidstone.probability("ham", after: "<unk>"), 1.0 / 12, within: 1e-7))
  }

  @Test func `additive smoothing has a back-off form`() throws {
    let model = try Recipe(method: .additive, usesBackOff: true, order: 2).model(iAmSam)
    // p(am) = (2 + 1)/(17 + 12), p(do) = 2/29, p(ham) = 2/29; after I, am and do leave
    // 1 − 3/15 − 2/15 = 2/3 to tokens that have 1 − 3/29 − 2/29 = 24/29 by themselves.
    #expect(isClose(model.probability("am", after: "I"), 3.0 / 15, within: 1e-7))
    let expected = (2.0 / 3) / (24.0 / 29) * (2.0 / 29)
    #expect(isClose(model.probability("ham", after: "I"), expected, within: 1e-6))
  }

  @Test func `Witten-Bell lends a count for each kind that follows`() throws {
    let unigram = { (count: Double) in (count + 11.0 / 12) / (17 + 11) }
    let model = try Recipe(method: .wittenBell, order: 2).model(iAmSam)
    // Two kinds follow I: (c + 2 p(w)) / (3 + 2)
    #expect(isClose(model.probability("am", after: "I"), (2 + 2 * unigram(2)) / 5, within: 1e-6))
    #expect(isClose(model.probability("ham", after: "I"), 2 * unigram(1) / 5, within: 1e-6))
    #expect(isClose(model.probability("ham", after: "<unk>"), unigram(1), within: 1e-6))
    let backOff = try Recipe(method: .wittenBell, usesBackOff: true, order: 2).model(iAmSam)
    let weight = (1 - 3.0 / 5) / (1 - unigram(2) - unigram(1))
    #expect(isClose(backOff.probability("am", after: "I"), 2.0 / 5, within: 1e-6))
    #expect(isClose(backOff.probability("ham", after: "I"), weight * unigram(1), within: 1e-6))
  }

  @Test func `absolute discounting takes the same of every count`() throws {
    // Eleven kinds give 3/4 each to the 12 of the vocabulary.
    let unigram = { (count: Double) in (count - 0.75) / 17 + 0.75 * 11 / 17 / 12 }
    let model = try Recipe(method: .absoluteDiscounting, order: 2, discount: 0.75).model(iAmSam)
    let left = 0.75 * 2 / 3
    #expect(
      isClose(model.probability("am", after: "I"), 1.25 / 3 + left * unigram(2), within: 1e-6)
    )
    #expect(isClose(model.probability("Sam", after: "I"), left * unigram(2), within: 1e-6))
    let unknown = 0.75 * 11 / 17 / 12
    #expect(isClose(model.probability("<unk>", after: "I"), left * unknown, within: 1e-6))
  }

  @Test func `Kneser-Ney counts what precedes`() throws {
    // Before am stands I alone, before Sam stand <s> and am, before </s> Sam, am and ham: of
    // 15 different bigrams these are 1, 2 and 3. With D = 1/2, 11 kinds give 11/2 to V = 12.
    let unigram = { (count: Double) in (count - 0.5) / 15 + 0.5 * 11 / 15 / 12 }
    let model = try Recipe(method: .kneserNey, order: 2, discount: 0.5).model(iAmSam)
    #expect(isClose(model.probability("am", after: "<unk>"), unigram(1), within: 1e-6))
    #expect(isClose(model.probability("Sam", after: "<unk>"), unigram(2), within: 1e-6))
    #expect(isClose(model.probability("</s>", after: "<unk>"), unigram(3), within: 1e-6))
    let expected = 1.5 / 3 + 0.5 * 2 / 3 * unigram(1)
    #expect(isClose(model.probability("am", after: "I"), expected, within: 1e-6))
  }

  @Test func `stupid back-off multiplies by two fifths a level`() throws {
    let model = try Recipe(method: .stupidBackOff, order: 3).model(iAmSam)
    #expect(isClose(model.probability("and", after: "green eggs"), 1, within: 1e-7))
    // "ham" followed neither "green eggs" nor "eggs": twice 2/5 of 1/17.
    #expect(isClose(model.probability("ham", after: "green eggs"), 0.16 / 17, within: 1e-7))
    // "Sam and" is in no training sentence, "and" is: the shorter context is a level too.
    #expect(isClose(model.probability("ham", after: "Sam and"), 0.4, within: 1e-7))
    #expect(!model.isNormalized)
  }

  @Test func `an unseen n-gram's matched length is the shorter one's`() throws {
    let model = try Recipe(method: .wittenBell, order: 3).model(iAmSam)
    let scores = model.scores(model.tokens("<s> I do like ham </s>"))
    #expect(scores.map { Int($0.matchedLength) } == [0, 2, 3, 1, 1, 2])
  }
}

/// Parameters from counts-of-counts alone.
@Suite struct DiscountTests {
  @Test func `modified Kneser-Ney has three discounts`() {
    // Y = 1065697 / (1065697 + 2·128239) = 0.806018; D1 = 1 − 2Y·128239/1065697, ...
    var notes: [String] = []
    let counts = CountsOfCounts([1_065_697, 128_239, 46_598, 23_979])
    let method = ModifiedKneserNey(SmoothingInput([counts]), notes: &notes)
    let expected = [0.806018, 1.121355, 1.340915]
    for (value, expected) in zip(method.parameters(order: 1), expected) {
      #expect(abs(value - expected) < 5e-7)
    }
    let context = ContextCounts(total: 9, types: 3)
    #expect(method.discount(0, in: context, order: 1) == 0)
    #expect(method.discount(1, in: context, order: 1) == method.parameters(order: 1)[0])
    #expect(method.discount(7, in: context, order: 1) == method.parameters(order: 1)[2])
    #expect(notes.isEmpty)
  }

  @Test(arguments: [
    ([0, 3, 2, 1], "no n-gram has the count 1"),
    ([4, 0, 2, 1], "no n-gram has the count 2"),
    ([4, 3, 0, 1], "no n-gram has the count 3"),
    // Y = 1/2, D1 = 1 − 2·½·10/20 = 1/2, D2 = 2 − 3·½·20/10 = −1
    ([20, 10, 20, 1], "the discount for the count 2 comes out at -1.0"),
  ])
  func `counts that give no discounts are told`(counts: [UInt64], reason: String) {
    var notes: [String] = []
    let method = ModifiedKneserNey(
      SmoothingInput([CountsOfCounts([20, 6, 3, 2]), CountsOfCounts(counts)]),
      notes: &notes
    )
    #expect(method.parameters(order: 2) == [0.5, 1, 1.5])
    #expect(notes == ["order 2: \(reason), so the discounts are 0.5, 1 and 1.5 there"])
  }

  @Test func `without a count of four the last discount is three, but not in the back-off form`() {
    // KenLM too takes n4 = 0 as it is: D3+ = 3 − 4Y·0 = 3. In the back-off form an n-gram seen
    // three times would have nothing then.
    let counts = CountsOfCounts([20, 6, 3, 0])
    var notes: [String] = []
    let interpolated = ModifiedKneserNey(SmoothingInput([counts]), notes: &notes)
    #expect(interpolated.parameters(order: 1)[2] == 3)
    #expect(notes.isEmpty)
    let backOff = ModifiedKneserNey(
      SmoothingInput([counts], combination: .backOff),
      notes: &notes
    )
    #expect(backOff.parameters(order: 1) == [0.5, 1, 1.5])
    #expect(
      notes == [
        "order 1: no n-gram has the count 4, so the discounts are 0.5, 1 and 1.5 there"
      ]
    )
  }

  @Test func `one discount an order comes from the counts one and two`() {
    var notes: [String] = []
    let counts = [CountsOfCounts([6, 3]), CountsOfCounts([6, 0]), CountsOfCounts([0, 3])]
    // 6 / (6 + 2·3)
    let kneserNey = KneserNey(SmoothingInput(counts), notes: &notes)
    #expect(kneserNey.parameters(order: 1) == [0.5])
    #expect(kneserNey.parameters(order: 2) == [0.75])
    #expect(kneserNey.discount(1, in: ContextCounts(total: 1, types: 1), order: 1) == 0.5)
    #expect(
      notes == [
        "order 2: no n-gram has the count 2, so the discount is 0.75 there",
        "order 3: no n-gram has the count 1, so the discount is 0.75 there",
      ]
    )
    notes = []
    let fixed = AbsoluteDiscounting(SmoothingInput(counts, discount: 0.4), notes: &notes)
    #expect((1...3).map { fixed.parameters(order: $0) } == [[0.4], [0.4], [0.4]])
    #expect(notes.isEmpty)
  }

  @Test func `Katz's ratios are Good and Turing's, shifted to one above k`() {
    // A = 8·7/100 = 0.56; r = 1: 2·40/100 = 0.8, (0.8 − 0.56) / 0.44 = 6/11;
    // r = 2: 3·24/(2·40) = 0.9, 0.34/0.44 = 17/22; r = 3: 4·16/(3·24) = 8/9
    var notes: [String] = []
    let bigrams = CountsOfCounts([100, 40, 24, 16, 12, 10, 8, 7])
    let katz = Katz(SmoothingInput([CountsOfCounts([9, 9]), bigrams]), notes: &notes)
    let ratios = katz.parameters(order: 2)
    #expect(isClose(ratios[0], 6.0 / 11, within: 1e-12))
    #expect(isClose(ratios[1], 17.0 / 22, within: 1e-12))
    #expect(isClose(ratios[2], (8.0 / 9 - 0.56) / 0.44, within: 1e-12))
    let context = ContextCounts(total: 100, types: 10)
    #expect(isClose(katz.discount(1, in: context, order: 2), 5.0 / 11, within: 1e-12))
    #expect(katz.discount(8, in: context, order: 2) == 0)
    #expect(katz.parameters(order: 1).isEmpty)
    // r = 5: 6·10/(5·12) = 1, r = 6: 7·8/(6·10) = 14/15, r = 7: 8·7/(7·8) = 1: none leaves (0, 1].
    #expect(notes.isEmpty)
  }

  @Test func `Katz keeps what has no valid ratio`() {
    var notes: [String] = []
    let katz = Katz(
      SmoothingInput(
        [CountsOfCounts([9]), CountsOfCounts([0, 4]), CountsOfCounts([100, 60, 20])]
      ),
      notes: &notes
    )
    #expect(katz.parameters(order: 2).isEmpty)
    // A = 0; r = 1: 2·60/100 = 1.2 > 1; r = 2: 3·20/(2·60) = 1/2; r = 3: 0; from 4 on no n-gram.
    #expect(katz.parameters(order: 3) == [1, 0.5, 1, 1, 1, 1, 1])
    #expect(
      notes == [
        "order 2: no n-gram has the count 1, so no count is discounted",
        "order 3: the Good-Turing ratio of the count 1, 3, 4, 5, 6, 7 is outside (0, 1] or has "
          + "no n-gram to be estimated from, so it is not discounted",
      ]
    )
  }

  @Test func `Jelinek-Mercer's buckets are powers of two`() {
    let totals: [UInt64] = [0, 1, 2, 3, 4, 7, 8, 1 << 22, 1 << 23, 1 << 40, .max]
    #expect(totals.map { JelinekMercer.bucket($0) } == [0, 0, 1, 1, 2, 2, 3, 22, 23, 23, 23])
  }
}
