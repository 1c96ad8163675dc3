import Files
import Records

/// The forms in which programs write log-probabilities of tokens.
///
/// Each form is a type in `Forms/`, a case here and a row of ``reader``. The form of an object is
/// the first case whose keys it has. Batches and clients put objects and arrays around an answer.
package enum ExternalForm: String, Sendable, CaseIterable {
  case vLLM
  case openAICompletion
  case openAIChat
  case llamaServer
  case textGenerationInference
  case sglang
  case ollama
  case evaluationHarness
  case tokenList
  case neutral
  case llamaLogits

  /// The reader of a form.
  enum Reader {
    /// A file of JSON objects, each read on its own.
    case objects(any ObjectForm.Type)
    /// A binary file.
    case file(any FileForm.Type)
  }

  /// The reader of this form.
  var reader: Reader {
    switch self {
    case .vLLM: .objects(VLLMForm.self)
    case .openAICompletion: .objects(OpenAICompletionForm.self)
    case .openAIChat: .objects(OpenAIChatForm.self)
    case .llamaServer: .objects(LlamaServerForm.self)
    case .textGenerationInference: .objects(TextGenerationInferenceForm.self)
    case .sglang: .objects(SGLangForm.self)
    case .ollama: .objects(OllamaForm.self)
    case .evaluationHarness: .objects(EvaluationHarnessForm.self)
    case .tokenList: .objects(TokenListForm.self)
    case .neutral: .objects(NeutralForm.self)
    case .llamaLogits: .file(LlamaLogits.self)
    }
  }

  /// The noun for an object or a file of this form.
  package var name: String {
    switch reader {
    case .objects(let form): form.name
    case .file(let form): form.name
    }
  }

  /// The way to request log-probabilities from the program.
  var request: String {
    switch self {
    case .openAICompletion: "ask for them with \"logprobs\": 1 and \"echo\": true"
    case .llamaServer: "ask for them with \"n_probs\": 1"
    case .textGenerationInference: "ask for them with \"details\": true"
    case .sglang: "ask for them with \"return_logprob\": true"
    default: "ask for them with \"logprobs\": true"
    }
  }

  /// The noun with its article.
  var nameWithArticle: String {
    (name.first.map { "aeiouAEIOU".contains($0) } == true ? "an " : "a ") + name
  }
}

/// A JSON object with the log-probabilities of one or more documents.
protocol ObjectForm {
  /// The noun for an object of this form.
  static var name: String { get }

  /// True if `item` has the keys of this form.
  static func isForm(_ item: JSONItem) -> Bool

  /// The documents in `item`; `facts` are the facts of the file so far.
  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument]
}

/// A binary file with log-probabilities.
protocol FileForm {
  /// The noun for a file of this form.
  static var name: String { get }

  /// True if `file` begins like a file of this form.
  static func isForm(_ file: Bytes) -> Bool

  /// A reader of `file`, which errors call `path`.
  init(_ file: Bytes, path: String) throws

  /// The next document; nil after the last.
  mutating func next() throws(ExternalModelError) -> ExternalDocument?
}

extension ExternalForm {
  /// A value of a known form.
  struct Found {
    var form: ExternalForm
    var type: any ObjectForm.Type
    var item: JSONItem
  }

  /// The form of `item` and its reader; nil if its keys fit no form.
  private static func of(_ item: JSONItem) -> (ExternalForm, any ObjectForm.Type)? {
    for form in allCases {
      if case .objects(let type) = form.reader, type.isForm(item) { return (form, type) }
    }
    // A server's response to a request without log-probabilities.
    guard item["choices"]?.elements.first(where: { _ in true }) != nil else { return nil }
    return (.openAICompletion, OpenAICompletionForm.self)
  }

  /// The values of known forms in `item`, in order; objects and arrays around them are opened.
  static func all(in item: JSONItem) -> [Found] {
    var found: [Found] = []
    var rest = [item]
    while let next = rest.popLast() {
      if let (form, type) = of(next) {
        found.append(Found(form: form, type: type, item: next))
      } else {
        rest += (Array(next.elements) + next.members.map(\.value)).reversed()
      }
    }
    return found
  }

  /// The form of a binary file and its reader; nil if it fits no form.
  static func of(_ file: Bytes) -> (ExternalForm, any FileForm.Type)? {
    for form in allCases {
      if case .file(let type) = form.reader, type.isForm(file) { return (form, type) }
    }
    return nil
  }
}
