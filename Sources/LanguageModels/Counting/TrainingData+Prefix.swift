import Files
import Tokenization

/// The length of a training text's beginning.
package enum TrainingLength: Hashable, Sendable {
  /// A share of its tokens, above 0 and at most 1.
  case share(Double)
  /// A number of tokens.
  case tokens(Int)
  /// A number of lines.
  case lines(Int)
}

/// The first lines of a training text.
package struct TrainingPrefix: Hashable, Sendable {
  /// The number of tokens: as scoring counts them, a `</s>` is one and a `<s>` is not.
  package let tokenCount: Int

  /// The number of lines.
  package let lineCount: Int

  /// The number of sequences.
  package let sequenceCount: Int

  /// The position after its last token.
  let end: Int

  /// True if the prefix ends inside a sequence, which then gets an end.
  let cutsSequence: Bool
}

extension TrainingData {
  /// The number of tokens: as scoring counts them, a `</s>` is one and a `<s>` is not.
  package var tokenCount: Int { text.count - sequenceCount }

  /// The tokens are in a scratch file, as there was no room for them in memory.
  package var isSpilled: Bool { text.isSpilled }

  /// The shortest beginnings of the text that have these lengths, in whole lines; nil for those
  /// that the text does not have.
  ///
  /// So the shorter of two is the beginning of the longer. A document is cut after one of its line
  /// ends, and ends there; a stream has no end there either.
  ///
  /// - Throws: `FileError` if the tokens are in a scratch file.
  /// - Complexity: O(*n* · *m*), *n* the lines of the text and *m* the lengths.
  package func prefixes(_ lengths: [TrainingLength]) throws -> [TrainingPrefix?] {
    let lineEnd = settings.sequence == .line ? .endSentence : vocabulary["\n"]
    var found = [TrainingPrefix?](repeating: nil, count: lengths.count)
    let total = tokenCount
    var (tokenCount, lineCount, sequenceCount, position) = (0, 0, 0, 0)
    var isInLine = false
    func find(atEnd isEnd: Bool) {
      let isCut = !isEnd && settings.predictsEnds
      for (index, length) in lengths.enumerated() where found[index] == nil {
        let isReached =
          switch length {
          case .share(let share): Double(tokenCount) >= share * Double(total)
          case .tokens(let count): tokenCount >= count
          case .lines(let count): lineCount >= count
          }
        guard isReached else { continue }
        found[index] = TrainingPrefix(
          tokenCount: isCut ? tokenCount + 1 : tokenCount,
          lineCount: lineCount,
          sequenceCount: sequenceCount,
          end: position,
          cutsSequence: isCut
        )
      }
    }
    try text.forEachRun { tokens, range in
      for index in range {
        let token = tokens[index]
        position += 1
        if token == TokenID.beginSentence.rawValue {
          sequenceCount += 1
          continue
        }
        tokenCount += 1
        let isEnd = token == TokenID.endSentence.rawValue
        guard isEnd || token == lineEnd.rawValue else {
          isInLine = true
          continue
        }
        // A document that ends in a line end has no line after it.
        if token == lineEnd.rawValue || isInLine { lineCount += 1 }
        isInLine = false
        find(atEnd: isEnd)
      }
    }
    if isInLine {
      lineCount += 1
      find(atEnd: true)
    }
    return found
  }

  /// The beginning of the text, with the vocabulary of the whole text.
  ///
  /// Perplexities of models of several beginnings are then about the same events: words that a
  /// beginning lacks have the probability that a method gives to any unseen word, and none becomes
  /// unknown.
  ///
  /// - Precondition: `prefix` is of this text, which has no held-out part.
  /// - Throws: `FileError` if the tokens are in a scratch file.
  /// - Complexity: O(tokens); 4 bytes a token, but for all of the text, which is shared.
  package func prefix(_ prefix: TrainingPrefix) throws -> TrainingData {
    if prefix.end == text.count { return self }
    return try TrainingData(prefix, of: self)
  }
}

extension TrainingText {
  /// The first tokens of `text`, up to the end of `prefix`.
  convenience init(_ prefix: TrainingPrefix, of text: TrainingText) throws {
    var bound = text.spilled?.bound
    // The user agreed to a scratch file when the whole text went to one.
    bound?.willSpill = { _ in }
    var builder = TrainingTextBuilder(bound, textByteCount: 2 * (prefix.end + 1))
    var rest = prefix.end
    try text.forEachRun { tokens, range in
      let taken = range.prefix(rest)
      rest -= taken.count
      if !taken.isEmpty { try tokens.withElements(taken) { try builder.append($0) } }
    }
    if prefix.cutsSequence {
      let end = [TokenID.endSentence.rawValue]
      try builder.append(end.span)
    }
    self.init(builder)
  }
}
