/// The longest listed n-gram that ends in a token, as a look-up finds it.
struct NGramMatch: BitwiseCopyable {
  /// The stored value of that n-gram.
  var value: Double
  /// The back-off weights of all longer contexts, combined by ``BackOffRule/step(_:_:)``.
  var weight: Double
  /// The number of words of that n-gram's context.
  var matched: Int
  /// The number of words of the longest context that the model knows.
  var known: Int
  /// The number of words of the history.
  var depth: Int
}

/// The arithmetic that combines what a look-up finds of an n-gram.
///
///     p(w | h) = α(w | h)              where the n-gram h w is listed
///              = γ(h) · p(w | h′)      otherwise; γ(h) = 1 where the context h is not known
///
/// α is the stored value of an n-gram, γ the stored back-off weight of a context; h′ is h without
/// its first word (Katz 1987; the form of ARPA files, in which interpolated models are written
/// too). Two methods read the same numbers otherwise: each is a case.
enum BackOffRule: Sendable {
  /// α and γ are stored themselves.
  case linear
  /// α and γ are stored as logarithms to base 10, digit for digit as an ARPA file has them.
  case log10
  /// A token that is not listed has γ(h) / `outcomeCount`, whatever shorter contexts say: additive
  /// smoothing.
  case uniform(outcomeCount: Double)
  /// A token that is not listed has `weight` · S(w | h′), also where h is not known: stupid
  /// back-off, whose scores are not probabilities.
  case fixed(weight: LogProbability)

  /// The rule of a model with `outcomeCount` tokens that can follow a history.
  init(_ description: ModelDescription, outcomeCount: Int) {
    switch description.combination {
    case .uniform: self = .uniform(outcomeCount: Double(outcomeCount))
    case .fixedWeight(let weight): self = .fixed(weight: LogProbability(of: weight))
    case .interpolated, .backOff, .maximumLikelihood:
      switch description.scale {
      case .linear: self = .linear
      case .log10: self = .log10
      }
    }
  }

  /// The back-off weight that changes nothing.
  @inline(__always)
  var start: Double { if case .log10 = self { 0 } else { 1 } }

  /// The stored value of a token that cannot be.
  @inline(__always)
  var impossible: Float { if case .log10 = self { -.infinity } else { 0 } }

  /// True if all tokens that are not listed after the whole history have the same probability.
  ///
  /// Shorter contexts are then not searched.
  @inline(__always)
  var backsOffToUniform: Bool { if case .uniform = self { true } else { false } }

  /// True if a score depends on the length of the history beyond the known contexts.
  var needsHistoryLength: Bool {
    switch self {
    case .linear, .log10: false
    case .uniform, .fixed: true
    }
  }

  /// `weight` combined with one more stored back-off weight.
  @inline(__always)
  func step(_ weight: Double, _ backOff: Double) -> Double {
    if case .log10 = self { weight + Self.logarithm(backOff) } else { weight * backOff }
  }

  /// The score of a token with this match.
  @inline(__always)
  func score(_ match: NGramMatch) -> TokenScore {
    let logProbability: LogProbability
    switch self {
    case .linear: logProbability = LogProbability(of: match.value * match.weight)
    case .log10: logProbability = LogProbability(log10: Self.logarithm(match.value) + match.weight)
    case .uniform(let outcomeCount):
      if match.matched < match.depth {
        let gamma = match.known == match.depth ? match.weight : 1
        return TokenScore(
          logProbability: LogProbability(of: gamma / outcomeCount),
          matchedLength: 0
        )
      }
      logProbability = LogProbability(of: match.value)
    case .fixed(let weight):
      let bits =
        LogProbability(of: match.value).bits + Double(match.depth - match.matched) * weight.bits
      logProbability = LogProbability(bits: bits)
    }
    return TokenScore(
      logProbability: logProbability,
      matchedLength: UInt8(truncatingIfNeeded: match.matched + 1)
    )
  }

  /// A stored value or weight as a probability.
  func probability(ofStored value: Double) -> Double {
    if case .log10 = self {
      LogProbability(log10: Self.logarithm(value)).probability
    } else {
      value
    }
  }

  /// γ(h) of a context whose stored weight is `backOff`; nil means an unknown context.
  func gamma(_ backOff: Double?) -> Double {
    if case .fixed(let weight) = self { return weight.probability }
    return backOff.map { probability(ofStored: $0) } ?? 1
  }

  /// A stored logarithm; SRILM's -99 means log 0.
  @inline(__always)
  static func logarithm(_ stored: Double) -> Double { stored <= -99 ? -.infinity : stored }
}
