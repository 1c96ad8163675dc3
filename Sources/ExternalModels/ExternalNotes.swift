/// What a file of log-probabilities has that a reader of its figures must know.
struct FileNotes: Sendable, Equatable {
  private var sumCount = 0
  private var sentinelCount = 0
  private var filteredCount = 0
  private var otherByteCounts = 0
  private var meansOfPerplexities = 0
  private var impossiblePerplexities = 0

  /// Notes what `document` has.
  mutating func add(_ document: ExternalDocument) {
    sentinelCount += document.sentinelCount
    if document.isSum { sumCount += 1 }
    if document.isFiltered { filteredCount += 1 }
    if let count = document.statedByteCount, count != document.spelling.count {
      otherByteCounts += 1
    }
  }

  /// Notes a perplexity that stands beside the scores.
  mutating func addFigure(_ key: String, _ number: Double?) {
    if let number, number < 1 { impossiblePerplexities += 1 }
    if key == "mean_perplexity" || key == "perplexities" { meansOfPerplexities += 1 }
  }

  /// A sentence for each; `bitsPerToken` is the mean over the text.
  func sentences(bitsPerToken: Double) -> [String] {
    var notes: [String] = []
    func note(_ count: Int, _ text: String) { if count > 0 { notes.append(text) } }
    note(
      sumCount,
      "a token is a whole document here: of the figures only those a byte and a character mean "
        + "something"
    )
    note(
      otherByteCounts,
      "\(counted(otherByteCounts, "document")) of the file with the byte count of another text than "
        + "the one that was scored, whose bytes are taken here"
    )
    note(
      sentinelCount,
      "\(counted(sentinelCount, "token")) with the log-probability -9999, which stands for 'less "
        + "likely than is told', taken as it is: the perplexity is too high"
    )
    note(
      filteredCount,
      "the probabilities are those after the settings and filters of sampling, not the model's own"
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
        "\(rounded(bitsPerToken)) bits a token are more than for a guess among a million tokens: is "
          + "the unit of the file the one it says?"
      )
    }
    return notes
  }
}

/// What had to be done to put a file of log-probabilities on a text.
struct PlacementNotes: Sendable, Equatable {
  /// Special tokens at the start of a document.
  var skippedAtStart = 0
  /// Special tokens at the end of a document.
  var skippedAtEnd = 0
  /// The bits of the special tokens at the end.
  var bitsAtEnd = 0.0
  /// Generated tokens that are no part of the text.
  var generatedCount = 0
  /// Tokens whose bytes were found in the text.
  var resolvedCount = 0
  /// Tokens that have a space too few or too many at their start.
  var spacelessCount = 0
  /// Bytes of line ends in no document.
  var lineEndBytes = 0
  /// Bytes that are in no document for another reason.
  var bytesBehind = 0

  /// A sentence for each.
  var sentences: [String] {
    var notes: [String] = []
    func note(_ count: Int, _ text: String) { if count > 0 { notes.append(text) } }
    note(
      skippedAtStart,
      "\(counted(skippedAtStart, "special token")) at the start of documents left out: no bytes of "
        + "the text"
    )
    note(
      skippedAtEnd,
      "\(counted(skippedAtEnd, "special token")) at the end of documents left out, "
        + "\(rounded(bitsAtEnd)) bits in all: no bytes of the text"
    )
    note(
      generatedCount,
      "\(counted(generatedCount, "generated token")) behind the text left out"
    )
    note(
      resolvedCount,
      "\(counted(resolvedCount, "token")) written without all bytes, which were found in the text"
    )
    note(
      spacelessCount,
      "\(counted(spacelessCount, "token")) written with a space too few or too many at the start, "
        + "as the text shows"
    )
    note(
      lineEndBytes,
      "\(counted(lineEndBytes, "byte")) of line ends in no document, so without a score"
    )
    note(
      bytesBehind,
      "\(counted(bytesBehind, "byte")) at the end of the text in no document, so without a score"
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
