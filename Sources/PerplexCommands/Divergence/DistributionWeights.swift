import InformationTheory
import RealFunctions
import Records
import Terminal

/// The base of logarithms.
enum LogBase: String, CaseIterable, ArgumentValue {
  case e
  case two = "2"
  case ten = "10"

  /// The natural logarithm of the base.
  var nats: Double {
    switch self {
    case .e: 1
    case .two: 1 / bitsPerNat
    case .ten: log(10)
    }
  }
}

/// The numbers of one distribution as a file has them, in the order of its outcomes.
struct DistributionWeights {
  /// The meaning of the numbers.
  enum Scale: Equatable {
    case probabilities
    /// Counts of the outcomes, and their sum.
    case counts(Double)
    case logProbabilities(LogBase)
    /// Probabilities divided by the widths of bins.
    case densities

    /// The name of the scale in JSON.
    var name: String {
      switch self {
      case .probabilities: "probabilities"
      case .counts: "counts"
      case .logProbabilities: "log_probabilities"
      case .densities: "densities"
      }
    }
  }

  /// The wishes of the command line.
  struct Options {
    /// The numbers are divided by their sum.
    var normalizes = false
    /// The base of the logarithms that the numbers are; nil where they say it themselves.
    var logBase: LogBase?
  }

  var values: [Double] = []
  /// The line of each number.
  var lines: [Int] = []
  var path: String
  /// Outcomes have names, and not only an order.
  var hasNames = false
  /// The line of all numbers, where they are those of a row.
  var row: Int?
  /// The widths of the bins that outcomes are; empty where they are none.
  var widths: [Double] = []

  /// Gives outcome `index` its number.
  mutating func set(_ index: Int, _ value: Double, line: Int) throws {
    while values.count <= index {
      values.append(0)
      lines.append(0)
    }
    guard lines[index] == 0 else {
      throw RecordError(
        path: path,
        line: line,
        "this outcome is on line \(lines[index]) already; give each once"
      )
    }
    values[index] = value
    lines[index] = line
  }

  /// The numbers as a distribution, and what they were.
  ///
  /// Numbers that are all at most 0 are logarithms, whole numbers that sum to more than one counts, and
  /// numbers of bins that sum to one with their widths densities.
  ///
  /// - Throws: `RecordError` naming the line of a number that is not a probability, or the sum.
  func distribution(_ options: Options) throws -> (distribution: Distribution, scale: Scale) {
    var numbers = self
    var scale = Scale.probabilities
    let isLogarithm =
      values.contains { $0 < 0 } && values.enumerated().allSatisfy { lines[$0] == 0 || $1 <= 0 }
    if options.logBase != nil || isLogarithm {
      let base = try options.logBase ?? base()
      scale = .logProbabilities(base)
      // An outcome that only the other file has is impossible here.
      numbers.values = values.enumerated().map { lines[$0] == 0 ? 0 : exp($1 * base.nats) }
    } else if !options.normalizes {
      let sum = values.reduce(0, +)
      if values.allSatisfy({ $0 >= 0 && $0 == $0.rounded() && $0.isFinite }), sum > 1 {
        return (try numbers.checked(normalizes: true), .counts(sum))
      }
      if let masses { (numbers.values, scale) = (masses, .densities) }
    }
    return (try numbers.checked(normalizes: options.normalizes), scale)
  }

  /// The base in which the numbers sum to one.
  private func base() throws -> LogBase {
    let given = values.indices.filter { lines[$0] != 0 }.map { values[$0] }
    let sums = LogBase.allCases.map { base in
      (base, given.reduce(0) { $0 + exp($1 * base.nats) })
    }
    if let (base, _) = sums.first(where: { ($0.1 - 1).magnitude < 1e-3 }) { return base }
    throw RecordError(
      path: path,
      line: row,
      "as logarithms to the base e, 2 and 10 the numbers sum to "
        + sums.map { NumberFormat.significant($0.1, digits: 4) }.joined(separator: ", ")
        + ", never 1; --log-base with --normalize divides by the sum"
    )
  }

  /// True if the numbers are above 0, some of them above 1, and those of probabilities as -log p in
  /// some base.
  private var areSurprisals: Bool {
    let given = values.indices.filter { lines[$0] != 0 }.map { values[$0] }
    guard given.allSatisfy({ $0 >= 0 }), given.contains(where: { $0 > 1 }) else { return false }
    return LogBase.allCases.contains { base in
      (given.reduce(0) { $0 + exp(-$1 * base.nats) } - 1).magnitude < 1e-3
    }
  }

  /// The numbers times the widths of their bins, where these sum to one and the numbers do not.
  private var masses: [Double]? {
    guard widths.count == values.count, (values.reduce(0, +) - 1).magnitude > 1e-6 else {
      return nil
    }
    let masses = zip(values, widths).map(*)
    return (masses.reduce(0, +) - 1).magnitude < 1e-6 ? masses : nil
  }

  private func checked(normalizes: Bool) throws -> Distribution {
    do throws(DistributionError) {
      return normalizes ? try Distribution(normalizing: values) : try Distribution(values)
    } catch {
      switch error {
      case .empty:
        throw RecordError(path: path, "there is no outcome; give each its probability")
      case .sum(let sum):
        let remedy =
          sum > 0 && sum.isFinite
          ? "--normalize divides them by it" : "give probabilities above 0"
        throw RecordError(
          path: path,
          line: row,
          "the probabilities sum to \(sum), not 1; \(remedy)"
        )
      case .notAProbability(let outcome, let value):
        guard !areSurprisals else {
          throw RecordError(
            path: path,
            line: lines[outcome],
            "\(value) is not a probability between 0 and 1; the numbers are surprisals, -log p: "
              + "write them as logarithms, with a minus"
          )
        }
        let remedy =
          value > 1 && value.isFinite ? "; --normalize divides the numbers by their sum" : ""
        throw RecordError(
          path: path,
          line: lines[outcome],
          "\(value) is not a probability between 0 and 1\(remedy)"
        )
      case .notAWeight(let outcome, let value):
        throw RecordError(
          path: path,
          line: lines[outcome],
          "\(value) is no weight; weights are finite and not negative"
        )
      }
    }
  }
}
