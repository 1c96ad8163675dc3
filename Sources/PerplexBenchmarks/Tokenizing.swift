import Files
import Foundation
import LanguageModels
import Tokenization

/// A text whose tokens are known by their place.
struct CutText {
  let bytes: [UInt8]
  /// The tokens, line after line.
  var tokens: [Range<UInt32>] = []
  /// Behind each line's last token.
  var lineEnds: [Int] = []

  /// Cuts `bytes`, of which there must be less than 4 GiB, on one thread.
  init(_ bytes: [UInt8], _ tokenizer: any Tokenizer) {
    self.bytes = bytes
    cut(tokenizer)
  }

  /// Cuts the text again, into the same memory.
  mutating func cut(_ tokenizer: any Tokenizer) {
    tokens.removeAll(keepingCapacity: true)
    lineEnds.removeAll(keepingCapacity: true)
    var ranges: [Range<Int>] = []
    let bytes = bytes
    let span = bytes.span
    var start = 0
    while start < bytes.count {
      let end = span.firstIndex(of: 10, from: start) ?? bytes.count
      ranges.removeAll(keepingCapacity: true)
      tokenizer.tokenize(span.extracting(start..<end), into: &ranges)
      for range in ranges {
        tokens.append(UInt32(start + range.lowerBound)..<UInt32(start + range.upperBound))
      }
      lineEnds.append(tokens.count)
      start = end + 1
    }
  }

  /// Tells `body` the bytes of each token.
  func forEachToken(_ body: (Span<UInt8>) -> Void) {
    for token in tokens {
      body(bytes.span.extracting(Int(token.lowerBound)..<Int(token.upperBound)))
    }
  }

  /// The numbers of the tokens, each line between `<s>` and `</s>`.
  func numbered(by vocabulary: Vocabulary) -> [TokenID] {
    var numbers: [TokenID] = []
    forEachToken { numbers.append(vocabulary.number(of: $0)) }
    var sequences: [TokenID] = []
    var start = 0
    for end in lineEnds {
      sequences += [.beginSentence] + numbers[start..<end] + [.endSentence]
      start = end
    }
    return sequences
  }
}

/// Cutting a text into tokens, line by line.
func tokenizing(_ text: CutText, _ tokenizer: any Tokenizer) -> () -> [Lap] {
  var text = text
  return {
    var lap = Lap.measuring("tokenize") { text.cut(tokenizer) }
    lap.byteCount = text.bytes.count
    lap.tokenCount = text.tokens.count
    return [lap]
  }
}

/// Giving each token of a text that is cut its number.
func interning(_ text: CutText) -> () -> [Lap] {
  {
    var lap = Lap.measuring("intern") {
      var vocabulary = VocabularyBuilder()
      text.forEachToken { _ = vocabulary.number(of: $0) }
    }
    lap.byteCount = text.bytes.count
    lap.tokenCount = text.tokens.count
    return [lap]
  }
}

/// All that stands between a file and a text of numbers.
func reading(_ input: TrainingInput) -> () throws -> [Lap] {
  {
    var data: TrainingData?
    var lap = try Lap.measuring("read and number") { data = try TrainingData(input) }
    guard let data else { return [] }
    lap.byteCount = data.byteCount
    lap.tokenCount = data.text.count
    lap.resultByteCount = 4 * data.text.count
    return [lap]
  }
}
