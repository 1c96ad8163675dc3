import Terminal

/// A perplexity above the highest that the command line allows.
struct PerplexityGate: FailedGate, Equatable, CustomStringConvertible {
  var perplexity: Double
  var highest: Double

  /// The two figures.
  var description: String {
    "the perplexity is \(perplexity), above the \(highest) of --max-perplexity"
  }
}
