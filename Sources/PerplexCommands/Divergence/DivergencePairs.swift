import InformationTheory
import Records
import Terminal

/// Many pairs of distributions, each with its divergence, and the means.
struct DivergencePairs {
  /// A pair.
  struct Pair {
    var name: String
    var divergence: Divergence
  }

  private let files: [String]
  private let against: String?
  private let outcomes: [String]
  private let pairs: [Pair]
  private let scales: Set<String>

  /// Compares rows with a row, columns with a column, rows of a file with those of another, or the two
  /// halves of rows.
  init(
    _ files: [String],
    readsRows: Bool,
    against: String?,
    _ options: DistributionWeights.Options
  ) throws {
    let first =
      readsRows
      ? try DistributionMatrix.rows(of: files[0]) : try DistributionMatrix.columns(of: files[0])
    var scales: Set<String> = []
    func distribution(_ weights: DistributionWeights) throws -> Distribution {
      let (distribution, scale) = try weights.distribution(options)
      scales.insert(scale.name)
      return distribution
    }
    var pairs: [Pair] = []
    func add(_ name: String, _ p: DistributionWeights, _ q: DistributionWeights) throws {
      let divergence = Divergence(
        of: try distribution(p).probabilities,
        and: try distribution(q).probabilities
      )
      pairs.append(Pair(name: name, divergence: divergence))
    }
    if files.count == 2 {
      let second = try DistributionMatrix.rows(of: files[1])
      let order = try Self.match(first, second, files)
      for (row, name) in first.names.enumerated() {
        let partner = second.weights[
          second.names.count == 1 ? 0 : try Self.partner(of: row, first, second, files)
        ]
        var arranged = partner
        arranged.values = order.map { partner.values[$0] }
        try add(name, first.weights[row], arranged)
      }
    } else if let against {
      let place = try first.place(of: against, in: files[0])
      for row in first.names.indices where row != place {
        try add(first.names[row], first.weights[row], first.weights[place])
      }
    } else {
      guard !first.partners.isEmpty else {
        throw RecordError(
          path: files[0],
          "rows of one distribution; --against names the row to compare with, or name a second file"
        )
      }
      for (row, name) in first.names.enumerated() {
        try add(name, first.weights[row], first.partners[row])
      }
    }
    guard !pairs.isEmpty else {
      throw RecordError(path: files[0], "there is one distribution; a divergence is of two")
    }
    self.files = files
    self.against = against
    outcomes = first.outcomes
    self.pairs = pairs
    self.scales = scales
  }

  /// The columns of the second file in the order of the first one's outcomes.
  private static func match(
    _ first: DistributionMatrix,
    _ second: DistributionMatrix,
    _ files: [String]
  ) throws -> [Int] {
    guard first.outcomes.count == second.outcomes.count else {
      throw RecordError(
        path: files[1],
        "rows of \(second.outcomes.count) outcomes, and those of \(files[0]) have "
          + "\(first.outcomes.count)"
      )
    }
    let places = first.outcomes.map { second.outcomes.firstIndex(of: $0) }
    if places.allSatisfy({ $0 != nil }) { return places.compactMap(\.self) }
    let areNumbered = [first.outcomes, second.outcomes].contains {
      $0 == $0.indices.map { "\($0 + 1)" }
    }
    guard areNumbered else {
      let missing = zip(first.outcomes, places).first { $0.1 == nil }?.0 ?? ""
      throw RecordError(path: files[1], "no column '\(missing)', which \(files[0]) has")
    }
    return Array(first.outcomes.indices)
  }

  /// The row of the second file that a row of the first is compared with.
  private static func partner(
    of row: Int,
    _ first: DistributionMatrix,
    _ second: DistributionMatrix,
    _ files: [String]
  ) throws -> Int {
    if first.hasNames && second.hasNames {
      if let place = second.names.firstIndex(of: first.names[row]) { return place }
      throw RecordError(path: files[1], "no row '\(first.names[row])', which \(files[0]) has")
    }
    guard first.names.count == second.names.count else {
      throw RecordError(
        path: files[1],
        "\(second.names.count) rows, and \(files[0]) has \(first.names.count); one row, or as many"
      )
    }
    return row
  }

  private func mean(_ figure: (Divergence) -> Double) -> Double {
    pairs.reduce(0) { $0 + figure($1.divergence) } / Double(pairs.count)
  }

  private static let figures:
    [(key: String, head: String, value: @Sendable (Divergence) -> Double)] =
      [
        ("entropy_p_bits", "H(P)", { $0.firstEntropyBits }),
        ("entropy_q_bits", "H(Q)", { $0.secondEntropyBits }),
        ("cross_entropy_forward_bits", "H(P,Q)", { $0.forwardCrossEntropyBits }),
        ("cross_entropy_backward_bits", "H(Q,P)", { $0.backwardCrossEntropyBits }),
        ("kl_forward_bits", "KL(P||Q)", { $0.forwardBits }),
        ("kl_backward_bits", "KL(Q||P)", { $0.backwardBits }),
        ("jensen_shannon_bits", "JS", { $0.jensenShannonBits }),
      ]

  // MARK: Results

  var json: JSONValue {
    [
      "files": .array(files.map { .string($0) }),
      "against": JSONValue(against),
      "read_as": .array(scales.sorted().map { .string($0) }),
      "outcomes": .integer(outcomes.count),
      "mean": .object(JSONObject(Self.figures.map { ($0.key, .double(mean($0.value))) })),
      "pairs": .array(
        pairs.map { pair in
          var object: JSONObject = ["name": .string(pair.name)]
          for figure in Self.figures { object[figure.key] = .double(figure.value(pair.divergence)) }
          object["infinite_forward"] = JSONValue(
            pair.divergence.forwardImpossible.map { outcomes[$0] }
          )
          return .object(object)
        }
      ),
    ]
  }

  /// Prints the means and the `top` pairs with the greatest KL(P‖Q).
  func print(top: Int, in console: inout Console) throws {
    try console.print(
      files.count == 2
        ? "P  each row of \(files[0])\nQ  its row of \(files[1])"
        : "P  each of \(files[0])\nQ  \(against ?? "the second half of the row")"
    )
    try console.print(
      "\(NumberFormat.grouped(pairs.count)) pairs, \(NumberFormat.grouped(outcomes.count)) outcomes, bits"
    )
    try console.print()
    var table = TextTable([.left("P")] + Self.figures.map { .right($0.head) })
    table.append(["mean"] + Self.figures.map { NumberFormat.figure(mean($0.value)) })
    let order = pairs.indices.sorted {
      let (one, other) = (pairs[$0].divergence.forwardBits, pairs[$1].divergence.forwardBits)
      return one != other ? one > other : $0 < $1
    }
    for index in order.prefix(top) {
      let pair = pairs[index]
      table.append(
        [TokenTable.escaped(pair.name.utf8)]
          + Self.figures.map { NumberFormat.figure($0.value(pair.divergence)) }
      )
    }
    try console.printTable(table)
    var notes: [String] = []
    if pairs.count > top {
      notes.append("\(NumberFormat.grouped(pairs.count - top)) more pairs; --top shows more.")
    }
    if scales != ["probabilities"] {
      notes.append(
        "Numbers were read as \(scales.sorted().joined(separator: ", ").replacing("_", with: "-"))."
      )
    }
    try console.printNotes(notes)
  }
}
