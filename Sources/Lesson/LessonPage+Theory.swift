import Pages
import Terminal

extension LessonPage {
  /// The coin's probability of heads at first, in steps of the slider.
  static let coinStep = 180
  /// The bet on it at first.
  static let betStep = 15
  /// The probability of the true class at first, in hundredths.
  static let lossStep = 51

  /// The marked numbers of an axis of probabilities.
  private static let quarters = [0, 0.25, 0.5, 0.75, 1]

  /// Marked numbers with `decimals` decimals.
  static func ticks(_ values: [Double], decimals: Int = 0) -> [FunctionPlot.Tick] {
    values.map { .init($0, label: NumberFormat.fixed($0, decimals: decimals)) }
  }

  /// The curve of the coin's entropy.
  var coinPlot: FunctionPlot {
    let coin = figures.coin
    return FunctionPlot(
      id: "coin-plot",
      title: "Entropy of a coin",
      description: """
        A curve that rises from 0 bits, where the coin always falls tails, to 1 bit, where both \
        sides are equally likely, and falls to 0 again.
        """,
      horizontal: .init(
        "probability of heads",
        0...1,
        ticks: Self.ticks(Self.quarters, decimals: 2)
      ),
      vertical: .init("bits a throw", 0...1, ticks: Self.ticks(Self.quarters, decimals: 2)),
      curves: [
        .init(
          name: "entropy",
          points: coin.entropyBits.enumerated().map { (LessonCoin.probability($0), $1) }
        )
      ],
      markers: [(LessonCoin.probability(Self.coinStep), coin.entropyBits[Self.coinStep])]
    )
  }

  var coin: HTML {
    let coin = figures.coin
    let step = Self.coinStep
    let cross = coin.crossEntropyBits[Self.betStep][step]
    var table = ReportTable(
      caption: "Some coins",
      columns: [
        .number("probability of heads"), .number("entropy, bits"), .number("perplexity"),
        .number("cross-entropy with 0.75, bits"),
      ]
    )
    for step in [100, 120, 150, 180, 198, 200] {
      table.append([
        Self.fixed(LessonCoin.probability(step), 3), Self.fixed(coin.entropyBits[step]),
        Self.fixed(coin.perplexities[step]),
        Self.fixed(coin.crossEntropyBits[Self.betStep][step]),
      ])
    }
    return paragraph(
      """
      An event of probability p carries −log₂ p bits: 1 bit for one of two equal chances, 2 bits \
      for one of four, none for a certain event. Entropy is the mean: the bits that a throw \
      carries on average, and the fewest bits that can record it. A fair coin has 1 bit. The more \
      biased a coin, the less there is to learn from it. Perplexity is 2 to the entropy: the \
      number of equal chances that are as uncertain.
      """
    )
      + HTML("div", ["class": "lab"]) {
        coinPlot.html
        HTML("div") {
          slider(
            "coin-heads",
            "Probability of heads",
            0...LessonCoin.stepCount,
            at: step,
            shows: Self.fixed(LessonCoin.probability(step), 3)
          )
          slider(
            "coin-bet",
            "You believe it is",
            0...LessonCoin.betStepCount,
            at: Self.betStep,
            shows: Self.fixed(Double(Self.betStep) / Double(LessonCoin.betStepCount), 2)
          )
          results([
            ("coin-entropy", "Entropy, bits a throw", Self.fixed(coin.entropyBits[step])),
            ("coin-perplexity", "Perplexity", Self.fixed(coin.perplexities[step])),
            ("coin-cross", "Bits a throw costs you: cross-entropy", Self.fixed(cross)),
          ])
          HTML("p", ["class": "quiet"]) {
            """
            Cross-entropy is the cost of believing in another coin. It is least if belief and coin \
            agree, and infinite if the belief gives no chance to something that happens.
            """
          }
        }
      }
      + table.html
  }

  // MARK: Two distributions

  /// The names of three outcomes.
  static let outcomes = ["sun", "cloud", "rain"]
  /// The two distributions at first, in steps of the bars.
  static let firstSteps = [[10, 6, 4], [6, 4, 10]]

  var belief: HTML {
    let terms = figures.terms
    let (p, q) = (Self.firstSteps[0], Self.firstSteps[1])
    func sum(_ table: [[Double]], _ p: [Int], _ q: [Int]) -> Double {
      zip(p, q).reduce(0) { $0 + table[$1.0][$1.1] }
    }
    let entropy = sum(terms.information, p, p)
    let divergence = sum(terms.divergence, p, q)
    let cross = sum(terms.information, p, q)
    return paragraph(
      """
      P is how often each kind of weather comes; Q is how often a forecast says so. Each day costs \
      the forecast −log₂ of the probability that it gave to the actual weather: on average the \
      cross-entropy H(P, Q). That is the sum of the entropy H(P), which no forecast can beat, and \
      the divergence D(P‖Q), the cost of believing Q. A language model is such a forecast for \
      every next token; perplexity is 2 to its cross-entropy.
      """
    )
      + HTML("div", ["class": "lab bars-lab"]) {
        bars("p", "P, what is", p)
        bars("q", "Q, the forecast", q)
      }
      + live {
        HTML("p", ["class": "quiet"]) {
          "Drag a bar, or move its slider: the others make room in proportion."
        }
      }
      + HTML("div", ["class": "stack", "aria-hidden": "true"]) {
        HTML("div", ["class": "entropy", "id": "stack-entropy", "style": Self.stackWidth(entropy)])
        {
          "H"
        }
        HTML(
          "div",
          ["class": "divergence", "id": "stack-divergence", "style": Self.stackWidth(divergence)]
        ) { "D" }
      }
      + results([
        ("belief-entropy", "H(P), entropy, bits a day", Self.fixed(entropy)),
        ("belief-divergence", "D(P‖Q), the cost of believing Q", Self.fixed(divergence)),
        ("belief-cross", "H(P, Q), cross-entropy: their sum", Self.fixed(cross)),
        (
          "belief-reverse", "D(Q‖P), the reverse: a different number",
          Self.fixed(sum(terms.divergence, q, p))
        ),
      ])
      + HTML("p", ["id": "belief-note", "class": "note", "aria-live": "polite"])
  }

  /// The share of the stack's width that `bits` take, as in the script.
  private static func stackWidth(_ bits: Double) -> String {
    "width: \(NumberFormat.fixed(bits / Self.stackBits * 100, decimals: 2))%"
  }

  /// A distribution as bars that can be dragged, with a slider each for the keyboard.
  private func bars(_ name: String, _ title: String, _ steps: [Int]) -> HTML {
    HTML("fieldset", ["class": "bars bars-\(name)"]) {
      HTML("legend") { title }
      for (index, outcome) in Self.outcomes.enumerated() {
        let id = "\(name)-\(index)"
        HTML("div", ["class": "bar"]) {
          HTML("div", ["class": "well", "id": "\(id)-well"]) {
            HTML(
              "div",
              ["class": "fill", "id": "\(id)-fill", "style": "height: \(steps[index] * 5)%"]
            )
          }
          HTML("label", ["for": id]) { outcome }
          HTML("output", ["id": "\(id)-value", "for": id]) {
            Self.fixed(Double(steps[index]) / Double(LessonTerms.stepCount), 2)
          }
          HTML(
            "input",
            [
              "type": "range", "class": "live-only", "id": id, "min": "0",
              "max": "\(LessonTerms.stepCount)", "step": "1", "value": "\(steps[index])",
              "autocomplete": "off",
            ]
          )
        }
      }
    }
  }

  // MARK: Losses

  /// The curves of the losses.
  var lossPlot: FunctionPlot {
    let rows = figures.losses.rows
    let row = figures.losses.row(Self.lossStep)
    return FunctionPlot(
      id: "loss-plot",
      title: "Losses by the probability given to the true class",
      description: """
        Cross-entropy falls from 6.6 bits at 0.01 to almost none at 0.99, squared error from \
        almost 1 to almost none; the share of errors jumps from 1 to 0 at one half.
        """,
      horizontal: .init(
        "probability of the true class",
        0...1,
        ticks: Self.ticks(Self.quarters, decimals: 2)
      ),
      vertical: .init("loss", 0...7, ticks: Self.ticks([0, 1, 2, 3, 4, 5, 6, 7])),
      curves: [
        .init(
          name: "cross-entropy, bits",
          points: rows.map { ($0.probability, $0.crossEntropyBits) }
        ),
        .init(name: "squared error", points: rows.map { ($0.probability, $0.squaredError) }),
        .init(name: "wrong or right", points: rows.map { ($0.probability, 1 - $0.accuracy) }),
      ],
      references: [.init(0.51, label: "0.51"), .init(0.99, label: "0.99")],
      markers: [
        (row.probability, row.crossEntropyBits), (row.probability, row.squaredError),
        (row.probability, 1 - row.accuracy),
      ]
    )
  }

  var losses: HTML {
    let row = figures.losses.row(Self.lossStep)
    var table = ReportTable(
      caption: "Predictions of one of two classes",
      columns: [
        .number("probability of the true class"), .text("accuracy says"),
        .number("cross-entropy, bits"), .number("nats"), .number("squared error"),
      ]
    )
    for hundredths in [1, 10, 49, 51, 90, 99] {
      let row = figures.losses.row(hundredths)
      table.append([
        Self.fixed(row.probability, 2), row.accuracy == 1 ? "right" : "wrong",
        Self.fixed(row.crossEntropyBits), Self.fixed(row.crossEntropyNats),
        Self.fixed(row.squaredError),
      ])
    }
    let (unsure, sure) = (figures.losses.row(51), figures.losses.row(99))
    return paragraph(
      """
      A classifier is right if it gives the true class more than one half. 0.51 and 0.99 are both \
      right, and accuracy sees no difference. Cross-entropy does: \
      \(Self.fixed(unsure.crossEntropyBits)) bits against \(Self.fixed(sure.crossEntropyBits)), \
      \(NumberFormat.fixed(unsure.crossEntropyBits / sure.crossEntropyBits, decimals: 0)) times as \
      much. Squared error sees it too, but is never above 1, even for a sure and wrong prediction. \
      Its gradient vanishes for the worst mistakes, so a model learns nothing from them. The \
      gradient of cross-entropy does not vanish.
      """
    )
      + HTML("div", ["class": "lab"]) {
        lossPlot.html
        HTML("div") {
          slider(
            "loss-probability",
            "Probability of the true class",
            1...99,
            at: Self.lossStep,
            shows: Self.fixed(row.probability, 2)
          )
          results([
            ("loss-right", "Accuracy says", row.accuracy == 1 ? "right" : "wrong"),
            ("loss-bits", "Cross-entropy, bits", Self.fixed(row.crossEntropyBits)),
            ("loss-nats", "The same in nats", Self.fixed(row.crossEntropyNats)),
            ("loss-squared", "Squared error", Self.fixed(row.squaredError)),
            (
              "loss-gradient", "Gradient of cross-entropy, nats by the true class's logit",
              Self.fixed(row.crossEntropyGradient)
            ),
            (
              "loss-squared-gradient", "Gradient of squared error",
              Self.fixed(row.squaredErrorGradient)
            ),
          ])
        }
      }
      + table.html
  }
}
