import Records

/// What must be the same in all of a file, with the line that said it first.
struct FileFacts {
  var form: (value: ExternalForm, line: Int)?
  var unit: (value: LogUnit, line: Int)?
  var model: (value: String, line: Int)?
}

extension ExternalForm {
  /// The form of `item`, told by its keys; nil where it is none that is known.
  static func of(_ item: JSONItem) -> ExternalForm? {
    if VLLMForm.isForm(item) { return .vLLM }
    if OpenAICompletionForm.isForm(item) { return .openAICompletion }
    if OpenAIChatForm.isForm(item) { return .openAIChat }
    if LlamaServerForm.isForm(item) { return .llamaServer }
    if TextGenerationInferenceForm.isForm(item) { return .textGenerationInference }
    if EvaluationHarnessForm.isForm(item) { return .evaluationHarness }
    if NeutralForm.isForm(item) { return .neutral }
    // An answer to a question that did not ask for log-probabilities.
    guard let answer = item["choices"]?.elements.first(where: { _ in true }) else { return nil }
    return answer["message"] == nil ? .openAICompletion : .openAIChat
  }

  /// The documents in `item`, which is an object of this form.
  func documents(
    in item: JSONItem,
    _ place: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    switch self {
    case .neutral: try NeutralForm.documents(in: item, place, &facts)
    case .openAICompletion: try OpenAICompletionForm.documents(in: item, place)
    case .openAIChat: try OpenAIChatForm.documents(in: item, place)
    case .vLLM: try VLLMForm.documents(in: item, place)
    case .llamaServer: try LlamaServerForm.documents(in: item, place)
    case .textGenerationInference: try TextGenerationInferenceForm.documents(in: item, place)
    case .evaluationHarness: try EvaluationHarnessForm.documents(in: item, place)
    case .llamaLogits: []
    }
  }
}
