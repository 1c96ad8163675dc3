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
  /// Reads `text`; the score of each byte.
  func scores(_ text: [UInt8]) -> [ByteScore] {
    let none = ByteScore(surprisalBits: 0, matchedLength: 9)
    var scores = [ByteScore](repeating: none, count: text.count)
    var target = scores.mutableSpan
    score(text.span, into: &target)
    return scores
  }

  /// Reads `text`; the surprisal of each byte in bits.
  func surprisals(_ text: [UInt8]) -> [Double] { scores(text).map(\.surprisalBits) }

  /// The probabilities of the next byte.
  func probabilities() -> [Double] {
    var probabilities = [Double](repeating: 0, count: 256)
    var target = probabilities.mutableSpan
    distribution(into: &target)
    return probabilities
  }

  /// The tables that it writes, in the form that they have in a file.
  func memoryImage() -> [UInt8] {
    var image: [UInt8] = []
    writeMemory { image += imageOfTable($0) }
    return image
  }

  /// The predictor with such a memory.
  static func reading(_ image: [UInt8], _ parameters: [String: Int]) throws(PredictorError) -> Self
  {
    var memory = BytePredictionTests.memory(image)
    return try Self(parameters: parameters, memory: &memory)
  }
}

/// The form of `table` in a file.
func imageOfTable(_ table: RawSpan) -> [UInt8] {
  var image: [UInt8] = []
  PredictorMemory.write(table) { piece in piece.withUnsafeBytes { image += $0 } }
  return image
}

/// The form of a table of `bytes` in a file.
func imageOfTable(_ bytes: [UInt8]) -> [UInt8] {
  let table = bytes.span
  return imageOfTable(table.bytes)
}

/// The memory whose form in a file is `image`.
func memory(_ image: [UInt8]) -> PredictorMemory {
  PredictorMemory(Bytes(copying: image.span), 0..<image.count)
}
