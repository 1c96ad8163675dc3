import ExternalModels
import LanguageModels
import Perplexity
import Testing

/// The same scores in every form: `Oda ran.` as three tokens, the first without a score, the others of
/// 1/4 and 1/8.
@Suite struct FormsTests {
  private static let text = "Oda ran.\n"
  private static let quarter = "-1.3862943611198906"
  private static let eighth = "-2.0794415416798357"

  private static let completion = """
    {"model": "m", "usage": {"prompt_tokens": 3}, "choices": [{"text": "Oda ran.", "logprobs":
    {"tokens": ["Oda", " ran", "."], "token_logprobs": [null, \(quarter), \(eighth)],
    "text_offset": [0, 3, 7],
    "top_logprobs": [null, {" ran": \(quarter), "x": -1.5}, {".": \(eighth)}]}}]}
    """

  static let prompts: [(String, String)] = [
    (
      "neutral, in nats",
      """
      {"id": 1, "text": "Oda ran.", "unit": "nat", "tokens": [{"t": "Oda", "lp": null, "s": 0, "e": 3},
      {"t": " ran", "lp": \(quarter), "s": 3, "e": 7}, {"t": ".", "lp": \(eighth), "s": 7, "e": 8}]}
      """
    ),
    (
      "neutral, in bits and bytes",
      """
      {"unit": "bit", "tokens": [{"b": [79, 100, 97], "lp": null}, {"t": " ran", "lp": -2},
      {"s": 7, "e": 8, "lp": -3}]}
      """
    ),
    (
      "neutral, log10",
      """
      {"unit": "log10", "tokens": [{"t": "Oda", "lp": null}, {"t": " ran", "lp": -0.6020599913279624},
      {"t": ".", "lp": -0.9030899869919435}]}
      """
    ),
    ("OpenAI completion", completion),
    (
      "vLLM with one entry a token",
      """
      {"choices": [{"prompt_logprobs": [null,
      {"7": {"logprob": \(quarter), "rank": 3, "decoded_token": " ran"}},
      {"9": {"logprob": \(eighth), "rank": 5, "decoded_token": "."}}]}]}
      """
    ),
    (
      "vLLM with numbers of the prompt's tokens",
      """
      {"prompt_token_ids": [5, 7, 9], "prompt_logprobs": [null,
      {"8": {"logprob": -0.7, "rank": 1, "decoded_token": " sat"},
      "7": {"logprob": \(quarter), "rank": 2, "decoded_token": " ran"}},
      {"9": {"logprob": \(eighth), "decoded_token": "."}}]}
      """
    ),
    (
      "vLLM, where the prompt's token is not listed for its own sake",
      """
      {"prompt_logprobs": [null,
      {"7": {"logprob": \(quarter), "rank": 4, "decoded_token": " ran"},
      "8": {"logprob": -0.7, "rank": 1, "decoded_token": " sat"}},
      {"9": {"logprob": \(eighth), "decoded_token": "."}}]}
      """
    ),
    (
      "TGI",
      """
      [{"generated_text": "x", "details": {"prefill": [{"id": 1, "text": "<s>", "logprob": null},
      {"id": 5, "text": "Oda", "logprob": null}, {"id": 7, "text": "ran", "logprob": \(quarter)},
      {"id": 9, "text": ".", "logprob": \(eighth)}],
      "tokens": [{"id": 2, "text": "x", "logprob": -1, "special": false}]}}]
      """
    ),
  ]

  static let answers: [(String, String)] = [
    (
      "OpenAI chat",
      """
      {"choices": [{"message": {"content": "ran."}, "logprobs": {"content": [
      {"token": "ran", "logprob": \(quarter), "bytes": [114, 97, 110], "top_logprobs": []},
      {"token": ".", "logprob": \(eighth), "bytes": null}]}}]}
      """
    ),
    (
      "llama.cpp server",
      """
      {"content": "ran.", "completion_probabilities": [
      {"id": 1, "token": "ran", "bytes": [114, 97, 110], "logprob": \(quarter), "top_logprobs": []},
      {"id": 2, "token": ".", "bytes": [46], "logprob": \(eighth), "top_logprobs": []}]}
      """
    ),
    (
      "llama.cpp server after sampling",
      """
      {"content": "ran.", "completion_probabilities": [
      {"id": 1, "token": "ran", "bytes": [114, 97, 110], "prob": 0.25, "top_probs": []},
      {"id": 2, "token": ".", "bytes": [46], "prob": 0.125, "top_probs": []}]}
      """
    ),
    (
      "llama.cpp server of old",
      """
      {"content": "ran.", "completion_probabilities": [
      {"content": "ran", "probs": [{"tok_str": "sat", "prob": 0.75}, {"tok_str": "ran", "prob": 0.25}]},
      {"content": ".", "probs": [{"tok_str": ".", "prob": 0.125}]}]}
      """
    ),
    (
      "TGI without the prompt",
      """
      {"details": {"prefill": [], "tokens": [{"id": 1, "text": "ran", "logprob": \(quarter)},
      {"id": 2, "text": ".", "logprob": \(eighth)},
      {"id": 3, "text": "</s>", "logprob": -2, "special": true}]}}
      """
    ),
  ]

  @Test(arguments: prompts)
  func `a scored prompt has the same figures in every form`(name: String, file: String) throws {
    let scored = try scored(file, on: Self.text)
    #expect(scored.tokens == ["Oda", " ran", ".", "\n"])
    let bits = scored.bits
    #expect(bits[0] == nil && bits[3] == nil)
    #expect(abs((bits[1] ?? 0) - 2) < 1e-12)
    #expect(abs((bits[2] ?? 0) - 3) < 1e-12)
    // Two tokens of five bits; the first, of three bytes, and the line end have no score.
    let measure = scored.evaluation.measure
    #expect((measure.tokens, measure.unscoredTokens, measure.unscoredBytes) == (2, 2, 4))
    #expect((measure.bytes, measure.sequences) == (9, 1))
    #expect(abs(scored.evaluation.perplexity - 5.656854249492381) < 1e-9)
    #expect(abs(scored.evaluation.bitsPerByte - (5.0 + 32) / 9) < 1e-12)
  }

  @Test(arguments: answers)
  func `a scored answer has the same figures in every form`(name: String, file: String) throws {
    let scored = try scored(file, on: "ran.")
    #expect(scored.tokens == ["ran", "."])
    #expect(abs(scored.evaluation.total.bits + 5) < 1e-12)
    #expect(scored.evaluation.measure.unscoredBytes == 0)
  }

  @Test func `one object on one line and one over many lines are the same`() throws {
    let line = Self.completion.replacing("\n", with: " ")
    let spread = Self.completion.replacing(",", with: ",\n")
    let left = try scored(line + "\n", on: Self.text)
    let right = try scored(spread, on: Self.text)
    #expect(left.evaluation == right.evaluation)
    #expect(try scored("\u{FEFF}" + line, on: Self.text).evaluation == left.evaluation)
    #expect(try scored(line + "\r\n\n", on: Self.text).evaluation == left.evaluation)
  }

  @Test func `samples of lm-eval are a token a document`() throws {
    let file = """
      {"doc_id": 0, "target": "Oda ran.", "arguments": {"gen_args_0": {"arg_0": "Oda ran."}}, \
      "resps": [["-3"]], "word_perplexity": [-3, 2], "byte_perplexity": [-3, 8], \
      "bits_per_byte": [-3, 8]}
      {"doc_id": 1, "target": "", "arguments": [["Home."]], "resps": [[-2]], \
      "byte_perplexity": [-2, 7]}
      """
    let scored = try scored(file, on: "Oda ran.\r\n\r\nHome.\n")
    #expect(scored.tokens == ["Oda ran.", "\r\n", "\r\n", "Home.", "\n"])
    #expect(scored.evaluation.measure.tokens == 2)
    #expect(abs(scored.evaluation.total.nats + 5) < 1e-12)
    #expect(scored.notes.count == 3)
    #expect(scored.notes[0].hasPrefix("each token is a whole document"))
    #expect(scored.notes[1].hasPrefix("1 document with another byte count"))
  }

  @Test func `generated tokens and ends that are no part of the text are left out and said so`()
    throws
  {
    let prompt = try scored(Self.prompts.last?.1 ?? "", on: Self.text)
    #expect(
      prompt.notes == [
        "1 special token at the start of documents left out: not in the text",
        "1 generated token after the text left out",
        "1 token written with a missing or an extra space at the start, corrected from the text",
        "1 byte of line ends outside all documents, so without a score",
      ]
    )
    let answer = try scored(Self.answers.last?.1 ?? "", on: "ran.")
    #expect(
      answer.notes == [
        "1 special token at the end of documents left out, 2.9 bits in all: not in the text"
      ]
    )
    // Where the text goes on with what was generated, that is scored too.
    #expect(try scored(Self.prompts.last?.1 ?? "", on: "Oda ran.x").evaluation.measure.tokens == 3)
  }
}
