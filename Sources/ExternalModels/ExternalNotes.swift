/// The properties of a file of log-probabilities that matter for its figures.
struct FileNotes: Sendable, Equatable {
  private var sumCount = 0
  private var sentinelCount = 0
  private var filteredCount = 0
  private var otherByteCounts = 0
  private var meansOfPerplexities = 0
  private var impossiblePerplexities = 0

  /// Records the properties of `document`.
  mutating func add(_ document: ExternalDocument) {
    sentinelCount += document.sentinelCount
    if document.isSum { sumCount += 1 }
    if document.isFiltered { filteredCount += 1 }
    if let count = document.statedByteCount, count != document.spelling.count {
      otherByteCounts += 1
    }
  }

  /// Records a perplexity that the file gives beside the scores.
  mutating func addFigure(_ key: String, _ number: Double?) {
    if let number, number < 1 { impossiblePerplexities += 1 }
    if key == "mean_perplexity" || key == "perplexities" { meansOfPerplexities += 1 }
  }

  /// One sentence per property; `bitsPerToken` is the mean over the text.
  func sentences(bitsPerToken: Double) -> [String] {
    var notes: [String] = []
    func note(_ count: Int, _ text: String) { if count > 0 { notes.append(text) } }
    note(
      sumCount,
      "each token is a whole document: only the figures per byte and per character are "
        + "meaningful"
    )
    note(
      otherByteCounts,
      "\(counted(otherByteCounts, "document")) with another byte count than the scored text "
        + "has; the text's own bytes are counted"
    )
    note(
      sentinelCount,
      "\(counted(sentinelCount, "token")) with the log-probability -9999, a server's mark for "
        + "'very unlikely', used as a number: the perplexity is too high"
    )
    note(
      filteredCount,
      "the probabilities include the settings and filters of sampling: they are not the model's own"
    )
    note(
      impossiblePerplexities,
      "the file names a perplexity below 1, which is impossible: its sign or base is wrong"
    )
    note(
      meansOfPerplexities,
      "the file names a mean of perplexities, which is not the perplexity of the text"
    )
    if bitsPerToken > 20 && sumCount == 0 {
      notes.append(
        "\(rounded(bitsPerToken)) bits per token are more than a guess among a million "
          + "tokens costs: is the file's unit right?"
      )
    }
    return notes
  }
}

/// The adjustments that matched a file of log-probabilities with a text.
struct PlacementNotes: Sendable, Equatable {
  /// Special tokens at the start of a document.
  var skippedAtStart = 0
  /// Special tokens at the end of a document.
  var skippedAtEnd = 0
  /// The bits of the special tokens at the end.
  var bitsAtEnd = 0.0
  /// Generated tokens that are no part of the text.
  var generatedCount = 0
  /// Other answers to a request than that of the text.
  var otherAnswers = 0
  /// The number of documents in a tokenizer's own alphabet.
  var decodedCount = 0
  /// The number of tokens whose bytes the text supplied.
  var resolvedCount = 0
  /// The number of tokens with a missing or an extra space at their start.
  var spacelessCount = 0
  /// The number of bytes of line ends outside all documents.
  var lineEndBytes = 0
  /// The number of other bytes outside all documents.
  var bytesBehind = 0

  /// One sentence per adjustment.
  var sentences: [String] {
    var notes: [String] = []
    func note(_ count: Int, _ text: String) { if count > 0 { notes.append(text) } }
    note(
      skippedAtStart,
      "\(counted(skippedAtStart, "special token")) at the start of documents left out: not in "
        + "the text"
    )
    note(
      skippedAtEnd,
      "\(counted(skippedAtEnd, "special token")) at the end of documents left out, "
        + "\(rounded(bitsAtEnd)) bits in all: not in the text"
    )
    note(
      generatedCount,
      "\(counted(generatedCount, "generated token")) after the text left out"
    )
    note(
      otherAnswers,
      "\(counted(otherAnswers, "answer")) among several left out: not in the text"
    )
    note(
      decodedCount,
      "\(counted(decodedCount, "document")) with tokens in a tokenizer's own alphabet, turned back "
        + "into text"
    )
    note(
      resolvedCount,
      "\(counted(resolvedCount, "token")) written with incomplete bytes, completed from the text"
    )
    note(
      spacelessCount,
      "\(counted(spacelessCount, "token")) written with a missing or an extra space at the start, "
        + "corrected from the text"
    )
    note(
      lineEndBytes,
      "\(counted(lineEndBytes, "byte")) of line ends outside all documents, so without a score"
    )
    note(
      bytesBehind,
      "\(counted(bytesBehind, "byte")) at the end of the text outside all documents, so without a "
        + "score"
    )
    return notes
  }
}

private func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

private func rounded(_ value: Double) -> String {
  let tenths = (value * 10).rounded()
  return abs(tenths) < 1e15 ? "\(tenths / 10)" : "\(value)"
}
