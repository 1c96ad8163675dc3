import Files
import Records

/// The forms in which programs write log-probabilities of tokens.
///
/// A form is a type of its own in `Forms/`, a case here and a row of ``reader``. The form of an object
/// is the first whose keys it has, in the order of the cases.
public enum ExternalForm: String, Sendable, CaseIterable {
  case vLLM
  case openAICompletion
  case openAIChat
  case llamaServer
  case textGenerationInference
  case evaluationHarness
  case neutral
  case llamaLogits

  /// The reader of a form.
  enum Reader {
    /// A file of JSON objects, each read by itself.
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
    case .evaluationHarness: .objects(EvaluationHarnessForm.self)
    case .neutral: .objects(NeutralForm.self)
    case .llamaLogits: .file(LlamaLogits.self)
    }
  }

  /// The noun for one of this form in a sentence.
  public var name: String {
    switch reader {
    case .objects(let form): form.name
    case .file(let form): form.name
    }
  }

  /// The noun with its article.
  var nameWithArticle: String {
    (name.first.map { "aeiouAEIOU".contains($0) } == true ? "an " : "a ") + name
  }
}

/// A form of a JSON object with the log-probabilities of one document or several.
protocol ObjectForm {
  /// The noun for such an object in a sentence.
  static var name: String { get }

  /// True where `item` has the keys of this form.
  static func isForm(_ item: JSONItem) -> Bool

  /// The documents in `item`; `facts` are those of the file so far.
  static func documents(
    in item: JSONItem,
    _ place: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument]
}

/// A form of a binary file.
protocol FileForm {
  /// The noun for such a file in a sentence.
  static var name: String { get }

  /// True where `file` begins as such a file does.
  static func isForm(_ file: Bytes) -> Bool

  /// Begins to read `file`, which is called `path`.
  init(_ file: Bytes, path: String) throws

  /// The next document; nil after the last.
  mutating func next() throws(ExternalModelError) -> ExternalDocument?
}

extension ExternalForm {
  /// The form of `item` and its reader; nil where its keys are those of no form.
  static func of(_ item: JSONItem) -> (ExternalForm, any ObjectForm.Type)? {
    for form in allCases {
      if case .objects(let type) = form.reader, type.isForm(item) { return (form, type) }
    }
    // An answer to a question that did not ask for log-probabilities.
    guard let answer = item["choices"]?.elements.first(where: { _ in true }) else { return nil }
    return answer["message"] == nil
      ? (.openAICompletion, OpenAICompletionForm.self) : (.openAIChat, OpenAIChatForm.self)
  }

  /// The form of a binary file and its reader; nil where it is none.
  static func of(_ file: Bytes) -> (ExternalForm, any FileForm.Type)? {
    for form in allCases {
      if case .file(let type) = form.reader, type.isForm(file) { return (form, type) }
    }
    return nil
  }
}
