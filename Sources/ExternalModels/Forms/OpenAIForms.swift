import Records

/// The completions of OpenAI with `echo`, and of compatible servers.
enum OpenAICompletionForm: ObjectForm {
  static let name = "OpenAI completion"

  static func isForm(_ item: JSONItem) -> Bool {
    item["choices"]?.elements.contains { $0["logprobs"]?["tokens"] != nil } ?? false
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var documents: [ExternalDocument] = []
    guard let choices = item["choices"] else { return [] }
    let choiceCount = choices.count
    for choice in choices.elements {
      var builder = DocumentBuilder(location)
      builder.setText(choice["text"])
      try read(choice["logprobs"], into: &builder)
      // The usage counts all choices together.
      if choiceCount == 1, let count = item["usage"]?["prompt_tokens"]?.integer {
        builder.endPrompt(after: count)
      }
      documents.append(builder.document)
    }
    return documents
  }

  private static func read(
    _ logprobs: JSONItem?,
    into builder: inout DocumentBuilder
  ) throws(ExternalModelError) {
    guard let tokens = logprobs?["tokens"], tokens.kind == .array,
      let scores = logprobs?["token_logprobs"], scores.kind == .array
    else {
      throw builder.location.error(
        .missing(
          "log-probabilities",
          form: .openAICompletion,
          remedy: "ask for them with \"logprobs\": 1 and \"echo\": true"
        )
      )
    }
    try checkCount("token_logprobs", scores, tokens, builder)
    let offsets = logprobs?["text_offset"]?.kind == .array ? logprobs?["text_offset"] : nil
    if let offsets { try checkCount("text_offset", offsets, tokens, builder) }
    let listed = logprobs?["top_logprobs"]?.kind == .array ? logprobs?["top_logprobs"] : nil
    if let listed { try checkCount("top_logprobs", listed, tokens, builder) }
    var score = scores.elements
    var offset = offsets?.elements
    var alternatives = listed?.elements
    // The start of the next token in scalars, if it is known.
    var expected: Int?
    for token in tokens.elements {
      if let items = alternatives?.next()?.members {
        try builder.checkAlternatives(items.lazy.map { $0.value })
      }
      let spelling = token.string.map { $0.readingEscapedBytes }
      if let found = offset?.next()?.integer {
        if let expected, expected != found {
          throw builder.location.error(
            .offset(
              token: builder.tokenNumber,
              key: "text_offset",
              found: found,
              expected: expected
            )
          )
        }
        expected = spelling?.scalarCount.map { found + $0 }
      }
      try builder.append(spelling, try builder.logProbability(score.next()))
    }
  }

  private static func checkCount(
    _ key: String,
    _ list: JSONItem,
    _ tokens: JSONItem,
    _ builder: DocumentBuilder
  ) throws(ExternalModelError) {
    guard list.count == tokens.count else {
      throw builder.location.error(.unequalCounts("tokens", tokens.count, key, list.count))
    }
  }
}

/// The chat completions of OpenAI and the completions of llama.cpp's server: the generated tokens.
enum OpenAIChatForm: ObjectForm {
  static let name = "OpenAI chat completion"

  static func isForm(_ item: JSONItem) -> Bool {
    item["choices"]?.elements.contains {
      $0["logprobs"]?["content"] != nil || $0["logprobs"]?["refusal"] != nil
    } ?? false
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var documents: [ExternalDocument] = []
    guard let choices = item["choices"] else { return [] }
    for choice in choices.elements {
      var builder = DocumentBuilder(location)
      let key = choice["logprobs"]?["content"]?.kind == .array ? "content" : "refusal"
      builder.setText(choice["message"]?[key] ?? choice["text"])
      guard let tokens = choice["logprobs"]?[key], tokens.kind == .array else {
        throw location.error(
          .missing(
            "log-probabilities",
            form: .openAIChat,
            remedy: "ask for them with \"logprobs\": true"
          )
        )
      }
      for token in tokens.elements { try builder.appendDescribed(token) }
      documents.append(builder.document)
    }
    return documents
  }
}

extension DocumentBuilder {
  /// Appends a token from an object with `token`, `bytes`, `logprob` and `top_logprobs`.
  mutating func appendDescribed(_ token: JSONItem) throws(ExternalModelError) {
    if let alternatives = token["top_logprobs"] {
      try checkAlternatives(alternatives.elements.lazy.map { $0["logprob"] })
    }
    try append(
      token["token"]?.string,
      bytes: token["bytes"],
      try logProbability(token["logprob"])
    )
  }
}

extension JSONString {
  /// The string with `bytes:\xe2\x80` decoded to bytes.
  ///
  /// OpenAI's completions write bytes that are not UTF-8 in this way.
  fileprivate var readingEscapedBytes: JSONString {
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

  /// The number of scalars; nil if it is empty or has replaced bytes.
  fileprivate var scalarCount: Int? {
    guard !hasReplacements, !bytes.isEmpty else { return nil }
    return String(validating: bytes, as: UTF8.self)?.unicodeScalars.count
  }
}
