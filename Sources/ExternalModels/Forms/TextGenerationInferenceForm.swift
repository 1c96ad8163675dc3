import Records

/// The responses of Hugging Face's text-generation-inference with `details`.
///
/// The prompt's tokens need `decoder_input_details`.
enum TextGenerationInferenceForm: ObjectForm {
  static let name = "TGI response"

  static func isForm(_ item: JSONItem) -> Bool {
    item["details"]?["prefill"]?.kind == .array || item["details"]?["tokens"]?.kind == .array
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var builder = DocumentBuilder(location)
    builder.allowMissingSpaces()
    var promptTokenCount = 0
    for key in ["prefill", "tokens"] {
      guard let tokens = item["details"]?[key] else { continue }
      for token in tokens.elements {
        try builder.append(
          token["text"]?.string,
          try builder.logProbability(token["logprob"]),
          isSpecial: token["special"]?.boolean ?? false
        )
      }
      if key == "prefill" { promptTokenCount = builder.document.tokens.count }
    }
    if promptTokenCount > 0 { builder.endPrompt(after: promptTokenCount) }
    return [builder.document]
  }
}
