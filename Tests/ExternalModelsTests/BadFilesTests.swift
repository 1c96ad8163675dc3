import ExternalModels
import Testing

/// Each bad file is answered with one line.
@Suite struct BadFilesTests {
  static let text = "Oda ran home.\nShe sat.\n"

  private static func tokens(_ list: String, unit: String = "nat") -> String {
    #"{"unit": "\#(unit)", "tokens": [\#(list)]}"#
  }

  private static let first = tokens(
    #"{"t": "Oda", "lp": null}, {"t": " ran", "lp": -1}, {"t": " home.", "lp": -2}"#
  )
  private static let second = tokens(#"{"t": "She sat.", "lp": -1}"#)

  static let files: [(String, String)] = [
    (
      first + "\n" + tokens(#"{"t": "She", "lp": -1}, {"t": " ran.", "lp": -1}"#),
      "scores.jsonl:2: token 2, ' ran.', is not what text.txt has at byte 17, ' sat.\\n'; the text "
        + "has changed since it was scored, or the file belongs to another"
    ),
    (
      tokens(#"{"t": "Oda", "lp": -1}, {"t": "Ġran", "lp": -1}, {"t": " home", "lp": -1}"#),
      "scores.jsonl:1: token 2, 'Ġran', is not what text.txt has at byte 3, ' ran home.\\nS'; the "
        + "tokens are in a tokenizer's own alphabet: write each as decoded text"
    ),
    (
      tokens(#"{"t": "å¤©", "lp": -1}, {"t": " 天", "lp": -1}"#),
      "scores.jsonl:1: token 1, 'å¤©', is not what text.txt has at byte 0, 'Oda ran home'; the "
        + "tokens are in a tokenizer's own alphabet: write each as decoded text"
    ),
    (
      // In the alphabet, but of another text: the place and the bytes are the token's own.
      tokens(#"{"t": "Oda", "lp": -1}, {"t": "Ġran", "lp": -1}, {"t": "Ġhouse", "lp": -1}"#),
      "scores.jsonl:1: token 3, ' house', is not what text.txt has at byte 7, ' home.\\nShe s'; the "
        + "text has changed since it was scored, or the file belongs to another"
    ),
    (
      tokens(#"{"t": "Oda", "lp": -1}, {"t": "ran", "lp": -1}"#),
      "scores.jsonl:1: token 2, 'ran', is not what text.txt has at byte 3, ' ran home.\\nS'; the "
        + "token has other spaces than the text: write each token with the spaces that belong to it"
    ),
    (
      tokens(#"{"t": "oda", "lp": -1}"#),
      "scores.jsonl:1: token 1, 'oda', is not what text.txt has at byte 0, 'Oda ran home'; the "
        + "token has other capital letters than the text: score the text as the program read it"
    ),
    (
      tokens(#"{"t": "Oda ran home.\r\n", "lp": -1}"#),
      "scores.jsonl:1: token 1, 'Oda ran home.\\r\\n', is not what text.txt has at byte 0, "
        + "'Oda ran home.\\nS'; the token has carriage returns that the text lacks: score the text as "
        + "the program read it"
    ),
    (
      #"{"choices": [{"message": {"content": "Fine."}, "logprobs": {"content": [{"token": "Fine", "logprob": -1}, {"token": ".", "logprob": -1}]}}]}"#,
      "scores.jsonl:1: token 1, 'Fine', is not what text.txt has at byte 0, 'Oda ran home'; these "
        + "are the tokens of an answer, not of its prompt: give the answer as the text"
    ),
    (
      tokens(#"{"t": "She sat.", "lp": -1}"#) + "\n" + first,
      "scores.jsonl:1: token 1, 'She sat.', is not what text.txt has at byte 0, 'Oda ran home'; the "
        + "document is what the text has at byte 14: the documents before it are missing, or out of "
        + "order"
    ),
    (
      #"{"choices": [{"logprobs": {"tokens": ["token_id:607"], "token_logprobs": [-1]}}]}"#,
      "scores.jsonl:1: token 1, 'token_id:607', is not what text.txt has at byte 0, 'Oda ran home'; "
        + "the tokens are numbers: ask the server for their text (return_tokens_as_token_ids off)"
    ),
    (
      #"{"text": "Oda ran home.", "unit": "nat", "tokens": [{"t": "Oda", "lp": -1}, {"t": "ran", "lp": -1}]}"#,
      "scores.jsonl:1: token 2, 'ran', is not what text.txt has at byte 3, ' ran home.\\nS'; the "
        + "tokens do not spell the document's own 'text', so their bytes were lost: write them as "
        + "'b'"
    ),
    (
      first,
      "scores.jsonl: the file ends, but text.txt continues at byte 14; was the program that "
        + "scored it stopped, or the text cut? score the rest too"
    ),
    (
      [first, second, second].joined(separator: "\n"),
      "scores.jsonl:3: the document begins after the end of text.txt; give the whole text that was "
        + "scored"
    ),
    (
      [first, tokens(#"{"t": "She sat.\nAgain", "lp": -1}"#)].joined(separator: "\n"),
      "scores.jsonl:2: token 1, 'She sat.\\nAgain', is not what text.txt has at byte 14, "
        + "'She sat.\\n'; the text has changed since it was scored, or the file belongs to another"
    ),
    (
      first + "\n" + second.dropLast(3) + "\n" + second,
      "scores.jsonl:2: the line ends at byte 159 in the middle of a value; was the program that "
        + "wrote it stopped? remove the line, or write the file again"
    ),
    (
      first.dropLast(9) + "\n" + second,
      "scores.jsonl:1: the line ends at byte 96 in the middle of a value; was the program that "
        + "wrote it stopped? remove the line, or write the file again"
    ),
    (
      first + "\n" + second + "]",
      "scores.jsonl:2: byte 162 of the file: expected the end of the line; this is not JSON, write "
        + "the file again"
    ),
    (
      #"{"unit": "nat", 'tokens': []}"#,
      "scores.jsonl:1: byte 16 of the file: expected a name in quotation marks; this is not JSON, "
        + "write the file again"
    ),
    (
      tokens(#"{"t": "Oda", "lp": 0.5}"#),
      "scores.jsonl:1: the log-probability of token 1 is 0.5, above 0, so the probability above 1; "
        + "are these probabilities? write their logarithms"
    ),
    (
      tokens(#"{"t": "Oda", "lp": -1}, {"t": " ran", "lp": 7.25}"#),
      "scores.jsonl:1: the log-probability of token 2 is 7.25, above 0, so the probability above "
        + "1; are these logits? apply log-softmax first"
    ),
    (
      tokens(#"{"t": "Oda", "lp": 1.5}, {"t": " ran", "lp": 7.25}"#),
      "scores.jsonl:1: the log-probability of token 1 is 1.5, above 0, so the probability above 1; "
        + "no number is below 0: are these surprisals? negate them, or write \"key\": \"surprisal\" "
        + "beside 'unit' (or are they logits? apply log-softmax first)"
    ),
    (
      #"{"unit": "bit", "key": "surprisal", "tokens": [{"t": "Oda", "lp": -2}]}"#,
      "scores.jsonl:1: the surprisal of token 1 is -2.0, below 0, so the probability above 1; if "
        + "these are log-probabilities, leave out 'key'"
    ),
    (
      #"{"unit": "bit", "key": "entropy", "tokens": [{"t": "Oda", "lp": 2}]}"#,
      "scores.jsonl:1: 'entropy' is not a kind of numbers; write \"key\": \"surprisal\", or leave it "
        + "out"
    ),
    (
      first + "\n" + #"{"key": "surprisal", "tokens": [{"t": "She sat.", "lp": 1}]}"#,
      "scores.jsonl:2: 'key' is surprisal, on line 1 it was log-probability; write one kind of "
        + "numbers in a file"
    ),
    (
      tokens(#"{"t": "Oda", "lp": NaN}"#),
      "scores.jsonl:1: the log-probability of token 1 is NaN; look for the fault in the model's "
        + "numbers"
    ),
    (
      tokens(#"{"t": "Oda", "lp": "low"}"#),
      "scores.jsonl:1: the log-probability of token 1 is \"low\"; write a number, or null for none"
    ),
    (
      tokens(#"{"t": "Oda"}"#),
      "scores.jsonl:1: this object with tokens has no 'lp' in token 1; write null where it has none"
    ),
    (
      tokens(#"{"lp": -1}"#),
      "scores.jsonl:1: token 1 has neither a spelling nor offsets; write 't', 'b', or 's' and 'e'"
    ),
    (
      first + "\n" + tokens(#"{"t": "She sat.", "lp": -1}"#, unit: "bit"),
      "scores.jsonl:2: the unit is bit, on line 1 it was nat; write one unit in a file"
    ),
    (
      tokens(#"{"t": "She sat.", "lp": -1}"#, unit: "ban"),
      "scores.jsonl:1: 'ban' is not a unit of log-probabilities; write nat, bit or log10"
    ),
    (
      #"{"tokens": [{"t": "Oda", "lp": -1}]}"#,
      "scores.jsonl:1: this object with tokens has no 'unit'; write \"unit\": \"nat\", \"bit\" or "
        + "\"log10\""
    ),
    (
      tokens(#"{"t": "Oda", "lp": -0.3, "top": [{"t": "Oda", "lp": -0.3}, -0.4]}"#),
      "scores.jsonl:1: the probabilities listed for token 1 add up to 1.411 when read as "
        + "natural logarithms, but cannot exceed 1; check the unit"
    ),
    (
      tokens(#"{"lp": -1, "s": 0, "e": 3}, {"lp": -1, "s": 4, "e": 8}"#),
      "scores.jsonl:1: 's' puts token 2 at 4, the tokens before it end at 3; it counts bytes of "
        + "UTF-8"
    ),
    (
      first + "\n" + #"{"choices": [{"logprobs": {"tokens": ["She"], "token_logprobs": [-1]}}]}"#,
      "scores.jsonl:2: this is an OpenAI completion, line 1 is an object with tokens; keep to one "
        + "form in a file"
    ),
    (
      #"{"model": "a", "choices": [{"logprobs": {"tokens": [], "token_logprobs": []}}]}"# + "\n"
        + #"{"model": "b", "choices": [{"logprobs": {"tokens": [], "token_logprobs": []}}]}"#,
      "scores.jsonl:2: this is by 'b', line 1 is by 'a'; give each model a file of its own"
    ),
    (
      #"{"choices": [{"logprobs": {"tokens": ["Oda", " ran"], "token_logprobs": [-1]}}]}"#,
      "scores.jsonl:1: 'tokens' has 2 entries and 'token_logprobs' 1; each token needs one of both"
    ),
    (
      #"{"choices": [{"text": "Oda ran home.", "logprobs": null}]}"#,
      "scores.jsonl:1: this OpenAI completion has no log-probabilities; ask for them with "
        + "\"logprobs\": 1 and \"echo\": true"
    ),
    (
      #"{"prompt_logprobs": [{"1": {"logprob": -1, "rank": 1, "decoded_token": "O"}, "2": {"logprob": -1.5, "rank": 2, "decoded_token": "Od"}}, {"3": {"logprob": -1, "rank": 1, "decoded_token": "da"}, "4": {"logprob": -1.5, "rank": 2, "decoded_token": "a"}}]}"#,
      "scores.jsonl:1: token 2 is one of 2 alternatives that all fit the text, and the file does "
        + "not say which; ask the server for prompt_token_ids (return_token_ids), or for prompt_logprobs=0"
    ),
    (
      #"{"meta_info": {"input_token_logprobs": [[null, 5, "Oda"], [-1, 7, null]]}}"#,
      "scores.jsonl:1: this SGLang answer has no text of token 2; ask for it with "
        + "\"return_text_in_logprobs\": true"
    ),
    (
      #"{"text": " It", "meta_info": {"prompt_tokens": 3, "completion_tokens": 1}}"#,
      "scores.jsonl:1: this SGLang answer has no log-probabilities; ask for them with "
        + "\"return_logprob\": true"
    ),
    (
      #"{"meta_info": {"output_token_logprobs": [[-1, 7, " It"]]}}"#,
      "scores.jsonl:1: token 1, ' It', is not what text.txt has at byte 0, 'Oda ran home'; these are "
        + "the tokens of an answer, not of its prompt: give the answer as the text"
    ),
    (
      #"{"meta_info": {"output_token_logprobs": [[-1, 7]]}}"#,
      "scores.jsonl:1: this SGLang answer has no text of token 1; ask for it with "
        + "\"return_text_in_logprobs\": true"
    ),
    (
      #"{"model": "m", "response": "Oda ran home.", "done": true}"#,
      "scores.jsonl:1: this Ollama answer has no log-probabilities; ask for them with "
        + "\"logprobs\": true"
    ),
    (
      #"{"choices": [{"index": 0, "delta": {"content": "Oda"}, "logprobs": null}]}"#,
      "scores.jsonl:1: this OpenAI chat completion has no log-probabilities; ask for them with "
        + "\"logprobs\": true"
    ),
    (
      #"data: {"error": {"message": "no such model", "code": 404}}"#,
      "scores.jsonl:1: this is an error of the server, 'no such model', and not an answer; remove "
        + "it, or ask again"
    ),
    (
      #"{"choices": [{"logprobs": {"tokens": ["Oda ran home.\nShe sat.\n"], "token_logprobs": [null]}}]}"#,
      "scores.jsonl: no token has a log-probability; a text needs two tokens at least, as the first "
        + "has none"
    ),
    (
      #"{"prompt_logprobs": [null, {"7": {"logprob": -1, "rank": 1, "decoded_token": null}}]}"#,
      "scores.jsonl:1: token 2 has neither a spelling nor offsets; write 't', 'b', or 's' and 'e'"
    ),
    (
      #"{"completion_probabilities": [{"token": "Oda"}]}"#,
      "scores.jsonl:1: this llama.cpp server response has no 'logprob', 'prob' or 'probs' in "
        + "token 1; ask for them with \"n_probs\": 1"
    ),
    (
      #"{"doc_id": 0, "target": "A", "resps": [[["-1.5", "False"]]], "acc": 1.0}"#,
      "scores.jsonl:1: this sample of lm-eval has no log-likelihood of a text; give the samples "
        + "of a task of the kind loglikelihood_rolling"
    ),
    (
      #"{"perplexities": [61.2, 6.1], "mean_perplexity": 33.65}"#,
      "scores.jsonl:1: 'mean_perplexity' (a mean of perplexities is not a perplexity) is a "
        + "summary and not the score of any text; give the log-probabilities of the tokens "
        + "(lm-eval writes a text's with --log_samples)"
    ),
    (
      #"{"words": ["Oda"], "scores": [-1]}"#,
      "scores.jsonl:1: an object with the keys 'words', 'scores' is not a known form of "
        + "log-probabilities; write 'tokens', each with 't' and 'lp'"
    ),
    ("\n", "scores.jsonl: the file has no documents; give one JSON object per line"),
  ]

  @Test(arguments: files)
  func `a bad file is answered with one line`(file: String, line: String) throws {
    let found = try message(file, on: Self.text)
    #expect(found == line)
  }

  @Test func `the figures of a text are those of no other`() throws {
    let file = Self.first + "\n" + Self.second
    #expect(try message(file, on: Self.text) == "scored 3 tokens")
    for index in Self.text.utf8.indices {
      var changed = Self.text
      let position = changed.utf8.distance(from: changed.startIndex, to: index)
      changed.replaceSubrange(index...index, with: "#")
      let line = try message(file, on: changed)
      #expect(line.contains("text.txt"), "byte \(position): \(line)")
    }
  }

  @Test(arguments: FormsTests.prompts + FormsTests.answers)
  func `a file with bytes changed is scored or refused with one line`(
    name: String,
    file: String
  ) throws {
    let bytes = Array(file.utf8)
    for index in stride(from: 3, to: bytes.count, by: 11) {
      var changed = bytes
      changed[index] = Array("9-\"[{,".utf8)[index % 6]
      do {
        _ = try scored(changed, on: Array("Oda ran.\n".utf8))
      } catch let error as BadFile {
        #expect(!error.line.contains("\n"), "byte \(index)")
      }
    }
  }
}
