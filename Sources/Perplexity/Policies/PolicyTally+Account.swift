import InformationTheory
import LanguageModels

extension PolicyTally {
  /// The tool's account of the added text; `evaluation` is the evaluation of the same text.
  package func account(of evaluation: Evaluation) -> PolicyAccount {
    var account = PolicyAccount(
      policy: policy,
      ownTokens: evaluation.measure.tokens,
      ownBits: evaluation.total.surprisalBits,
      items: [],
      tokens: kept.tokens,
      bits: kept.bits,
      figures: []
    )
    if spellingBits > 0 {
      account.items.append(
        .init(
          what: "the spelling of unknown words, which it charges as <unk> alone",
          tokens: 0,
          bits: 0 - spellingBits
        )
      )
    }
    if raised.tokens > 0 {
      account.items.append(
        .init(
          what: "tokens of probability zero, charged as it reads the file",
          tokens: 0,
          bits: raised.bits - .infinity
        )
      )
    }
    if unscored.tokens > 0 && policy != .huggingFaceMean {
      account.charge(unscored, "tokens without a score, charged 8 bits a byte")
    }
    switch policy {
    case .kenlm: fillKenLM(&account)
    case .srilm: fillSRILM(&account)
    case .lmEval: fillLMEval(&account, bytes: evaluation.measure.bytes)
    case .huggingFaceMean: fillHuggingFace(&account)
    }
    return account
  }

  private func fillKenLM(_ account: inout PolicyAccount) {
    countForeignWords(&account)
    let kept = Sum(tokens: account.tokens, bits: account.bits)
    account.figures = [
      .perplexity(
        .perplexityIncludingOOVs,
        kept.bits,
        kept.tokens,
        "unknown words as <unk>"
      ),
      .perplexity(
        .perplexityExcludingOOVs,
        kept.bits - keptUnknown.bits,
        kept.tokens - keptUnknown.tokens,
        "without the unknown words"
      ),
      .count(.outOfVocabulary, keptUnknown.tokens, "and each literal <unk>"),
      .count(.tokens, kept.tokens, "words and one </s> a line"),
    ]
  }

  private func fillSRILM(_ account: inout PolicyAccount) {
    account.leaveOut(skippedLines, "lines that are skipped: blank, or begun by ##")
    account.leaveOut(unknownWords, "unknown words of probability zero")
    account.leaveOut(zeroProbabilities, "known tokens of probability zero")
    countForeignWords(&account)
    let kept = Sum(tokens: account.tokens, bits: account.bits)
    let wordCount =
      countsForeignWords
      ? foreignWordCount
      : kept.tokens + unknownWords.tokens + zeroProbabilities.tokens - sentenceCount
    account.figures = [
      .perplexity(.perplexity, kept.bits, kept.tokens, "words and one </s> a sentence"),
      .perplexity(
        .perplexityWithoutEnds,
        kept.bits,
        kept.tokens - sentenceCount,
        "the same bits, words alone"
      ),
      .perplexity(
        .perplexityWithoutUnknown,
        kept.bits - keptUnknown.bits,
        kept.tokens - keptUnknown.tokens,
        "the known words alone"
      ),
      .init(
        kind: .log10Probability,
        value: LogProbability(bits: 0 - kept.bits).log10,
        meaning: "logprob, to base 10"
      ),
      .count(.sentences, sentenceCount, "lines with words on them"),
      .count(.words, wordCount, "tokens but </s>"),
      .count(.outOfVocabulary, unknownWords.tokens, "unknown words of probability zero"),
      .count(.zeroProbabilities, zeroProbabilities.tokens, "zeroprobs"),
    ]
  }

  /// Counts the words of the text and an end for each line in place of another program's tokens.
  private func countForeignWords(_ account: inout PolicyAccount) {
    guard countsForeignWords else { return }
    let count = max(0, foreignWordCount + sentenceCount - zeroProbabilities.tokens)
    account.items.append(
      .init(
        what: "words and line ends in place of tokens",
        tokens: count - account.tokens,
        bits: 0
      )
    )
    account.tokens = count
  }

  private func fillLMEval(_ account: inout PolicyAccount, bytes: Int) {
    account.leaveOut(endMarks, "the ends of documents, which are not scored")
    let bits = account.bits
    account.figures = [
      .perplexity(.wordPerplexity, bits, words.count, "over words"),
      .perplexity(.bytePerplexity, bits, bytes, "over bytes"),
      .init(kind: .bitsPerByte, value: bits / Double(bytes), meaning: "over bytes"),
      .count(.words, words.count, "cut at white space"),
      .count(.bytes, bytes, "of UTF-8"),
    ]
  }

  private func fillHuggingFace(_ account: inout PolicyAccount) {
    account.leaveOut(endMarks, "end marks, which are not scored")
    account.leaveOut(lineEnds, "line ends, which a list of lines lacks")
    if unscored.tokens > 0 {
      account.items.append(
        .init(what: "tokens without a score (\(unscored.tokens)), not charged", tokens: 0, bits: 0)
      )
    }
    account.figures = [
      .init(
        kind: .meanPerplexity,
        value: linePerplexitySum / Double(lineCount),
        meaning: "mean of the lines' perplexities"
      ),
      .perplexity(.textPerplexity, kept.bits, kept.tokens, "of all lines together"),
      .count(.lines, lineCount, "lines with tokens on them"),
      .count(.tokens, kept.tokens, "tokens of these lines"),
    ]
  }
}

extension PolicyAccount {
  /// Records that tokens are charged that have no score.
  fileprivate mutating func charge(_ sum: PolicyTally.Sum, _ what: String) {
    items.append(Item(what: what, tokens: sum.tokens, bits: sum.bits))
    tokens += sum.tokens
    bits += sum.bits
  }

  /// Records that tokens are left out, if there are any.
  fileprivate mutating func leaveOut(_ sum: PolicyTally.Sum, _ what: String) {
    guard sum.tokens > 0 else { return }
    items.append(Item(what: what, tokens: -sum.tokens, bits: 0 - sum.bits))
  }
}

extension PolicyAccount.Figure {
  fileprivate static func perplexity(
    _ kind: Kind,
    _ bits: Double,
    _ count: Int,
    _ meaning: String
  ) -> Self {
    let value = count > 0 ? InformationTheory.perplexity(ofBits: bits / Double(count)) : .nan
    return Self(kind: kind, value: value, meaning: meaning)
  }

  fileprivate static func count(_ kind: Kind, _ count: Int, _ meaning: String) -> Self {
    Self(kind: kind, value: Double(count), meaning: meaning)
  }
}
