import Files
import Records

/// Reads the documents of a file of log-probabilities, one object at a time.
struct DocumentReader {
  private let path: String
  private var source: Source
  private var pending: ArraySlice<ExternalDocument> = []
  private var streams = StreamJoiner()
  private(set) var facts = FileFacts()
  /// The findings to report that are not errors.
  private(set) var notes = FileNotes()

  private enum Source {
    case json(JSONStream)
    case binary(any FileForm)
  }

  /// A reader of `file`, which errors call `path`.
  init(_ file: Bytes, path: String) throws {
    self.path = path
    if let (form, type) = ExternalForm.of(file) {
      source = .binary(try type.init(file, path: path))
      facts.form = (form, 0)
    } else {
      source = .json(JSONStream(file, path: path))
    }
  }

  /// The next document; nil after the last.
  mutating func next() throws(ExternalModelError) -> ExternalDocument? {
    while pending.isEmpty {
      switch source {
      case .binary(var form):
        guard let document = try form.next() else { return nil }
        source = .binary(form)
        pending = [document]
      case .json(var stream):
        facts.isEventStream = stream.isEventStream
        let json = try stream.next()
        source = .json(stream)
        if let json {
          try read(json)
        } else {
          pending = streams.end()[...]
          if pending.isEmpty { return nil }
        }
      }
    }
    guard let document = pending.popFirst() else { return nil }
    try check(document)
    notes.add(document)
    return document
  }

  private mutating func read(_ json: JSONDocument) throws(ExternalModelError) {
    var documents: [ExternalDocument] = []
    let found = ExternalForm.all(in: json.root)
    if found.isEmpty { try skip(json.root, FileLine(path: path, number: json.line)) }
    var (line, offset) = (json.line, 0)
    for (form, type, item) in found.map({ ($0.form, $0.type, $0.item) }) {
      let start = item.byteOffset - json.byteOffset
      line += json.bytes[offset..<start].count { $0 == 10 }
      offset = start
      let location = FileLine(path: path, number: line)
      addFigures(of: item)
      try check(form, item, location)
      let answers = try type.documents(in: item, location, &facts)
      for var document in answers {
        document.isAlternative = answers.count > 1
        if document.stream != nil {
          documents += streams.add(document)
        } else {
          documents += streams.end()
          documents.append(document)
        }
        facts.openStream = streams.id
      }
    }
    pending = documents[...]
  }

  /// The figures of a summary, which score no text.
  private static let figures = ["mean_perplexity", "perplexities", "perplexity", "ppl"]

  private mutating func addFigures(of item: JSONItem) {
    for key in Self.figures {
      guard let value = item[key] else { continue }
      notes.addFigure(key, value.number ?? value.elements.lazy.compactMap { $0.number }.min())
    }
  }

  /// Passes over an object of a stream without tokens, and rejects any other.
  private func skip(_ item: JSONItem, _ location: FileLine) throws(ExternalModelError) {
    if let error = item["error"], !error.isNull {
      throw location.error(.server(error["message"]?.text ?? error.text ?? error.summary))
    }
    for key in Self.figures {
      guard let value = item[key] else { continue }
      throw location.error(
        .summary(
          key: key,
          value: key == "mean_perplexity" || key == "perplexities"
            ? "(a mean of perplexities is not a perplexity)" : "(\(value.summary))"
        )
      )
    }
    if item["results"]?.kind == .object {
      throw location.error(.summary(key: "results", value: "of lm-eval"))
    }
    if item.kind == .array && item.count == 0 { return }
    if item["choices"]?.kind == .array { return }
    throw location.error(.unknownForm(keys: item.members.compactMap { $0.name.text }))
  }

  /// Rejects numbers that are no log-probabilities, and tokens that cannot be found.
  private func check(_ document: ExternalDocument) throws(ExternalModelError) {
    let location = FileLine(path: path, number: document.line)
    let signs = document.signs
    if let (token, value) = signs.firstPositive {
      let likeness: ExternalModelError.Likeness =
        signs.hasNegative ? .logits : signs.largest <= 1 ? .probabilities : .surprisals
      throw location.error(.positive(token: token, value: value, likeness: likeness))
    }
    if document.stream != nil, !document.tokens.isEmpty,
      document.tokens.allSatisfy({ $0.logProbability == nil })
    {
      throw location.error(
        .missing(
          "log-probabilities",
          form: facts.form?.value ?? .openAIChat,
          remedy: facts.form?.value.request ?? "ask for them"
        )
      )
    }
    if let token = document.firstUnknown(inRunOf: Self.unknownLimit) {
      throw location.error(.noSpelling(token: token + 1))
    }
  }

  /// The number of tokens in a row without a spelling that a text may supply.
  private static let unknownLimit = 32

  /// Rejects a second form or model.
  private mutating func check(
    _ form: ExternalForm,
    _ item: JSONItem,
    _ location: FileLine
  ) throws(ExternalModelError) {
    if let first = facts.form, first.value != form {
      throw location.error(.mixedForms(form, first: first.value, line: first.line))
    }
    if facts.form == nil { facts.form = (form, location.number) }
    guard let model = item["model"]?.text else { return }
    if let first = facts.model, first.value != model {
      throw location.error(.mixedModels(model, first: first.value, line: first.line))
    }
    if facts.model == nil { facts.model = (model, location.number) }
  }
}
