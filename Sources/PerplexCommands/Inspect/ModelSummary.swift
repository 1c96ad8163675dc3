import Compression
import LanguageModels
import Records
import Terminal
import Tokenization

/// The facts of a model, of whatever family it is.
struct ModelSummary {
  /// The JSON form.
  var members: JSONObject

  /// The rows of the report: label and value.
  var lines: [(label: String, value: String)]

  /// The numbers that the model has several of.
  var table: TextTable
}

extension ModelSummary {
  /// The summary of `model`.
  init(_ model: StoredModel) {
    switch model {
    case .ngrams(let model): self = model.summary
    case .bytes(let model): self = model.summary
    }
  }
}

extension LanguageModel {
  /// The number of tokens that can follow a history.
  var predictedCount: Int {
    settings.symbols == .tokens
      ? vocabulary.count - 1 : vocabulary.count - TokenID.specialSpellings.count
  }
}

extension ModelDescription {
  /// The method and its form, in words, with the count cut-offs where there are any.
  var methodText: String {
    let cutoffs = pruning.map { "\($0)" }.joined(separator: ",")
    return formText + (pruning.contains { $0 > 0 } ? ", cut-offs \(cutoffs)" : "")
  }

  private var formText: String {
    switch combination {
    case .interpolated: "\(smoothing), interpolated"
    case .backOff: "\(smoothing), back-off"
    case .uniform: "\(smoothing), unseen n-grams share evenly"
    case .maximumLikelihood: "\(smoothing), unsmoothed"
    case .fixedWeight(let weight): "\(smoothing), weight \(weight): scores, not probabilities"
    }
  }

  /// The normalization before tokens are cut, in words.
  var normalizationText: String {
    var steps: [String] = []
    if settings.normalization.lowercases { steps.append("lower case") }
    if settings.normalization.form != .none {
      steps.append(settings.normalization.form.rawValue.uppercased())
    }
    return steps.isEmpty ? "none" : steps.joined(separator: ", ")
  }
}

extension TextSettings.Sequence {
  /// The name of a sequence.
  func noun(_ count: Int) -> String {
    let noun = self == .line ? "sentence" : "document"
    return count == 1 ? noun : noun + "s"
  }
}

extension NGramModel {
  fileprivate var summary: ModelSummary {
    let settings = description.settings
    var members: JSONObject = [
      "kind": "ngram",
      "tokenizer": .string(settings.tokenizer.rawValue),
      "sequence": .string(settings.sequence.rawValue),
      "normalization": .string(description.normalizationText),
      "order": .integer(description.order),
      "smoothing": .string(description.smoothing),
      "form": .string(description.combination.name),
      "vocabulary_size": .integer(vocabulary.count),
      "tokens": .integer(description.tokenCount),
      "sentences": .integer(description.sequenceCount),
      "ngrams": .array(description.ngramCounts.map { .integer($0) }),
      "ngrams_counted": .array(description.allNGramCounts.map { .integer($0) }),
      "discounts": .array(description.discounts.map { .array($0.map { .double($0) }) }),
      "notes": .array(description.notes.map { .string($0) }),
      "bytes": .integer(byteCount),
      "text_fingerprint": .string(description.textFingerprint.hexadecimal),
      "vocabulary_fingerprint": .string(description.vocabularyFingerprint.hexadecimal),
      "tokenizer_fingerprint": .string(description.tokenizerFingerprint.hexadecimal),
    ]
    var lines = [
      ("model", "\(description.order)-gram, \(description.methodText)"),
      ("tokens", "\(settings.tokenizer.rawValue); normalisation: \(description.normalizationText)"),
      ("sequence", settings.sequence.rawValue),
      ("vocabulary", NumberFormat.grouped(vocabulary.count) + " with <unk>, <s> and </s>"),
      (
        "trained on",
        description.tokenCount == 0
          ? "not known"
          : "\(NumberFormat.grouped(description.tokenCount)) tokens in "
            + "\(NumberFormat.grouped(description.sequenceCount)) "
            + settings.sequence.noun(description.sequenceCount)
      ),
      ("size", NumberFormat.bytes(byteCount) + ", mapped"),
      ("text", description.textFingerprint.hexadecimal),
      ("vocabulary id", description.vocabularyFingerprint.hexadecimal),
      ("tokenizer id", description.tokenizerFingerprint.hexadecimal),
    ]
    if let speller {
      members["spelling"] = speller.json
      lines.insert(("unknown words", speller.text), at: 4)
    }
    if let spans = trainingSpans {
      lines.append(("spans", spans.text(settings)))
    }
    lines += description.notes.map { ("note", $0) }
    return ModelSummary(members: members, lines: lines, table: countsTable)
  }

  /// The number of n-grams and the method's parameters at each order; of pruned models, also how
  /// many n-grams there were.
  var countsTable: TextTable {
    let isPruned = !description.countedNGrams.isEmpty
    let counted = isPruned ? [TextTable.Column.right("counted")] : []
    var table = TextTable([.right("order"), .right("n-grams")] + counted + [.left("parameters")])
    for order in 1...description.order {
      let parameters =
        order <= description.discounts.count ? description.discounts[order - 1] : []
      table.append(
        ["\(order)", NumberFormat.grouped(description.ngramCounts[order - 1])]
          + (isPruned ? [NumberFormat.grouped(description.allNGramCounts[order - 1])] : [])
          + [parameters.map { NumberFormat.significant($0, digits: 6) }.joined(separator: " ")]
      )
    }
    return table
  }
}

extension SpellingModel {
  /// The summary in words.
  var text: String {
    let bits = heldOutBits.map { "; \(NumberFormat.fixed($0, decimals: 1)) bits a new word" } ?? ""
    return "spelled by n-grams of up to \(order) bytes, learned from "
      + "\(NumberFormat.grouped(typeCount)) words\(bits)"
  }

  /// The same for programs.
  var json: JSONValue {
    [
      "order": .integer(order), "types": .integer(typeCount),
      "bits_per_new_word": heldOutBits.map { .double($0) } ?? .null,
      "known_share": .double(knownShare),
    ]
  }
}

extension ByteModel {
  fileprivate var summary: ModelSummary {
    var table = TextTable([.left("parameter"), .right("value")])
    let parameters = description.parameters.sorted { $0.key < $1.key }
    for (name, value) in parameters { table.append([name, NumberFormat.grouped(value)]) }
    let text = description.textFingerprint.hexadecimal
    let id = fingerprint.hexadecimal
    let members: JSONObject = [
      "kind": .string(description.kind.rawValue),
      "tokenizer": .string(settings.tokenizer.rawValue),
      "sequence": .string(settings.sequence.rawValue),
      "vocabulary_size": .integer(vocabulary.count),
      "trained_bytes": .integer(description.trainedByteCount),
      "documents": .integer(description.documentCount),
      "parameters": .object(JSONObject(parameters.map { ($0.key, .integer($0.value)) })),
      "bytes": .integer(byteCount),
      "text_fingerprint": .string(text),
      "model_fingerprint": .string(id),
    ]
    let spans = trainingSpans.map { [("spans", $0.text(settings))] } ?? []
    let lines = [
      ("model", "\(description.kind.rawValue), byte by byte"),
      ("tokens", settings.tokenizer.rawValue),
      ("sequence", "document; its end is not predicted"),
      (
        "trained on",
        "\(NumberFormat.grouped(description.trainedByteCount)) bytes in "
          + "\(NumberFormat.grouped(description.documentCount)) "
          + settings.sequence.noun(description.documentCount)
      ),
      ("size", NumberFormat.bytes(byteCount)),
      ("text", text),
      ("model id", id),
    ]
    return ModelSummary(members: members, lines: lines + spans, table: table)
  }
}
