import BytePrediction
import InformationTheory
import RealFunctions
import Records
import Terminal

/// A text with what a gated model makes of each byte.
struct ExplainedBytes {
  var bytes: [ByteExplanation]

  /// The bits of the whole text.
  var bits: Double { bytes.reduce(0) { $0 + $1.surprisalBits } }
}

extension ByteExplanation {
  fileprivate var surprisalBits: Double {
    InformationTheory.surprisalBits(ofProbability: probability)
  }
}

extension [ExplainedBytes] {
  /// Prints a table for each byte, then the sums.
  func print(model: String, in console: inout Console) throws {
    try console.print("\(console.style.bold(model)): gated model of bytes")
    for text in self {
      var running = 0.0
      for (index, byte) in text.bytes.enumerated() {
        running += byte.surprisalBits
        let before = TokenTable.escaped(text.bytes[..<index].suffix(20).map(\.byte))
        try console.print()
        try console.print(
          "\(index + 1). \(console.style.bold("'\(TokenTable.escaped([byte.byte]))'"))"
            + (index == 0 ? ", the first" : ", after '\(before)'")
        )
        try console.write(byte.table.rendered(width: console.width, style: console.style))
        try console.print(
          "   p = \(NumberFormat.significant(byte.probability, digits: 4)), "
            + "\(NumberFormat.fixed(byte.surprisalBits, decimals: 3)) bits, "
            + "\(NumberFormat.fixed(running, decimals: 3)) so far"
        )
      }
      let perByte = running / Double(text.bytes.count)
      try console.print()
      try console.print(
        "\(NumberFormat.grouped(text.bytes.count)) bytes, \(NumberFormat.fixed(running, decimals: 4)) "
          + "bits, \(NumberFormat.fixed(perByte, decimals: 4)) a byte; perplexity "
          + NumberFormat.fixed(exp2(perByte), decimals: 4)
      )
    }
  }

  /// The JSON form.
  func json(model: String) -> JSONValue {
    let all = ExplainedBytes(bytes: flatMap(\.bytes))
    return [
      "model": .string(model),
      "sentences": .array(
        map { text in
          let spelled = String(decoding: text.bytes.map(\.byte), as: UTF8.self)
          return .object(["sentence": .string(spelled)] + text.totals)
        }
      ),
      "tokens": .array(
        enumerated().flatMap { number, text in text.tokens(number: number + 1) }
      ),
      "total": .object(all.totals),
    ]
  }
}

extension ExplainedBytes {
  fileprivate var totals: JSONObject {
    let bits = bits
    let perByte = bits / Double(bytes.count)
    return [
      "tokens": .integer(bytes.count),
      "bits": .double(bits),
      "cross_entropy_bits": .double(perByte),
      "perplexity_from_bits": .double(exp2(perByte)),
    ]
  }

  fileprivate func tokens(number: Int) -> [JSONValue] {
    var running = 0.0
    return bytes.map { byte in
      running += byte.surprisalBits
      return [
        "sentence": .integer(number),
        "token": .string(TokenTable.escaped([byte.byte])),
        "probability": .double(byte.probability),
        "surprisal_bits": .double(byte.surprisalBits),
        "running_bits": .double(running),
        "explanation": byte.json,
      ]
    }
  }
}
