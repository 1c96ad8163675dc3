import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

/// The parts of texts with the highest cost, for `score --sort`: texts, records or lines.
struct OddestParts {
  /// The figure that orders the parts.
  enum Order: String, CaseIterable, ArgumentValue { case surprisal, bits }

  /// A part with its text.
  struct Part {
    var text: Int
    /// The line or the record; nil for a whole text.
    var place: TextPlace?
    var evaluation: Evaluation
    var excerpt: String
  }

  private let order: Order
  private let limit: Int
  private var parts: [(cost: Double, part: Part)] = []

  /// The `limit` first parts by `order`.
  init(by order: Order, limit: Int) {
    self.order = order
    self.limit = limit
  }

  /// Adds a part; of equal ones the first stays.
  mutating func add(_ part: Part) {
    let evaluation = part.evaluation
    guard evaluation.measure.tokens > 0 else { return }
    let cost = order == .bits ? evaluation.total.surprisalBits : evaluation.crossEntropyBits
    parts.append((cost, part))
    if parts.count >= 2 * limit + 64 { cut() }
  }

  /// The parts, the costliest first.
  var sorted: [Part] {
    var all = self
    all.cut()
    return all.parts.map(\.part)
  }

  private mutating func cut() {
    let sorted = parts.enumerated().sorted {
      ($1.element.cost, $0.offset) < ($0.element.cost, $1.offset)
    }
    parts = sorted.prefix(limit).map(\.element)
  }

  /// The table for people; `names` are those of the texts.
  func table(names: [String], by unit: ScoreCommand.Unit) -> TextTable {
    var table = TextTable([
      .left("\(unit.rawValue == "file" ? "text" : unit.rawValue)"), .right("tokens"),
      .decimal("bits/token"), .decimal("bits"), .left("its text"),
    ])
    for part in sorted {
      let place = part.place.map { place in
        unit == .record ? place.record ?? "" : "\(place)"
      }
      let name =
        place.map { (names.count > 1 ? names[part.text] + ":" : "") + $0 } ?? names[part.text]
      table.append([
        name, NumberFormat.grouped(part.evaluation.measure.tokens),
        ScoreReport.number(part.evaluation.crossEntropyBits, 4),
        ScoreReport.number(part.evaluation.total.surprisalBits, 2),
        TokenTable.escaped(part.excerpt.utf8),
      ])
    }
    return table
  }
}

extension ScoredText {
  /// The place, the evaluation and the text's range of each line or record.
  func stretches(by unit: ScoreCommand.Unit) -> [(TextPlace, Evaluation, Range<Int>)] {
    unit == .record ? recordStretches : lineStretches
  }
}
