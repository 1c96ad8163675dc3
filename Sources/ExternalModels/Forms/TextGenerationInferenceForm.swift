import Records

/// The responses of Hugging Face's text-generation-inference with `details`.
///
/// The prompt's tokens need `decoder_input_details`. A stream has an object per token.
enum TextGenerationInferenceForm: ObjectForm {
  static let name = "TGI response"

  static func isForm(_ item: JSONItem) -> Bool {
    isDetails(item["details"]) || item["prefill"]?.kind == .array && isDetails(item)
      || item["token"]?["logprob"] != nil
  }

  private static func isDetails(_ item: JSONItem?) -> Bool {
    item?["prefill"]?.kind == .array || item?["tokens"]?.kind == .array
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var builder = DocumentBuilder(location)
    builder.allowMissingSpaces()
    if let token = item["token"], token.kind == .object {
      builder.markAnswer()
      try builder.appendDescribed(token)
      builder.markPart(of: .init(isFinished: item["generated_text"]?.kind == .string))
      return [builder.document]
    }
    let details = isDetails(item["details"]) ? item["details"] : item
    var promptTokenCount = 0
    for key in ["prefill", "tokens"] {
      guard let tokens = details?[key] else { continue }
      for token in tokens.elements { try builder.appendDescribed(token) }
      if key == "prefill" { promptTokenCount = builder.document.tokens.count }
    }
    if promptTokenCount > 0 {
      builder.endPrompt(after: promptTokenCount)
    } else {
      builder.markAnswer()
    }
    return [builder.document]
  }
}
