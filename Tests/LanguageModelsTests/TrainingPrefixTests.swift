import Files
import TestSupport
import Testing
import Tokenization

@testable import LanguageModels

@Suite struct TrainingPrefixTests {
  private func data(
    _ text: String,
    _ tokenizer: TokenizerName = .whitespace,
    memory: Int? = nil
  ) throws -> TrainingData {
    try withTemporaryFile(text) { path in
      var input = TrainingInput([.file(path)], settings: TextSettings(tokenizer: tokenizer))
      if let memory {
        input.bound = MemoryBound(
          memory,
          folder: ScratchFile.defaultFolder,
          order: 3,
          textByteCount: text.utf8.count
        )
      }
      return try TrainingData(input, threads: 1)
    }
  }

  private func tokens(_ data: TrainingData) throws -> [String] {
    var spellings: [String] = []
    try data.text.forEachRun { tokens, range in
      for index in range { spellings.append(data.vocabulary[TokenID(tokens[index])]) }
    }
    return spellings
  }

  @Test func `a prefix is the fewest first lines that reach a length`() throws {
    let data = try data("a b\n\nc d e\nf\n")
    // Tokens up to the ends of lines: 3, 4, 8, 10.
    #expect(data.tokenCount == 10)
    let lengths: [(TrainingLength, Int?, Int?)] = [
      (.tokens(1), 3, 1), (.tokens(3), 3, 1), (.tokens(4), 4, 2), (.tokens(5), 8, 3),
      (.tokens(10), 10, 4), (.tokens(11), nil, nil), (.lines(2), 4, 2), (.lines(4), 10, 4),
      (.lines(5), nil, nil), (.share(0.3), 3, 1), (.share(0.31), 4, 2), (.share(1), 10, 4),
    ]
    let prefixes = try data.prefixes(lengths.map(\.0))
    #expect(prefixes.map { $0?.tokenCount } == lengths.map(\.1))
    #expect(prefixes.map { $0?.lineCount } == lengths.map(\.2))
    let first = try data.prefix(try #require(prefixes[2]))
    #expect(try tokens(first) == ["<s>", "a", "b", "</s>", "<s>", "</s>"])
    #expect(first.sequenceCount == 2)
    #expect(first.vocabulary.count == data.vocabulary.count)
    #expect(first.fingerprint != data.fingerprint)
  }

  @Test func `a document is cut after a line end and ends there`() throws {
    let data = try data("ab\nc\nd", .characters)
    let prefixes = try data.prefixes([.tokens(1), .lines(2), .lines(3), .share(1)])
    let first = try data.prefix(try #require(prefixes[0]))
    #expect(try tokens(first) == ["<s>", "a", "b", "\n", "</s>"])
    #expect(first.tokenCount == 4)
    #expect(prefixes[0]?.tokenCount == 4)
    #expect(prefixes[1]?.tokenCount == 6)
    #expect(prefixes[2] == prefixes[3])
    #expect(prefixes[3]?.tokenCount == data.tokenCount)
  }

  @Test func `a text in a scratch file has the same prefixes and samples`() throws {
    let text = (0..<3000).map { "w\($0 % 97) w\($0 % 61) w\($0 % 7)\n" }.joined()
    let inMemory = try data(text)
    let spilled = try data(text, memory: 4096)
    #expect(spilled.isSpilled)
    let length = [TrainingLength.share(0.4)]
    let prefix = try #require(try inMemory.prefixes(length)[0])
    #expect(try spilled.prefixes(length)[0] == prefix)
    #expect(try tokens(spilled.prefix(prefix)) == tokens(inMemory.prefix(prefix)))
    let sample = try inMemory.text.sample(limit: 4000, historyLength: 2)
    let other = try spilled.text.sample(limit: 4000, historyLength: 2)
    #expect(sample.tokens == other.tokens)
    #expect(sample.ranges == other.ranges)
  }

  @Test(arguments: [1, 500, 5000, 1 << 20])
  func `a sample is of whole stretches with what stands before them`(limit: Int) throws {
    let data = try data((0..<1500).map { "w\($0) x y\n" }.joined())
    let all = try tokens(data)
    let sample = try data.text.sample(limit: limit, historyLength: 3)
    let spellings = sample.tokens.map { data.vocabulary[$0] }
    #expect(sample.isWhole == (limit >= all.count))
    #expect(sample.ranges.reduce(0) { $0 + $1.count } <= max(limit + 1024, 1024))
    let period = max(1, (all.count + limit - 1) / limit)
    for (number, range) in sample.ranges.enumerated() {
      let start = number * period * 1024
      let history = min(start, 3)
      let taken = spellings[(range.lowerBound - history)..<range.upperBound]
      #expect(Array(taken) == Array(all[(start - history)..<(start - history + taken.count)]))
    }
    if sample.isWhole { #expect(sample.ranges.reduce(0) { $0 + $1.count } == all.count) }
  }

  @Test func `a stream is cut after a line end, without an end of its own`() throws {
    let text = "ab\nc\nd"
    let data = try withTemporaryFile(text) { path in
      try TrainingData(
        TrainingInput(
          [.file(path)],
          settings: TextSettings(tokenizer: .characters, sequence: .stream)
        ),
        threads: 1
      )
    }
    let prefixes = try data.prefixes([.tokens(1), .lines(3), .share(1), .tokens(7)])
    #expect(prefixes.map { $0?.tokenCount } == [3, 6, 6, nil])
    #expect(prefixes.map { $0?.lineCount } == [1, 3, 3, nil])
    #expect(try tokens(try data.prefix(try #require(prefixes[0]))) == ["<s>", "a", "b", "\n"])
    #expect(try tokens(try data.prefix(try #require(prefixes[2]))).count == 7)
  }
}
