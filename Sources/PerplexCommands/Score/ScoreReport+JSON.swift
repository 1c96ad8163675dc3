import Perplexity
import Records
import Tokenization

extension ScoreReport {
  /// The object that `--json` prints.
  var json: JSONValue {
    json(
      parts: zip(names, texts).map {
        .object(figures($1.evaluation, text: $0, seconds: $1.seconds))
      }
    )
  }

  /// The total, after `parts` in place of each text's figures.
  func json(parts: [JSONValue]) -> JSONValue { ["texts": .array(parts), "total": totalFigures] }

  /// The figures of `line` of the text number `text`.
  func figures(text: Int, line: TextPlace, _ evaluation: Evaluation) -> JSONValue {
    .object(figures(evaluation, text: names[text], line: line))
  }

  /// The figures of a part of a text, with its line or record.
  func figures(_ part: OddestParts.Part, by unit: ScoreCommand.Unit) -> JSONValue {
    .object(figures(part.evaluation, text: names[part.text], line: part.place))
  }

  /// The figures of all texts together.
  var totalFigures: JSONValue {
    var figures = figures(total, seconds: texts.reduce(0) { $0 + $1.seconds })
    if let breakdownReport { figures["breakdown"] = breakdownReport.json }
    return .object(figures)
  }

  private func figures(
    _ evaluation: Evaluation,
    text: String? = nil,
    line: TextPlace? = nil,
    seconds: Double? = nil
  ) -> JSONObject {
    subject.figures(
      evaluation,
      text: text,
      line: line,
      seconds: seconds,
      resampling: line == nil ? resampling : nil
    )
  }
}
