import BytePrediction
import Files
import InformationTheory

/// Sentences of a few words that come again and again.
func sentences(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  let words = ["the", "rain", "in", "spain", "stays", "mainly", "on", "plains", "then", "rains"]
  var numbers = SplitMix64(seed: seed)
  var text = ""
  for _ in 0..<count {
    for _ in 0..<Int.random(in: 3...8, using: &numbers) {
      text += words[Int(min(numbers.next() % 10, numbers.next() % 10))] + " "
    }
    text += "\n"
  }
  return Array(text.utf8)
}

extension BytePredictor {
  /// Reads `text`; the surprisal of each byte in bits.
  func surprisals(_ text: [UInt8]) -> [Double] {
    let none = ByteScore(surprisalBits: 0, matchedLength: 0)
    var scores = [ByteScore](repeating: none, count: text.count)
    var target = scores.mutableSpan
    score(text.span, into: &target)
    return scores.map(\.surprisalBits)
  }

  /// The probabilities of the next byte.
  func probabilities() -> [Double] {
    var probabilities = [Double](repeating: 0, count: 256)
    var target = probabilities.mutableSpan
    distribution(into: &target)
    return probabilities
  }

  /// What it writes as its memory, as it would be in a file.
  func memoryImage() -> [UInt8] {
    var image: [UInt8] = []
    writeMemory { block in PredictorMemory.write(block) { image += $0 } }
    return image
  }

  /// The predictor with such a memory.
  static func reading(_ image: [UInt8], _ parameters: [String: Int]) throws(PredictorError) -> Self
  {
    let bytes = image.withUnsafeBytes { Bytes(copying: $0) }
    var memory = PredictorMemory(bytes, 0..<image.count)
    return try Self(parameters: parameters, memory: &memory)
  }
}
