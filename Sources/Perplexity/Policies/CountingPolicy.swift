/// A tool's way of counting tokens for a perplexity.
///
/// Each tool has its own definition of a token and of the tokens that count, so the same scores
/// give different perplexities. A ``PolicyTally`` counts by one of these policies, and a
/// ``PolicyAccount`` lists its differences from ``Evaluation``, in tokens and bits.
///
/// A policy changes only the counting. The tokens, the context of each and the precision of the
/// arithmetic stay as in the model at hand.
package enum CountingPolicy: String, CaseIterable, Sendable {
  /// The summary of KenLM's `query` (commit 4cb443e, lm/ngram_query.hh).
  ///
  ///     including OOVs = 10^(−L / N)      excluding OOVs = 10^(−(L − Lₒ) / (N − O))
  ///
  /// L is the log₁₀-probability of all N tokens, including one `</s>` per line; Lₒ is that of the O
  /// tokens numbered as `<unk>`, including a literal `<unk>` in the text. An unknown word costs as
  /// much as `<unk>`, which has 10⁻¹⁰⁰ if the file has none (lm/config.cc,
  /// `unknown_missing_logprob`); the back-off weights of the context come on top. -99 in a file is
  /// 10⁻⁹⁹ and not zero.
  ///
  /// Scores cannot reproduce two details: KenLM adds up a line in single precision, and if the last
  /// line has no line end, it drops the sum of that line but counts its words.
  case kenlm

  /// The summary of SRILM's `ngram -ppl` (1.7.3, lm/src/LM.cc and TextStats.cc).
  ///
  ///     ppl = 10^(−L / (W − O − Z + S))      ppl1 = 10^(−L / (W − O − Z))
  ///
  /// W is the number of words, S the number of sentences with one `</s>` each, O the number of
  /// unknown words with probability zero and Z that of the other tokens with probability zero. O
  /// and Z are left out of L and of both denominators. A model made without `-unk` gives unknown
  /// words no probability. In one that does, `<unk>` is a word like any other, and none is counted
  /// in O; ``PolicyAccount/Figure/Kind/perplexityWithoutUnknown`` leaves unknown words out all the
  /// same. -99 in a file is zero, and no other number is. Blank lines and lines that begin with `##`
  /// are skipped (misc/src/File.cc).
  ///
  /// Scores cannot reproduce one detail: SRILM adds weights and probabilities in single precision.
  case srilm

  /// `word_perplexity`, `byte_perplexity` and `bits_per_byte` of EleutherAI's lm-evaluation-harness
  /// (0.4, lm_eval/tasks/wikitext/preprocess_wikitext.py and lm_eval/api/metrics.py).
  ///
  ///     word_perplexity = e^(−l / words)    byte_perplexity = e^(−l / bytes)
  ///
  /// l is the log-likelihood of all tokens except the end mark of a document; each text is one
  /// document. Words are the pieces between white space, `len(re.split(r"\s+", document))`, which
  /// counts the empty string after a final line end as a word. Bytes are those of UTF-8. The `</s>`
  /// of a line stands for its line end, which is text, and counts.
  ///
  /// Scores cannot reproduce one detail: the task changes the text before a model sees it.
  case lmEval = "lm-eval"

  /// `mean_perplexity` of the measurement `perplexity` of Hugging Face's evaluate (0.4,
  /// measurements/perplexity/perplexity.py).
  ///
  ///     mean over lines of e^(−lᵢ / nᵢ)
  ///
  /// lᵢ is the log-likelihood of the nᵢ tokens of line i after a start token, without end marks and
  /// line ends. This is a mean of perplexities, not a perplexity of the text: short and unusual
  /// lines weigh as much as long ones. Lines without tokens, which the measurement rejects, are
  /// left out.
  ///
  /// Scores cannot reproduce one detail: the measurement begins each line without context, where a
  /// model of documents uses it.
  case huggingFaceMean = "huggingface-mean"
}

/// A figure by another tool's counting, and its differences from ``Evaluation``.
package struct PolicyAccount: Sendable, Equatable {
  /// A group of tokens that the tool counts differently.
  package struct Item: Sendable, Equatable {
    /// A description of the tokens.
    package var what: String
    /// The number of tokens that the tool adds; negative if it leaves some out.
    package var tokens: Int
    /// The number of bits that it adds.
    package var bits: Double
  }

  /// A number that the tool prints.
  package struct Figure: Sendable, Equatable {
    /// The kind of a figure.
    package enum Kind: String, Sendable {
      case perplexityIncludingOOVs = "perplexity_including_oov"
      case perplexityExcludingOOVs = "perplexity_excluding_oov"
      case outOfVocabulary = "out_of_vocabulary"
      case zeroProbabilities = "zero_probabilities"
      case tokens = "tokens"
      case words = "words"
      case sentences = "sentences"
      case lines = "lines"
      case bytes = "bytes"
      case log10Probability = "log10_probability"
      case perplexity = "ppl"
      case perplexityWithoutEnds = "ppl1"
      case perplexityWithoutUnknown = "ppl_without_unknown"
      case wordPerplexity = "word_perplexity"
      case bytePerplexity = "byte_perplexity"
      case bitsPerByte = "bits_per_byte"
      case meanPerplexity = "mean_perplexity"
      case textPerplexity = "perplexity"
    }

    /// The kind of the figure.
    package var kind: Kind
    /// Its value; NaN if it is undefined.
    package var value: Double
    /// A short description of its computation.
    package var meaning: String

    /// True if the figure is a count.
    package var isCount: Bool {
      switch kind {
      case .outOfVocabulary, .zeroProbabilities, .tokens, .words, .sentences, .lines, .bytes: true
      default: false
      }
    }
  }

  /// The policy of the figures.
  package var policy: CountingPolicy
  /// The number of tokens in ``Evaluation``.
  package var ownTokens: Int
  /// The bits of these tokens.
  package var ownBits: Double
  /// All differences: ``ownTokens`` and ``ownBits`` plus these are the tool's numbers.
  ///
  /// The bits of a token with probability zero are infinite, so that sum of bits cannot be checked.
  package var items: [Item]
  /// The number of tokens that the tool counts, summed independently.
  package var tokens: Int
  /// The bits of these tokens.
  package var bits: Double
  /// The figures that the tool prints, the main one first.
  package var figures: [Figure]

  /// The value of the figure of this kind; nil if the tool has none.
  package subscript(kind: Figure.Kind) -> Double? { figures.first { $0.kind == kind }?.value }
}
