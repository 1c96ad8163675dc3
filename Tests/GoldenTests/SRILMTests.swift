import Files
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// A comparison with SRILM 1.7.3: a method under SRILM's name for it, and its twin in dictionaries.
struct SRILMMethod: Sendable {
  var method: Method
  var twin: PlainNGramModel.Method?

  var isInterpolated: Bool { !method.usesBackOff }

  /// The methods by the names of the golden table.
  static let all: [String: SRILMMethod] = [
    "kni": SRILMMethod(method: Method(name: .modifiedKneserNey), twin: .modifiedKneserNey),
    "kn": SRILMMethod(
      method: Method(name: .modifiedKneserNey, usesBackOff: true),
      twin: .modifiedKneserNey
    ),
    "ukni": SRILMMethod(method: Method(name: .kneserNey), twin: .kneserNey(nil)),
    "ukn": SRILMMethod(method: Method(name: .kneserNey, usesBackOff: true), twin: .kneserNey(nil)),
    "wbi": SRILMMethod(method: Method(name: .wittenBell), twin: .wittenBell),
    "wb": SRILMMethod(method: Method(name: .wittenBell, usesBackOff: true), twin: .wittenBell),
    "cdi": SRILMMethod(
      method: Method(name: .absoluteDiscounting, discount: 0.75),
      twin: .absoluteDiscounting(0.75)
    ),
    "cd": SRILMMethod(
      method: Method(name: .absoluteDiscounting, usesBackOff: true, discount: 0.75),
      twin: .absoluteDiscounting(0.75)
    ),
    "add1": SRILMMethod(
      method: Method(name: .additive, usesBackOff: true),
      twin: .additive(alpha: 1)
    ),
    "add01": SRILMMethod(
      method: Method(name: .additive, usesBackOff: true, alpha: 0.1),
      twin: .additive(alpha: 0.1)
    ),
    "gt": SRILMMethod(method: Method(name: .katz, usesBackOff: true), twin: .katz),
  ]
}

/// SRILM's methods on Brown.
///
/// Its figures have six or seven digits, and leave out unknown words.
///
/// Two of SRILM's customs are not ours. It has no `<unk>` in the vocabulary, so V is one smaller;
/// and it takes interpolation away from contexts whose seen tokens leave less than 3e-6 ("disabling
/// interpolation"). Where either shows, ``PlainNGramModel`` with SRILM's customs has SRILM's figure, and
/// with ours has ours: so the difference is the customs and nothing else.
@Suite(.serialized) struct SRILMTests {
  static let isWanted = Golden.hasBrown && (!Golden.isDebug || Golden.wantsAll)
  static let comment: Comment =
    "needs the golden values and a release build, or PERPLEX_GOLDEN_ALL"

  /// The golden perplexity of each method and order without cut-offs, or with SRILM's own.
  static func golden(
    _ pair: String,
    hasCutoffs: Bool = false
  ) throws -> [(name: String, order: Int, perplexity: Double)] {
    let isBundled = ["corpora", "characters"].contains(pair)
    let path =
      isBundled ? "\(PackageFolder.golden)/srilm/corpora.tsv" : "\(Golden.values ?? "")/srilm.tsv"
    return try Golden.table(path).compactMap { fields in
      guard fields.count > 10, fields[0] == pair, fields[2] == (hasCutoffs ? "def" : "one"),
        let order = Int(fields[3]), let perplexity = Double(fields[10])
      else { return nil }
      return (fields[1], order, perplexity)
    }
  }

  /// True if the reference computes the method, in a run without the slow tests too.
  private static func isComputed(_ name: String) -> Bool {
    isWantedSlow || ["kni", "wb", "add01", "gt"].contains(name)
  }

  /// Methods without interpolation, and Katz, depend on neither custom but for V.
  @Test(.enabled(if: isWanted, comment))
  func `Brown has SRILM's perplexities`() throws {
    let data = try Pair.brown.data()
    for (name, order, perplexity) in try Self.golden("brown") {
      let method = try #require(SRILMMethod.all[name])
      let model = try Pair.brown.model(data, method.method, order: order)
      let found = try Pair.brown.evaluation(of: model).perplexityExcludingOutOfVocabulary
      // The figures have 7 digits. Additive smoothing has V = 46,189 for 46,188 in every context:
      // 1/V = 2e-5 a word.
      // Interpolation is disabled from order 3 on, which the next test shows.
      let tolerance =
        method.isInterpolated && order > 2 ? 2e-3 : name.hasPrefix("add") ? 2e-5 : 2e-6
      #expect(
        isClose(found, perplexity, within: tolerance),
        "\(name) \(order): \(found), \(perplexity)"
      )
    }
  }

  @Test(.enabled(if: isWanted, comment), arguments: Golden.wantsAll ? [3, 4, 5] : [3])
  func `interpolation on Brown differs from SRILM by what SRILM disables`(order: Int) throws {
    try expectCustoms(
      .brown,
      "brown",
      order,
      Golden.wantsAll ? ["kni", "ukni", "wbi", "cdi"] : ["kni", "cdi"],
      within: 2e-3
    )
  }

  @Test(.enabled(if: isWanted, comment))
  func `Brown by characters has SRILM's perplexities`() throws {
    let pair = Pair.brownCharacters
    let data = try pair.data()
    for (name, order, perplexity) in try Self.golden("brownchar") {
      let method = try #require(SRILMMethod.all[name])
      let isCustom = method.isInterpolated || name.hasPrefix("add")
      if isCustom && name != "kni" && order > 2 { continue }
      let model = try pair.model(data, method.method, order: order)
      let found = try pair.evaluation(of: model).perplexityExcludingOutOfVocabulary
      let tolerance = isCustom ? 2e-5 : 2e-6
      #expect(
        isClose(found, perplexity, within: tolerance),
        "\(name) \(order): \(found), \(perplexity)"
      )
    }
  }

  /// With V = 86 for 85, additive smoothing differs by up to 1/85 where contexts are rare.
  @Test(.enabled(if: isWanted, comment), arguments: Golden.wantsAll ? [3, 4, 5] : [5])
  func `characters differ from SRILM by its customs`(order: Int) throws {
    try expectCustoms(
      .brownCharacters,
      "brownchar",
      order,
      Golden.wantsAll ? ["ukni", "wbi", "cdi", "add1", "add01"] : ["cdi", "add1"],
      within: 3e-3
    )
  }

  /// Holds the model against the twin with our customs, and SRILM against the twin with SRILM's.
  private func expectCustoms(
    _ pair: Pair,
    _ name: String,
    _ order: Int,
    _ methods: [String],
    within tolerance: Double
  ) throws {
    let data = try pair.data()
    let counts = PlainCounts(data, order: order)
    let tokens = try pair.testTokens(data.vocabulary)
    for row in try Self.golden(name) where row.order == order && methods.contains(row.name) {
      let method = try #require(SRILMMethod.all[row.name])
      let model = try pair.model(data, method.method, order: order)
      let found = try pair.evaluation(of: model).perplexityExcludingOutOfVocabulary
      let (ours, theirs) = try method.twins(counts, data.vocabulary.count, tokens)
      #expect(isClose(found, ours, within: 1e-6), "\(row.name): \(found), twin \(ours)")
      #expect(
        isClose(theirs, row.perplexity, within: 2e-6),
        "\(row.name): SRILM \(row.perplexity), twin \(theirs)"
      )
      #expect(
        isClose(found, row.perplexity, within: tolerance),
        "\(row.name): \(found), SRILM \(row.perplexity)"
      )
    }
  }

  /// The bundled texts, where V = 5,079 for SRILM's 5,078 shows.
  ///
  /// A word's probability changes by at most one share of the uniform distribution at each order it
  /// backs off through, that is 1/5,079 at order 1, and so does the perplexity. Additive smoothing
  /// shares evenly in each of its orders.
  @Test(arguments: isWantedSlow ? [1, 2, 3, 4, 5] : [2])
  func `the package's corpora have SRILM's perplexities`(order: Int) throws {
    let pair = Pair.corpora
    let data = try pair.data()
    let counts = PlainCounts(data, order: order)
    let tokens = try pair.testTokens(data.vocabulary)
    #expect(data.vocabulary.count - 1 == 5078)
    let rows = try Self.golden("corpora").filter { $0.order == order }
    // At order 5 SRILM has no discounts for modified Kneser-Ney.
    #expect(rows.count == (order == 5 ? 9 : 11))
    // From order 4 on no n-gram occurs eight times, and SRILM lowers the k of Good and Turing from 7.
    for (name, _, perplexity) in rows where name != "gt" || order < 4 {
      let method = try #require(SRILMMethod.all[name])
      let model = try pair.model(data, method.method, order: order)
      let found = try pair.evaluation(of: model).perplexityExcludingOutOfVocabulary
      let tolerance = (name.hasPrefix("add") ? Double(order) : 1) / 5078
      #expect(
        isClose(found, perplexity, within: tolerance),
        "\(name): \(found), SRILM \(perplexity)"
      )
      // The reference takes long: of a method's two forms one is enough.
      guard Self.isComputed(name) else { continue }
      let (ours, theirs) = try method.twins(counts, data.vocabulary.count, tokens)
      #expect(isClose(found, ours, within: 1e-6), "\(name): \(found), twin \(ours)")
      #expect(
        isClose(theirs, perplexity, within: 2e-6),
        "\(name): SRILM \(perplexity), twin \(theirs)"
      )
    }
  }

  /// Back-off forms alone; see ``PruningTests`` for the others.
  @Test(arguments: isWantedSlow ? [3, 4, 5] : [3])
  func `with cut-offs, the package's corpora have SRILM's perplexities`(order: Int) throws {
    let pair = Pair.corpora
    let data = try pair.data()
    let counts = PlainCounts(data, order: order)
    let tokens = try pair.testTokens(data.vocabulary)
    for row in try Self.golden("corpora", hasCutoffs: true) where row.order == order {
      let names = isWantedSlow ? ["wb", "cd", "add1", "add01", "gt"] : ["wb", "gt"]
      guard names.contains(row.name) else { continue }
      // As without cut-offs.
      if row.name == "gt" && order > 3 { continue }
      var method = try #require(SRILMMethod.all[row.name])
      method.method.prune = [0, 0, 1]
      let model = try pair.model(data, method.method, order: order)
      let found = try pair.evaluation(of: model).perplexityExcludingOutOfVocabulary
      let (ours, theirs) = try method.twins(counts, data.vocabulary.count, tokens)
      #expect(isClose(found, ours, within: 1e-6), "\(row.name): \(found), twin \(ours)")
      #expect(
        isClose(theirs, row.perplexity, within: 2e-6),
        "\(row.name): SRILM \(row.perplexity), twin \(theirs)"
      )
    }
  }

  /// As words, with V = 74 for 73.
  @Test(arguments: isWantedSlow ? [1, 2, 3, 4, 5] : [2])
  func `the package's corpora by characters have SRILM's perplexities`(order: Int) throws {
    let pair = Pair.characters
    let data = try pair.data()
    let counts = PlainCounts(data, order: order)
    let tokens = try pair.testTokens(data.vocabulary)
    for (name, rowOrder, perplexity) in try Self.golden("characters")
    where rowOrder == order && Self.isComputed(name) {
      let method = try #require(SRILMMethod.all[name])
      let model = try pair.model(data, method.method, order: order)
      let found = try pair.evaluation(of: model).perplexityExcludingOutOfVocabulary
      let (ours, theirs) = try method.twins(counts, data.vocabulary.count, tokens)
      #expect(isClose(found, ours, within: 1e-6), "\(name): \(found), twin \(ours)")
      #expect(
        isClose(theirs, perplexity, within: 2e-6),
        "\(name): SRILM \(perplexity), twin \(theirs)"
      )
    }
  }
}

extension SRILMMethod {
  /// The reference's perplexities by our definition and by SRILM's.
  func twins(
    _ counts: PlainCounts,
    _ vocabularyCount: Int,
    _ tokens: [TokenID]
  ) throws -> (ours: Double, theirs: Double) {
    var settings = PlainNGramModel.Settings(
      try #require(twin),
      usesBackOff: method.usesBackOff,
      typeCount: vocabularyCount
    )
    settings.cutoffs = method.prune
    let ours = PlainNGramModel(counts, settings).perplexity(tokens)
    settings.followsSRILM = true
    return (ours, PlainNGramModel(counts, settings).perplexity(tokens))
  }
}

extension Pair {
  /// The test text as tokens of `vocabulary`.
  func testTokens(_ vocabulary: Vocabulary) throws -> [TokenID] {
    let encoder = TextEncoder(settings)
    var numbering = vocabulary
    var tokens: [TokenID] = []
    for path in test {
      var reader = try TextReader(.file(path), isRaw: false)
      while let block = try reader.next() {
        tokens += try encoder.encode(block, of: path, numbering: &numbering).tokens
      }
    }
    return tokens
  }
}
