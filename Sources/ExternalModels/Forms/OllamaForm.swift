import Records

/// The answers of Ollama with `logprobs`, whole or as a stream of one object a token.
enum OllamaForm: ObjectForm {
  static let name = "Ollama answer"

  static func isForm(_ item: JSONItem) -> Bool {
    item["done"]?.kind == .boolean && (item["response"] != nil || item["message"] != nil)
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var builder = DocumentBuilder(location)
    builder.markAnswer()
    let text = item["response"] ?? item["message"]?["content"]
    builder.setText(text)
    if let tokens = item["logprobs"], tokens.kind == .array {
      for token in tokens.elements { try builder.appendDescribed(token) }
    } else {
      try builder.appendUnscored(text)
    }
    builder.markPart(of: .init(isFinished: item["done"]?.boolean ?? true))
    return [builder.document]
  }
}

/// A list of tokens alone, each an object with its spelling and `logprob`, whatever is around it.
///
/// Objects on lines of their own are the tokens of one document.
enum TokenListForm: ObjectForm {
  static let name = "list of tokens"

  static func isForm(_ item: JSONItem) -> Bool {
    isToken(item) || item.elements.first { _ in true }.map(isToken) ?? false
      || list(in: item) != nil
  }

  private static func isToken(_ item: JSONItem) -> Bool {
    guard item["logprob"] ?? item["logProbability"] != nil else { return false }
    return ["token", "text", "decoded_token", "bytes"].contains { item[$0] != nil }
  }

  /// The list in an object that has the text beside it.
  private static func list(in item: JSONItem) -> JSONItem? {
    for key in ["logprobs", "tokens", "content", "chosenCandidates"] {
      if let list = item[key], let first = list.elements.first(where: { _ in true }), isToken(first)
      {
        return list
      }
    }
    return nil
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var builder = DocumentBuilder(location)
    builder.setText(item["text"])
    if isToken(item) {
      try builder.appendDescribed(item)
      builder.markPart(of: .init())
    } else {
      for token in (list(in: item) ?? item).elements { try builder.appendDescribed(token) }
    }
    return [builder.document]
  }
}
