/// Whose way of counting a figure is given in.
///
/// Every tool has a custom of its own of what a token is and which of them count, so the same scores
/// make different perplexities. A ``PolicyTally`` counts by one of them, and a ``PolicyAccount`` says
/// in tokens and bits what it does otherwise than ``Evaluation``.
///
/// What depends on more than counting stays as it is in the model at hand: the tokens themselves, the
/// context that each was scored with, the precision of a tool's arithmetic.
public enum CountingPolicy: String, CaseIterable, Sendable {
  /// The summary of KenLM's `query` (commit 4cb443e, lm/ngram_query.hh).
  ///
  ///     including OOVs = 10^(−L / N)      excluding OOVs = 10^(−(L − Lₒ) / (N − O))
  ///
  /// L is the log₁₀-probability of all N tokens, one `</s>` a line among them; Lₒ is that of the O
  /// tokens numbered as `<unk>`, a literal `<unk>` of the text too. An unknown word costs what `<unk>`
  /// does; where the model gives that nothing, 10⁻¹⁰⁰ (lm/config.cc, `unknown_missing_logprob`).
  ///
  /// Not to be had from scores: KenLM adds a line up in single precision, and drops the sum of a last
  /// line that has no line end while it counts its words.
  case kenlm

  /// The summary of SRILM's `ngram -ppl` (1.7.3, lm/src/LM.cc and TextStats.cc).
  ///
  ///     ppl = 10^(−L / (W − O − Z + S))      ppl1 = 10^(−L / (W − O − Z))
  ///
  /// W are the words, S the sentences with a `</s>` each, O the unknown words and Z the other tokens
  /// of probability zero. A model made without `-unk` gives unknown words nothing, so O and Z are left
  /// out of L and of both denominators; with `-unk` `<unk>` is a word like any other, which is the
  /// figure ``PolicyAccount/Figure/Kind/perplexityWithUnknown``. Blank lines, and lines that begin with
  /// `##`, are skipped (misc/src/File.cc).
  ///
  /// Not to be had from scores: SRILM adds weights and probabilities in single precision.
  case srilm

  /// `word_perplexity`, `byte_perplexity` and `bits_per_byte` of EleutherAI's lm-evaluation-harness
  /// (0.4, lm_eval/tasks/wikitext/preprocess_wikitext.py and lm_eval/api/metrics.py).
  ///
  ///     word_perplexity = e^(−l / words)    byte_perplexity = e^(−l / bytes)
  ///
  /// l is the log-likelihood of all tokens but an end mark of the document, each text being one
  /// document; words are the pieces between white space, `len(re.split(r"\s+", document))`, which
  /// counts the nothing after a last line end as a word; bytes are those of UTF-8. The `</s>` of a line
  /// stands for its line end, which is text, and stays.
  ///
  /// Not to be had from scores: what the task does to the text before a model sees it.
  case lmEval = "lm-eval"

  /// `mean_perplexity` of the measurement `perplexity` of Hugging Face's evaluate (0.4,
  /// measurements/perplexity/perplexity.py).
  ///
  ///     mean over lines of e^(−lᵢ / nᵢ)
  ///
  /// lᵢ is the log-likelihood of the nᵢ tokens of line i after a start token, no end mark and no line
  /// end among them. That is a mean of perplexities and no perplexity of the text: short and odd
  /// lines weigh as much as long ones. Lines without tokens, which it refuses, are left out.
  ///
  /// Not to be had from scores: it begins each line anew, where a model of documents looks back.
  case huggingFaceMean = "huggingface-mean"
}

/// A figure as another tool counts it, and all that makes it differ.
public struct PolicyAccount: Sendable, Equatable {
  /// Tokens and their bits that are counted otherwise.
  public struct Item: Sendable, Equatable {
    /// What they are, in words.
    public var what: String
    /// How many tokens more the tool counts; negative where it leaves some out.
    public var tokens: Int
    /// How many bits more it counts.
    public var bits: Double
  }

  /// A number that the tool gives.
  public struct Figure: Sendable, Equatable {
    /// What a figure is.
    public enum Kind: String, Sendable {
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
      case perplexityWithUnknown = "ppl_with_unknown"
      case wordPerplexity = "word_perplexity"
      case bytePerplexity = "byte_perplexity"
      case bitsPerByte = "bits_per_byte"
      case meanPerplexity = "mean_perplexity"
      case textPerplexity = "perplexity"
    }

    /// What it is.
    public var kind: Kind
    /// Its value; NaN where it is not defined.
    public var value: Double
    /// How it comes about, in a few words.
    public var meaning: String

    /// Whether it is a number of things.
    public var isCount: Bool {
      switch kind {
      case .outOfVocabulary, .zeroProbabilities, .tokens, .words, .sentences, .lines, .bytes: true
      default: false
      }
    }
  }

  /// Whose figure it is.
  public var policy: CountingPolicy
  /// The tokens that ``Evaluation`` counts.
  public var ownTokens: Int
  /// Their bits.
  public var ownBits: Double
  /// Every difference: ``ownTokens`` and ``ownBits`` with these added are the tool's.
  ///
  /// The bits of a token of probability zero are infinite, and leave no sum to be checked.
  public var items: [Item]
  /// The tokens that the tool counts, added up for themselves.
  public var tokens: Int
  /// Their bits.
  public var bits: Double
  /// What the tool prints, the foremost figure first.
  public var figures: [Figure]

  /// The figure of that kind, where the tool has it.
  public subscript(kind: Figure.Kind) -> Double? { figures.first { $0.kind == kind }?.value }
}
