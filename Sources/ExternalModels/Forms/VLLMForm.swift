import Records

/// The responses of vLLM with `prompt_logprobs`: some alternatives for each token of the prompt.
///
/// Alternatives are keyed by token number: the `k` likeliest, and the prompt's own token if it is
/// none of these. The own token is named by `prompt_token_ids`. Without this list it is the one of
/// a rank above `k`; otherwise the text decides among the alternatives.
enum VLLMForm: ObjectForm {
  static let name = "vLLM response with prompt_logprobs"

  static func isForm(_ item: JSONItem) -> Bool {
    if item["prompt_logprobs"]?.kind == .array || isOutput(item) { return true }
    return item["choices"]?.elements.contains { $0["prompt_logprobs"]?.kind == .array } ?? false
  }

  /// True for an output of vLLM's `generate`: the alternatives to its tokens and their numbers.
  private static func isOutput(_ item: JSONItem) -> Bool {
    guard item["token_ids"]?.kind == .array, let list = item["logprobs"] else { return false }
    let first = list.elements.first { _ in true }
    return first?.members.first?.value["logprob"] != nil
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    if let list = item["prompt_logprobs"], list.kind == .array {
      return [try document(list, ids: item["prompt_token_ids"], text: item["prompt"], location)]
    }
    if isOutput(item), let list = item["logprobs"] {
      return [try document(list, ids: item["token_ids"], text: item["text"], location)]
    }
    var documents: [ExternalDocument] = []
    for choice in item["choices"]?.inOrderOfIndex ?? [] {
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
    let listedCount = listedCount(in: list)
    var id = ids?.elements
    for token in list.elements {
      let number = id?.next()?.integer
      let alternatives = token.members
      guard !alternatives.isEmpty else {
        try builder.append(nil, nil)
        continue
      }
      try builder.checkAlternatives(alternatives.lazy.map { $0.value["logprob"] })
      try append(own(alternatives, id: number, listedCount), to: &builder)
    }
    return builder.document
  }

  /// The number `k` of likeliest tokens that are listed for each token; nil if the list shows none.
  ///
  /// Places have `k` entries or `k` + 1, and only the last of `k` + 1 has a rank above `k`.
  private static func listedCount(in list: JSONItem) -> Int? {
    var (least, most, isRankBeyond) = (Int.max, 0, false)
    for token in list.elements where token.kind == .object {
      let entries = token.members
      guard !entries.isEmpty else { continue }
      least = min(least, entries.count)
      most = max(most, entries.count)
      isRankBeyond =
        isRankBeyond
        || entries.contains { ($0.value["rank"]?.integer ?? 0) > entries.count }
          && entries.count == most
    }
    return least < most ? most - 1 : isRankBeyond ? most - 1 : nil
  }

  /// The alternatives among which the prompt's own token is.
  private static func own(
    _ alternatives: [(name: JSONItem, value: JSONItem)],
    id: Int?,
    _ listedCount: Int?
  ) -> [JSONItem] {
    if let id, let own = alternatives.first(where: { $0.name.text == "\(id)" }) {
      return [own.value]
    }
    if let listedCount, alternatives.count == listedCount + 1 {
      let others = alternatives.filter { ($0.value["rank"]?.integer ?? 0) > listedCount }
      if others.count == 1 { return [others[0].value] }
    }
    return alternatives.map(\.value)
  }

  private static func append(
    _ entries: [JSONItem],
    to builder: inout DocumentBuilder
  ) throws(ExternalModelError) {
    var candidates: [ExternalDocument.Candidate] = []
    for entry in entries {
      let written = try builder.written(entry["decoded_token"]?.string, entry["bytes"])
      candidates.append(
        .init(
          bytes: written.bytes,
          spelling: written.spelling,
          logProbability: try builder.logProbability(entry["logprob"])
        )
      )
    }
    if candidates.count == 1 {
      builder.append(candidates[0].bytes, candidates[0].spelling, candidates[0].logProbability)
    } else {
      builder.append(oneOf: candidates)
    }
  }
}
