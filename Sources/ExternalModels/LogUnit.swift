package import LanguageModels

/// The unit of a logarithm in a file.
package enum LogUnit: String, Sendable, CaseIterable {
  /// The natural logarithm, which all servers write.
  case nat
  /// The logarithm to base 2.
  case bit
  /// The logarithm to base 10.
  case log10

  /// The log-probability with the logarithm `value` in this unit.
  package func logProbability(_ value: Double) -> LogProbability {
    switch self {
    case .nat: LogProbability(nats: value)
    case .bit: LogProbability(bits: value)
    case .log10: LogProbability(log10: value)
    }
  }

  var noun: String {
    switch self {
    case .nat: "natural logarithms"
    case .bit: "logarithms to base 2"
    case .log10: "logarithms to base 10"
    }
  }
}
