#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Returns the information in an event of the given probability, −log₂ *p*; infinity for zero.
func informationBits(ofProbability probability: Double) -> Double {
  // A certain event has 0 bits, not the -0 that the formula alone would give.
  probability == 1 ? 0 : -log2(probability)
}

/// Returns the Shannon entropy of a distribution, that is, the expected surprisal of an outcome.
///
///     H = −Σ p log₂ p
///
/// An outcome of probability zero adds nothing.
func entropyBits(of distribution: some Sequence<Double>) -> Double {
  distribution.reduce(0) { sum, probability in
    probability == 0 ? sum : sum + probability * informationBits(ofProbability: probability)
  }
}
