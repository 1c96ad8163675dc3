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
    item["meta_info"]?.kind == .object || lists.contains { item[$0] != nil }
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    let info = item["meta_info"] ?? item
    var builder = DocumentBuilder(location)
    builder.allowMissingSpaces()
    guard lists.contains(where: { info[$0] != nil }) else {
      throw location.error(
        .missing("log-probabilities", form: .sglang, remedy: ExternalForm.sglang.request)
      )
    }
    try append(info[lists[0]], to: &builder)
    let promptTokenCount = builder.document.tokens.count
    if promptTokenCount > 0 {
      builder.endPrompt(after: promptTokenCount)
    } else {
      builder.markAnswer()
    }
    try append(info[lists[1]], to: &builder)
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
    _ list: JSONItem?,
    to builder: inout DocumentBuilder
  ) throws(ExternalModelError) {
    guard let list else { return }
    for token in list.elements {
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
}
