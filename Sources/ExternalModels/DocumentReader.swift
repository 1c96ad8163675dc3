import Files
import Records

/// Reads the documents of a file of log-probabilities, one object at a time.
struct DocumentReader {
  private let path: String
  private var source: Source
  private var pending: ArraySlice<ExternalDocument> = []
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
        guard let json = try stream.next() else { return nil }
        source = .json(stream)
        try read(json)
      }
    }
    guard let document = pending.popFirst() else { return nil }
    notes.add(document)
    return document
  }

  private mutating func read(_ json: JSONDocument) throws(ExternalModelError) {
    var documents: [ExternalDocument] = []
    let items = json.root.kind == .array ? Array(json.root.elements) : [json.root]
    for item in items {
      let location = FileLine(path: path, number: json.line + item.linesBefore)
      try checkSummary(item, location)
      guard let (form, type) = ExternalForm.of(item) else {
        throw location.error(.unknownForm(keys: item.members.compactMap { $0.name.text }))
      }
      try check(form, item, location)
      documents += try type.documents(in: item, location, &facts)
    }
    pending = documents[...]
  }

  /// Rejects summaries that score no text, and notes the figures that stand beside scores.
  private mutating func checkSummary(
    _ item: JSONItem,
    _ location: FileLine
  ) throws(ExternalModelError) {
    let hasScores = ExternalForm.of(item) != nil
    for key in ["mean_perplexity", "perplexities", "perplexity", "ppl"] {
      guard let value = item[key] else { continue }
      let number = value.number ?? value.elements.lazy.compactMap { $0.number }.min()
      if !hasScores {
        throw location.error(
          .summary(
            key: key,
            value: key == "mean_perplexity" || key == "perplexities"
              ? "(a mean of perplexities is not a perplexity)" : "(\(value.summary))"
          )
        )
      }
      notes.addFigure(key, number)
    }
    if !hasScores, item["results"]?.kind == .object {
      throw location.error(.summary(key: "results", value: "of lm-eval"))
    }
  }

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

extension JSONItem {
  /// The number of line ends between the start of the document and the value.
  fileprivate var linesBefore: Int {
    document.bytes[..<(byteOffset - document.byteOffset)].count { $0 == 10 }
  }
}
