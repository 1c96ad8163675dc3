import Records

import LanguageModels

/// The responses of llama.cpp's server with `n_probs`: the generated tokens.
enum LlamaServerForm: ObjectForm {
  static let name = "llama.cpp server response"

  static func isForm(_ item: JSONItem) -> Bool {
    item["completion_probabilities"]?.kind == .array
      || item["content"]?.kind == .string && item["stop"]?.kind == .boolean
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var builder = DocumentBuilder(location)
    builder.setText(item["content"])
    builder.markAnswer()
    let isFinished = item["stop"]?.boolean ?? true
    if facts.isEventStream || !isFinished { builder.markPart(of: .init(isFinished: isFinished)) }
    guard let tokens = item["completion_probabilities"] else {
      try builder.appendUnscored(item["content"])
      guard builder.document.stream != nil else { throw location.error(missing) }
      return [builder.document]
    }
    for token in tokens.elements {
      if token["logprob"] != nil {
        try builder.appendDescribed(token)
      } else if token["prob"] != nil {
        builder.markFiltered()
        try builder.append(
          token["token"]?.string,
          bytes: token["bytes"],
          try builder.logProbability(ofProbability: token["prob"])
        )
      } else if token["probs"]?.kind == .array {
        try appendListed(token, to: &builder)
      } else {
        throw location.error(
          .missing(
            "'logprob', 'prob' or 'probs' in token \(builder.tokenNumber)",
            form: .llamaServer,
            remedy: "ask for them with \"n_probs\": 1"
          )
        )
      }
    }
    return [builder.document]
  }

  private static var missing: ExternalModelError.Reason {
    .missing("log-probabilities", form: .llamaServer, remedy: ExternalForm.llamaServer.request)
  }

  /// Appends a token of builds before 2025, whose probability is listed under its spelling.
  private static func appendListed(
    _ token: JSONItem,
    to builder: inout DocumentBuilder
  ) throws(ExternalModelError) {
    builder.markFiltered()
    let spelling = token["content"]?.string
    let own = token["probs"]?.elements.first { $0["tok_str"]?.string == spelling }
    try builder.append(spelling, try builder.logProbability(ofProbability: own?["prob"]))
  }
}
