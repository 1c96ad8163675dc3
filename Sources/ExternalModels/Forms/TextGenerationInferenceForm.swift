import Records

/// The answers of Hugging Face's text-generation-inference with `details`, and with
/// `decoder_input_details` for the prompt.
enum TextGenerationInferenceForm: ObjectForm {
  static let name = "TGI response"

  static func isForm(_ item: JSONItem) -> Bool {
    item["details"]?["prefill"]?.kind == .array || item["details"]?["tokens"]?.kind == .array
  }

  static func documents(
    in item: JSONItem,
    _ place: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var builder = DocumentBuilder(place)
    builder.allowMissingSpaces()
    var promptTokenCount = 0
    for part in ["prefill", "tokens"] {
      guard let tokens = item["details"]?[part] else { continue }
      for token in tokens.elements {
        try builder.append(
          token["text"]?.string,
          try builder.logProbability(token["logprob"]),
          isSpecial: token["special"]?.boolean ?? false
        )
      }
      if part == "prefill" { promptTokenCount = builder.document.tokens.count }
    }
    if promptTokenCount > 0 { builder.endPrompt(after: promptTokenCount) }
    return [builder.document]
  }
}
