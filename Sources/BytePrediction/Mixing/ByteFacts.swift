/// The position of a bit in its byte, and the bits before it.
struct BitPosition: BitwiseCopyable {
  /// The bits of the byte before this one, behind a leading 1: 1...255.
  var node = 1
  /// The number of those bits.
  var bitIndex = 0
}

/// Facts of the history that hold for a whole byte, for selectors and final maps.
struct ByteFacts: BitwiseCopyable {
  var lastByte = 0
  var secondByte = 0
  var thirdByte = 0
  var matchClass = 0
  var expectedByte = 0
  var knownContexts = 0
  var knownOrder = 0
  var wordLength = 0
  var classes = 0
  var previousWord = 0
  var column = 0
  var gatedOrder = 0
  var pairHash: UInt64 = 0
  var wordHash: UInt64 = 0

  /// The value of the fact that `selector` names, smaller than its number of values.
  @inline(__always)
  func value(_ selector: Selector) -> Int {
    switch selector {
    case .node: 0
    case .lastByte: lastByte
    case .secondByte: secondByte
    case .thirdByte: thirdByte
    case .matchLength: matchClass
    case .expectedByte: expectedByte
    case .knownContexts: knownContexts
    case .knownOrder: knownOrder
    case .wordLength: wordLength
    case .classes: classes
    case .previousWord: previousWord
    case .column: column
    }
  }
}
