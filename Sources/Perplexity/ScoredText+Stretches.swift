package import Tokenization

extension ScoredText {
  /// The first bytes of `range` of the text on one line, without blanks at its ends.
  ///
  /// - Complexity: O(limit).
  package func excerpt(of range: Range<Int>, limit: Int = 160) -> String {
    let text = encoded.text[range]
    let content = text.prefix(4 * limit).drop { $0 == 32 || $0 == 10 || $0 == 13 || $0 == 9 }
    var cut = min(content.endIndex, content.startIndex + limit)
    // The cut must not split a scalar.
    while cut > content.startIndex, cut < content.endIndex, encoded.text[cut] & 0xC0 == 0x80 {
      cut -= 1
    }
    let shown = content[content.startIndex..<cut].map { $0 == 10 || $0 == 13 ? 32 : $0 }
    return String(decoding: shown, as: UTF8.self)
  }

  /// The place, the evaluation and the text's range of each record.
  package var recordStretches: [(TextPlace, Evaluation, Range<Int>)] {
    zip(encoded.records.indices, recordEvaluations).map { index, evaluation in
      let lines = encoded.lineRange(ofRecord: index)
      let range =
        lines.isEmpty
        ? 0..<0
        : encoded.textRange(ofLine: lines.lowerBound)
          .lowerBound..<encoded.textRange(
            ofLine: lines.upperBound - 1
          ).upperBound
      return (TextPlace(record: encoded.records[index].name, line: 0), evaluation, range)
    }
  }

  /// The place, the evaluation and the text's range of each line.
  package var lineStretches: [(TextPlace, Evaluation, Range<Int>)] {
    lineEvaluations.enumerated().map { index, line in
      (line.place, line.evaluation, encoded.textRange(ofLine: index))
    }
  }
}
