import InformationTheory
import Records
import Terminal

/// The figures of `divergence` on two distributions, for people and for programs.
struct DistributionReport {
  private let names: [String]
  private let paths: [String]
  private let first: Distribution
  private let second: Distribution
  private let divergence: Divergence
  private let floored: FlooredCrossEntropy?
  private let floor: Double?
  private let scales: [DistributionWeights.Scale]
  /// The outcomes that are shown, what they add to the cross-entropy falling.
  private let shown: [Int]

  init(
    names: [String],
    paths: [String],
    first: Distribution,
    second: Distribution,
    scales: [DistributionWeights.Scale],
    floor: Double?,
    top: Int
  ) {
    self.names = names
    self.paths = paths
    self.first = first
    self.second = second
    self.floor = floor
    self.scales = scales
    divergence = Divergence(of: first.probabilities, and: second.probabilities)
    floored = floor.map { first.crossEntropy(predictedBy: second, flooredAt: $0) }
    let costs = zip(first.probabilities, second.probabilities).map { p, q in
      p > 0 ? p * surprisalBits(ofProbability: q) : 0
    }
    // Of equal costs the likelier outcome first, then the earlier.
    let p = first.probabilities
    shown = Array(
      costs.indices.sorted {
        costs[$0] != costs[$1] ? costs[$0] > costs[$1] : p[$0] != p[$1] ? p[$0] > p[$1] : $0 < $1
      }.prefix(top)
    )
  }

  // MARK: JSON

  var json: JSONValue {
    [
      "files": .array(paths.map { .string($0) }),
      "read_as": .array(scales.map { .string($0.name) }),
      "outcomes": .integer(names.count),
      "entropy_p_bits": .double(divergence.firstEntropyBits),
      "entropy_q_bits": .double(divergence.secondEntropyBits),
      "cross_entropy_forward_bits": .double(divergence.forwardCrossEntropyBits),
      "cross_entropy_backward_bits": .double(divergence.backwardCrossEntropyBits),
      "cross_entropy_forward_nats": .double(divergence.forwardCrossEntropyBits / bitsPerNat),
      "kl_forward_bits": .double(divergence.forwardBits),
      "kl_backward_bits": .double(divergence.backwardBits),
      "kl_forward_nats": .double(divergence.forwardBits / bitsPerNat),
      "jensen_shannon_bits": .double(divergence.jensenShannonBits),
      "perplexity_p": .double(first.perplexity),
      "perplexity_q": .double(second.perplexity),
      "perplexity_forward": .double(first.perplexity(predictedBy: second)),
      "infinite_forward": JSONValue(divergence.forwardImpossible.map { names[$0] }),
      "infinite_backward": JSONValue(divergence.backwardImpossible.map { names[$0] }),
      "floor": floored.map(json) ?? .null,
      "terms": .array(shown.map(json)),
    ]
  }

  private func json(_ floored: FlooredCrossEntropy) -> JSONValue {
    [
      "probability": JSONValue(floor),
      "cross_entropy_forward_bits": .double(floored.bits),
      "raised_outcomes": .integer(floored.raisedOutcomes),
      "change_bits": .double(floored.changeBits),
    ]
  }

  private func json(_ outcome: Int) -> JSONValue {
    let (p, q) = (first.probabilities[outcome], second.probabilities[outcome])
    return [
      "outcome": .string(names[outcome]),
      "probability_p": .double(p),
      "probability_q": .double(q),
      "information_q_bits": .double(surprisalBits(ofProbability: q)),
      "cross_entropy_bits": .double(p > 0 ? p * surprisalBits(ofProbability: q) : 0),
      "kl_bits": .double(share(outcome)),
    ]
  }

  /// The term of an outcome in D(P‖Q): below zero where Q gives it more than P.
  private func share(_ outcome: Int) -> Double {
    let (p, q) = (first.probabilities[outcome], second.probabilities[outcome])
    return p > 0
      ? p * (surprisalBits(ofProbability: q) - surprisalBits(ofProbability: p)) : 0
  }

  // MARK: Text

  func print(in console: inout Console) throws {
    let width = max(console.width, 80)
    try console.print("P  \(paths[0])")
    try console.print("Q  \(paths.count == 2 ? paths[1] : "\(paths[0]), its second column")")
    try console.print("\(NumberFormat.grouped(names.count)) outcomes")
    try console.print()
    try console.printTable(figures)
    try printNotes(in: &console)
    if !shown.isEmpty {
      try console.print()
      try console.printTable(terms(fitting: width))
    }
  }

  private var figures: TextTable {
    var table = TextTable([
      .left("figure"), .right("bits"), .right("nats"), .right("2^bits"), .prose("what it is"),
    ])
    func add(_ name: String, _ bits: Double, _ meaning: String, hasPower: Bool = true) {
      table.append([
        name, number(bits), number(bits / bitsPerNat),
        hasPower ? number(perplexity(ofBits: bits)) : "", meaning,
      ])
    }
    add("H(P)", divergence.firstEntropyBits, "entropy of P, the floor")
    add("KL(P||Q)", divergence.forwardBits, "what expecting Q costs more", hasPower: false)
    add("H(P,Q)", divergence.forwardCrossEntropyBits, "cross-entropy, the sum of both")
    add("H(Q)", divergence.secondEntropyBits, "entropy of Q")
    add("KL(Q||P)", divergence.backwardBits, "the other way round", hasPower: false)
    add("H(Q,P)", divergence.backwardCrossEntropyBits, "the sum of these two")
    add("JS(P,Q)", divergence.jensenShannonBits, "Jensen-Shannon, 0 to 1 bit", hasPower: false)
    return table
  }

  private func printNotes(in console: inout Console) throws {
    var notes = zip(["P", "Q"], scales).compactMap { name, scale -> String? in
      switch scale {
      case .probabilities: nil
      case .counts(let sum):
        // A sum may be larger than any integer.
        "The counts of \(name) were divided by their sum, "
          + (sum < 1e15 ? NumberFormat.grouped(Int(sum)) : number(sum)) + "."
      case .logProbabilities(let base):
        "The numbers of \(name) were read as logarithms to the base \(base.rawValue)."
      case .densities: "The densities of \(name) were multiplied by the widths of the bins."
      }
    }
    if let outcome = divergence.forwardImpossible {
      notes.append(
        "Q holds '\(TokenTable.escaped(names[outcome].utf8))' to be impossible, which P does not: KL(P||Q) is infinite."
      )
    }
    if let outcome = divergence.backwardImpossible {
      notes.append(
        "P holds '\(TokenTable.escaped(names[outcome].utf8))' to be impossible, which Q does not: KL(Q||P) is infinite."
      )
    }
    if let floored, let floor {
      notes.append(
        """
        With every probability of Q raised to at least \(floor), H(P,Q) would be \
        \(number(floored.bits)) bits: \(number(floored.changeBits)) less, for \
        \(NumberFormat.grouped(floored.raisedOutcomes)) \
        \(floored.raisedOutcomes == 1 ? "outcome" : "outcomes") of P. That is the figure of no \
        distribution.
        """
      )
    }
    try console.printNotes(notes)
  }

  private func terms(fitting width: Int) -> TextTable {
    .withBars(fitting: width) { terms(barCharacters: $0) }
  }

  private func terms(barCharacters: Int) -> TextTable {
    let hasBars = barCharacters > 0
    var columns: [TextTable.Column] = [
      .left("outcome"), .right("p"), .right("q"), .right("-log2 q"), .right("in H(P,Q)"),
      .right("in KL"),
    ]
    if hasBars { columns.append(.left(barCharacters >= 12 ? "p and q as bars" : "p, q")) }
    var table = TextTable(columns)
    let most = shown.map { max(first.probabilities[$0], second.probabilities[$0]) }.max() ?? 0
    func append(_ cells: [String], bar: Double) {
      table.append(cells + (hasBars ? [TextBar.text(bar, of: most, width: barCharacters)] : []))
    }
    var rest = (p: 1.0, q: 1.0, cross: divergence.forwardCrossEntropyBits, kl: 0.0)
    rest.kl = divergence.forwardBits
    for outcome in shown {
      let (p, q) = (first.probabilities[outcome], second.probabilities[outcome])
      let cost = p > 0 ? p * surprisalBits(ofProbability: q) : 0
      rest.p -= p
      rest.q -= q
      rest.cross -= cost
      rest.kl -= share(outcome)
      append(
        [
          TokenTable.escaped(names[outcome].utf8), number(p), number(q),
          number(surprisalBits(ofProbability: q)),
          number(cost), number(share(outcome)),
        ],
        bar: p
      )
      if hasBars { append(["", "", "", "", "", ""], bar: q) }
    }
    if shown.count < names.count {
      let count = NumberFormat.grouped(names.count - shown.count)
      append(
        [
          "\(count) more", number(max(0, rest.p)), number(max(0, rest.q)), "", number(rest.cross),
          number(rest.kl),
        ],
        bar: 0
      )
    }
    return table
  }

  private func number(_ value: Double) -> String { NumberFormat.figure(value) }
}
