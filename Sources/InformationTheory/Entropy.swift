import RealFunctions

/// Returns the information in an event of the given probability, −log₂ *p*; infinity for zero.
package func surprisalBits(ofProbability probability: Double) -> Double {
  // A certain event has 0 bits, not the -0 that the formula alone would give.
  probability == 1 ? 0 : -log2(probability)
}

/// Returns the Shannon entropy of a distribution, that is, the expected surprisal of an outcome.
///
///     H = −Σ p log₂ p
///
/// An outcome of probability zero adds nothing.
package func entropyBits(of distribution: some Sequence<Double>) -> Double {
  distribution.reduce(0) { sum, probability in
    probability == 0 ? sum : sum + probability * surprisalBits(ofProbability: probability)
  }
}

/// log₂ e: a nat in bits.
package let bitsPerNat = 1.442_695_040_888_963_407_4

/// Returns the perplexity of a cross-entropy, 2 to its power.
package func perplexity(ofBits bits: Double) -> Double { exp2(bits) }

/// Returns the perplexity of a cross-entropy, e to its power: the same number.
package func perplexity(ofNats nats: Double) -> Double { exp(nats) }
