import Records

/// The samples of lm-eval with `--log_samples`: the log-likelihood of each document.
///
/// The samples have no tokens, so a document is one token here. Only tasks of the kind
/// `loglikelihood_rolling` give the probability of a text.
enum EvaluationHarnessForm: ObjectForm {
  static let name = "sample of lm-eval"

  static func isForm(_ item: JSONItem) -> Bool {
    item["doc_id"] != nil && (item["resps"] != nil || item["filtered_resps"] != nil)
  }

  private static let metrics = ["word_perplexity", "byte_perplexity", "bits_per_byte"]

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    var builder = DocumentBuilder(location)
    guard let metric = metrics.lazy.compactMap({ item[$0] }).first(where: { $0.kind == .array }),
      let total = metric.elements.first(where: { _ in true })
    else {
      throw location.error(
        .missing(
          "log-likelihood of a text",
          form: .evaluationHarness,
          remedy: "give the samples of a task of the kind loglikelihood_rolling"
        )
      )
    }
    let text = text(of: item)
    guard let bytes = text?.string?.bytes else {
      throw location.error(
        .missing("text", form: .evaluationHarness, remedy: "look for it in 'arguments' or 'target'")
      )
    }
    builder.setText(text)
    let logProbability = try builder.logProbability(total)
    builder.append(bytes, .exact, logProbability)
    builder.markSum(statedByteCount: statedByteCount(of: item))
    return [builder.document]
  }

  /// The scored text.
  private static func text(of item: JSONItem) -> JSONItem? {
    if let arguments = item["arguments"] {
      if let text = arguments["gen_args_0"]?["arg_0"] { return text }
      let first = arguments.elements.first { _ in true }
      if let text = first?.elements.first(where: { _ in true }) { return text }
    }
    return item["target"]
  }

  /// The number of bytes that lm-eval divides by.
  private static func statedByteCount(of item: JSONItem) -> Int? {
    for metric in metrics.dropFirst() {
      if let pair = item[metric], pair.count == 2 { return Array(pair.elements)[1].integer }
    }
    return nil
  }
}
