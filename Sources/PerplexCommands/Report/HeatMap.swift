import LanguageModels
import Perplexity
import Pages
import RealFunctions
import Records
import Terminal
import Tokenization

/// A text whose tokens are coloured by their surprisal, with the details of each token.
struct HeatMap {
  /// The thresholds of the colours, in bits.
  static let thresholds: [Double] = [1, 2, 4, 6, 8, 11, 15]

  /// The model's number on the page.
  let index: Int
  let name: String
  let shown: ShownText
  /// Empty if the model cannot be asked.
  let predictions: [Prediction]
  let vocabulary: Vocabulary?

  /// The colour of a token, from 0 on.
  static func shade(_ bits: Double) -> Int {
    thresholds.firstIndex { bits < $0 } ?? thresholds.count
  }

  // MARK: Text

  /// The text, line by line.
  var html: HTML {
    HTML(
      "div",
      [
        "class": "map", "tabindex": "0", "role": "group", "data-model": "\(index)",
        "aria-label":
          "The text as \(name) reads it, coloured by surprisal; arrow keys move between "
          + "tokens and describe each",
      ]
    ) {
      for line in shown.lines.indices {
        if line == 0 || shown.lines[line].text != shown.lines[line - 1].text {
          HTML("h4") { HTML("bdi") { shown.lines[line].text } }
        }
        html(ofLine: line)
      }
    }
  }

  private func html(ofLine index: Int) -> HTML {
    let line = shown.lines[index]
    return HTML("p", ["class": "line"]) {
      HTML("b") { "\(line.number)" }
      for (token, gap) in zip(shown.tokenRange(ofLine: index), line.gaps) {
        if !gap.isEmpty { String(decoding: gap, as: UTF8.self) }
        html(of: shown.tokens[token])
      }
    }
  }

  private func html(of token: ShownText.Token) -> HTML {
    guard let bits = token.bits else {
      return HTML("i", ["class": "none"]) { Self.spelling(of: token) }
    }
    let shade = "s\(Self.shade(bits))"
    let kind = token.isUnknown ? shade + " unknown" : bits == .infinity ? shade + " zero" : shade
    return HTML("i", ["class": kind]) { Self.spelling(of: token) }
  }

  /// The spelling of a token; line ends have a mark.
  private static func spelling(of token: ShownText.Token) -> String {
    switch token.bytes {
    case [], [10], [13, 10]: "\u{21B5}"
    default: String(decoding: token.bytes, as: UTF8.self)
    }
  }

  /// The meaning of the colours.
  static var legend: HTML {
    HTML("p", ["class": "legend"]) {
      "Bits of surprisal: "
      for shade in 0...thresholds.count {
        let low = shade == 0 ? 0 : thresholds[shade - 1]
        HTML("i", ["class": "s\(shade)"]) {
          shade == thresholds.count
            ? "\(Int(low)) and more" : "\(Int(low))\u{2013}\(Int(thresholds[shade]))"
        }
        " "
      }
      HTML("i", ["class": "s5 unknown"]) { "out of vocabulary" }
      " "
      HTML("i", ["class": "s7 zero"]) { "probability zero" }
    }
  }

  // MARK: The details of a token

  /// The figures of each token, for the page's script.
  var json: JSONValue {
    var words: [String] = []
    var numbers: [TokenID: Int] = [:]
    func number(of token: TokenID) -> Int {
      if let number = numbers[token] { return number }
      numbers[token] = words.count
      words.append(spelling(of: token))
      return words.count - 1
    }
    // Of bytes that are a character together each has its own.
    func single(_ token: ShownText.Token) -> Prediction? {
      token.predictions.count == 1 && token.predictions.upperBound <= predictions.count
        ? predictions[token.predictions.lowerBound] : nil
    }
    let alternatives = shown.tokens.map { token -> JSONValue in
      guard let prediction = single(token) else { return .null }
      return .array(
        prediction.likeliest.flatMap { alternative -> [JSONValue] in
          [
            .integer(number(of: alternative.token)),
            .double(Self.rounded(alternative.probability, digits: 3)),
          ]
        }
      )
    }
    let expected = shown.tokens.map { token -> JSONValue in
      guard token.predictions.upperBound <= predictions.count else { return .null }
      let bits = predictions[token.predictions].reduce(0) { $0 + $1.expectedBits }
      return .double(Self.rounded(bits, decimals: 2))
    }
    return [
      "name": .string(name),
      "bits": .array(
        shown.tokens.map { JSONValue($0.bits.map { Self.rounded($0, decimals: 2) }) }
      ),
      "probability": .array(
        shown.tokens.map { JSONValue($0.bits.map { Self.rounded(exp2(-$0), digits: 3) }) }
      ),
      "order": .array(shown.tokens.map { .integer($0.order) }),
      "rank": .array(shown.tokens.map { JSONValue(single($0)?.rank) }),
      "expected": .array(expected),
      "alternatives": .array(alternatives),
      "words": .array(words.map { .string($0) }),
    ]
  }

  private func spelling(of token: TokenID) -> String {
    switch token {
    case .endSentence: "\u{21B5} (the end)"
    case .unknown: "<unk>"
    default:
      vocabulary.map { vocabulary in
        let text = TokenTable.escaped(vocabulary[token].utf8)
        return text.allSatisfy(\.isWhitespace) ? "'\(text)'" : text
      } ?? ""
    }
  }

  private static func rounded(_ value: Double, decimals: Int) -> Double {
    guard value.isFinite else { return value }
    let scale = pow(10, Double(decimals))
    return (value * scale).rounded() / scale
  }

  private static func rounded(_ value: Double, digits: Int) -> Double {
    guard value > 0, value.isFinite else { return value }
    let decimals = digits - 1 - Int(log10(value).rounded(.down))
    let scale = pow(10, Double(min(decimals, 300)))
    return (value * scale).rounded() / scale
  }
}
