import Pages
import Perplexity
import Records
import Terminal

extension LessonPage {
  /// The bits that fill the stack of entropy and divergence, on the page and for its script: more
  /// than any finite cross-entropy there.
  static let stackBits = 4.5

  /// The tables that the script looks figures up in.
  var data: JSONValue {
    [
      "coin": coinData, "belief": beliefData, "losses": lossData,
      "samples": .array(
        figures.orders.rows.filter { !$0.samples.isEmpty }.map {
          .array($0.samples.map { .string($0) })
        }
      ),
      "shownSamples": .integer(Self.shownSamples),
      "floors": .array(
        figures.zeros.unsmoothed.zeroProbabilityTokens == 0
          ? []
          : figures.zeros.flooredPerplexities.map { .string(Self.perplexity($0)) }
      ),
      "code": Self.list([0] + figures.code.characters.map(\.bitsSoFar)),
      "exercises": .array(figures.exercises.map(\.json)),
    ]
  }

  private static func list(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }

  private static func table(_ values: [[Double]]) -> JSONValue { .array(values.map { list($0) }) }

  private var coinData: JSONValue {
    let coin = figures.coin
    let plot = coinPlot
    return [
      "steps": .integer(LessonCoin.stepCount), "betSteps": .integer(LessonCoin.betStepCount),
      "entropy": Self.list(coin.entropyBits), "perplexity": Self.list(coin.perplexities),
      "cross": Self.table(coin.crossEntropyBits),
      "x": Self.list(
        coin.entropyBits.indices.map { plot.x(LessonCoin.probability($0)) }
      ),
      "y": Self.list(coin.entropyBits.map { plot.y($0) }),
    ]
  }

  private var beliefData: JSONValue {
    [
      "steps": .integer(LessonTerms.stepCount), "stackBits": .double(Self.stackBits),
      "outcomes": .array(Self.outcomes.map { .string($0) }),
      "information": Self.table(figures.terms.information),
      "divergence": Self.table(figures.terms.divergence),
    ]
  }

  private var lossData: JSONValue {
    let plot = lossPlot
    return .array(
      figures.losses.rows.map { row in
        [
          "right": .bool(row.accuracy == 1),
          "bits": .double(row.crossEntropyBits), "nats": .double(row.crossEntropyNats),
          "squared": .double(row.squaredError), "gradient": .double(row.crossEntropyGradient),
          "squaredGradient": .double(row.squaredErrorGradient),
          "x": .double(plot.x(row.probability)),
          "y": Self.list([
            plot.y(row.crossEntropyBits), plot.y(row.squaredError), plot.y(1 - row.accuracy),
          ]),
        ]
      }
    )
  }
}
