import Records

/// The answers of SGLang's `/generate` with `return_logprob`, and of servers like it.
///
/// A token is a list: its log-probability, its number and, with `return_text_in_logprobs`, its
/// text. The prompt's tokens come first, then the generated ones. In a stream each answer has all
/// tokens so far.
enum SGLangForm: ObjectForm {
  static let name = "SGLang answer"

  private static let lists = ["input_token_logprobs", "output_token_logprobs"]

  static func isForm(_ item: JSONItem) -> Bool {
    lists.contains { item[$0] != nil || item["meta_info"]?[$0] != nil }
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    let info = item["meta_info"] ?? item
    var builder = DocumentBuilder(location)
    builder.allowMissingSpaces()
    for key in lists {
      guard let tokens = info[key] else { continue }
      for token in tokens.elements { try append(token, to: &builder) }
      let count = builder.document.tokens.count
      if key == lists[0] {
        if count > 0 { builder.endPrompt(after: count) } else { builder.markAnswer() }
      }
    }
    if facts.isEventStream {
      let count = info[lists[1]]?.count ?? 0
      builder.markPart(
        of: .init(
          id: info["id"]?.string?.bytes,
          index: item["index"]?.integer ?? 0,
          isCumulative: info["completion_tokens"]?.integer ?? count == count
        )
      )
    }
    return [builder.document]
  }

  private static func append(
    _ token: JSONItem,
    to builder: inout DocumentBuilder
  ) throws(ExternalModelError) {
    var fields = token.elements
    let score = fields.next()
    _ = fields.next()
    guard let text = fields.next()?.string else {
      throw builder.location.error(
        .missing(
          "text of token \(builder.tokenNumber)",
          form: .sglang,
          remedy: "ask for it with \"return_text_in_logprobs\": true"
        )
      )
    }
    try builder.append(text, try builder.logProbability(score))
  }
}
