import Records

/// The completions of OpenAI with `echo`, and of compatible servers: a list of tokens and a list of
/// scores.
///
/// `text_offset` and `top_logprobs` repeat what the tokens say, and servers fill them with -1, with
/// bytes in place of scalars, or not at all. The spelling of the tokens counts.
enum OpenAICompletionForm: ObjectForm {
  static let name = "OpenAI completion"

  static func isForm(_ item: JSONItem) -> Bool {
    isList(item) || isList(item["logprobs"])
      || item["choices"]?.elements.contains { isList($0["logprobs"]) } ?? false
  }

  private static func isList(_ item: JSONItem?) -> Bool {
    item?["tokens"]?.kind == .array && item?["token_logprobs"] != nil
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    guard let choices = item["choices"] else {
      var builder = DocumentBuilder(location)
      builder.setText(item["text"])
      try append(isList(item) ? item : item["logprobs"], to: &builder)
      builder.allowGeneratedEnd()
      return [builder.document]
    }
    var documents: [ExternalDocument] = []
    let list = choices.inOrderOfIndex
    let (id, usage) = (item["id"]?.string?.bytes, item["usage"])
    var prompts = item["prompt"]?.elements
    for choice in list {
      var builder = DocumentBuilder(location)
      builder.setText(choice["text"])
      let stream = OpenAIStream.part(choice, of: id, facts)
      if let prompt = prompts?.next(), isList(prompt["logprobs"]) {
        // Together's echo is beside the choices.
        try append(prompt["logprobs"], to: &builder)
        builder.endPrompt(after: builder.document.tokens.count)
        builder.setText(nil)
      }
      if let stream, choice["logprobs"]?.isNull ?? true {
        try builder.appendUnscored(choice["text"])
        builder.markPart(of: stream)
      } else {
        try append(choice["logprobs"], to: &builder)
        if let stream { builder.markPart(of: stream) }
        endPrompt(of: &builder, usage, choiceCount: list.count)
      }
      documents.append(builder.document)
    }
    return documents
  }

  /// Marks the generated tokens, as far as the usage tells them; it counts all choices together.
  private static func endPrompt(
    of builder: inout DocumentBuilder,
    _ usage: JSONItem?,
    choiceCount: Int
  ) {
    let count = builder.document.tokens.count
    if builder.document.promptTokenCount != nil { return }
    if let generated = usage?["completion_tokens"]?.integer, generated % choiceCount == 0 {
      if generated / choiceCount < count {
        builder.endPrompt(after: count - generated / choiceCount)
      }
    } else if choiceCount == 1, let prompt = usage?["prompt_tokens"]?.integer {
      builder.endPrompt(after: prompt)
    } else {
      builder.allowGeneratedEnd()
    }
  }

  private static func append(
    _ logprobs: JSONItem?,
    to builder: inout DocumentBuilder
  ) throws(ExternalModelError) {
    guard let tokens = logprobs?["tokens"], tokens.kind == .array,
      let scores = logprobs?["token_logprobs"], scores.kind == .array
    else {
      throw builder.location.error(
        .missing(
          "log-probabilities",
          form: .openAICompletion,
          remedy: ExternalForm.openAICompletion.request
        )
      )
    }
    guard scores.count == tokens.count else {
      throw builder.location.error(
        .unequalCounts("tokens", tokens.count, "token_logprobs", scores.count)
      )
    }
    var score = scores.elements
    var alternatives = logprobs?["top_logprobs"]?.elements
    for token in tokens.elements {
      if let items = alternatives?.next()?.members {
        try builder.checkAlternatives(items.lazy.map { $0.value })
      }
      let spelling = token.string.map { $0.readingEscapedBytes }
      guard spelling != nil || token.isNull else {
        throw builder.location.error(.noSpelling(token: builder.tokenNumber))
      }
      try builder.append(spelling, try builder.logProbability(score.next()))
    }
  }
}

/// The chat completions of OpenAI and the completions of llama.cpp's server: the generated tokens.
enum OpenAIChatForm: ObjectForm {
  static let name = "OpenAI chat completion"

  static func isForm(_ item: JSONItem) -> Bool {
    isList(item["logprobs"])
      || item["choices"]?.elements.contains {
        isList($0["logprobs"]) || $0["delta"] != nil || $0["message"] != nil
      } ?? false
  }

  private static func isList(_ item: JSONItem?) -> Bool {
    item?["content"] != nil || item?["refusal"] != nil
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var documents: [ExternalDocument] = []
    let id = item["id"]?.string?.bytes
    for choice in item["choices"]?.inOrderOfIndex ?? [item] {
      var builder = DocumentBuilder(location)
      builder.markAnswer()
      let key = choice["logprobs"]?["content"]?.kind == .array ? "content" : "refusal"
      let message = choice["message"] ?? choice["delta"]
      builder.setText(message?[key] ?? choice["text"])
      let stream = OpenAIStream.part(choice, of: id, facts)
      if let stream { builder.markPart(of: stream) }
      if let tokens = choice["logprobs"]?[key], tokens.kind == .array {
        for token in tokens.elements { try builder.appendDescribed(token) }
      } else if stream != nil {
        try builder.appendUnscored(message?["content"] ?? choice["text"])
      } else {
        throw location.error(missing)
      }
      documents.append(builder.document)
    }
    return documents
  }

  private static var missing: ExternalModelError.Reason {
    .missing("log-probabilities", form: .openAIChat, remedy: ExternalForm.openAIChat.request)
  }
}

/// The parts of answers that OpenAI's servers write one after the other.
enum OpenAIStream {
  /// The stream that `choice` of the object called `id` is a part of; nil if it is whole.
  static func part(
    _ choice: JSONItem,
    of id: [UInt8]?,
    _ facts: FileFacts
  ) -> ExternalDocument.Stream? {
    let reason = choice["finish_reason"]
    let isPart =
      facts.isEventStream || choice["delta"] != nil || reason?.isNull == true
      || id != nil && id == facts.openStream
    guard isPart else { return nil }
    return ExternalDocument.Stream(
      id: id,
      index: choice["index"]?.integer ?? 0,
      isFinished: reason?.kind == .string
    )
  }
}

extension DocumentBuilder {
  /// Appends a token from an object with its spelling, `bytes`, `logprob` and `top_logprobs`.
  mutating func appendDescribed(_ token: JSONItem) throws(ExternalModelError) {
    if let alternatives = token["top_logprobs"] {
      try checkAlternatives(alternatives.elements.lazy.map { $0["logprob"] })
    }
    let spelling = token["token"]?.string ?? token["text"]?.string
    try append(
      (spelling ?? token["decoded_token"]?.string).map { $0.readingEscapedBytes },
      bytes: token["bytes"],
      try logProbability(token["logprob"] ?? token["logProbability"]),
      isSpecial: token["special"]?.boolean ?? false
    )
  }

  /// Appends text that a program wrote without its tokens, as a token without a score.
  mutating func appendUnscored(_ item: JSONItem?) throws(ExternalModelError) {
    if let text = item?.string, !text.bytes.isEmpty { try append(text, nil) }
  }
}

extension JSONItem {
  /// The elements of an array in the order of their `index`, if all have one of their own.
  var inOrderOfIndex: [JSONItem] {
    let items = Array(elements)
    let indices = items.compactMap { $0["index"]?.integer }
    guard indices.count == items.count, Set(indices).count == items.count else { return items }
    return zip(indices, items).sorted { $0.0 < $1.0 }.map { $0.1 }
  }
}

extension JSONString {
  /// The string with `bytes:\xe2\x80` decoded to bytes.
  ///
  /// OpenAI's completions write bytes that are not UTF-8 in this way.
  var readingEscapedBytes: JSONString {
    let prefix = Array("bytes:".utf8)
    guard bytes.starts(with: prefix), bytes.count > prefix.count,
      (bytes.count - prefix.count) % 4 == 0
    else { return self }
    var result: [UInt8] = []
    for index in stride(from: prefix.count, to: bytes.count, by: 4) {
      guard bytes[index] == 0x5c, bytes[index + 1] == UInt8(ascii: "x"),
        let byte = UInt8(String(decoding: bytes[index + 2..<index + 4], as: UTF8.self), radix: 16)
      else { return self }
      result.append(byte)
    }
    var string = JSONString(bytes: result)
    string.hasReplacements = false
    return string
  }
}
