import Records

/// The responses of vLLM with `prompt_logprobs`: some alternatives for each token of the prompt.
///
/// Alternatives are keyed by token number. The prompt's own token is named by `prompt_token_ids`.
/// Without this list, it is the only alternative, or the only one too unlikely to be listed
/// otherwise.
enum VLLMForm: ObjectForm {
  static let name = "vLLM response with prompt_logprobs"

  static func isForm(_ item: JSONItem) -> Bool {
    if item["prompt_logprobs"]?.kind == .array { return true }
    return item["choices"]?.elements.contains { $0["prompt_logprobs"]?.kind == .array } ?? false
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    if let list = item["prompt_logprobs"], list.kind == .array {
      return [try document(list, ids: item["prompt_token_ids"], text: item["prompt"], location)]
    }
    var documents: [ExternalDocument] = []
    guard let choices = item["choices"] else { return [] }
    for choice in choices.elements {
      guard let list = choice["prompt_logprobs"], list.kind == .array else {
        throw location.error(
          .missing(
            "prompt_logprobs in each choice",
            form: .vLLM,
            remedy: "ask with prompt_logprobs=0"
          )
        )
      }
      documents.append(
        try document(list, ids: choice["prompt_token_ids"], text: choice["prompt"], location)
      )
    }
    return documents
  }

  private static func document(
    _ list: JSONItem,
    ids: JSONItem?,
    text: JSONItem?,
    _ location: FileLine
  ) throws(ExternalModelError) -> ExternalDocument {
    var builder = DocumentBuilder(location)
    builder.allowMissingSpaces()
    builder.setText(text)
    let ids = ids?.kind == .array ? ids : nil
    if let ids, ids.count != list.count {
      throw location.error(
        .unequalCounts("prompt_logprobs", list.count, "prompt_token_ids", ids.count)
      )
    }
    var id = ids?.elements
    for token in list.elements {
      let number = id?.next()?.integer
      if token.isNull {
        try builder.append(nil, nil)
        continue
      }
      let alternatives = token.members
      try builder.checkAlternatives(alternatives.lazy.map { $0.value["logprob"] })
      guard let own = own(alternatives, id: number) else {
        throw location.error(.ambiguous(token: builder.tokenNumber, count: alternatives.count))
      }
      try builder.append(
        own["decoded_token"]?.string,
        try builder.logProbability(own["logprob"])
      )
    }
    return builder.document
  }

  private static func own(
    _ alternatives: [(name: JSONItem, value: JSONItem)],
    id: Int?
  ) -> JSONItem? {
    if let id { return alternatives.first { $0.name.text == "\(id)" }?.value }
    if alternatives.count == 1 { return alternatives[0].value }
    // Of k + 1 entries, k are the likeliest, with ranks up to k.
    let unlisted = alternatives.filter { ($0.value["rank"]?.integer ?? 0) > alternatives.count - 1 }
    return unlisted.count == 1 && unlisted[0].value["rank"]?.integer != alternatives.count
      ? unlisted[0].value : nil
  }
}
