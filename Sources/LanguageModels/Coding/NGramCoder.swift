package import BytePrediction
import Files
import RealFunctions
import Tokenization

/// Writes a text as the decisions of an n-gram model of characters or bytes, and reads it back.
///
/// Each character is one token, coded in the share that the model gives it after those before it,
/// so the code is as long as the surprisal that scoring the text finds. The exceptions:
///
/// - A character that the model does not know is coded as `<unk>` and then spelled, each of the
///   1,112,064 scalars (or 256 bytes) with the same probability. Scoring charges `<unk>` alone.
/// - Where lines are sequences, a line end is `</s>`, and `<s>` begins the next line. Where the
///   text is one sequence, its `</s>` is not coded: the decoder takes the length as an argument.
/// - A token of probability zero costs at most 32 bits and not infinitely many.
/// - Nothing is left out: a byte-order mark and a carriage return are characters like any other.
///
/// A choice is made in two steps. First among the tokens that the model lists after the history, or
/// after its shorter contexts, with all others as one alternative; then among those others by their
/// own shares. Shares are whole multiples of 2^-32, at least one, from products and quotients in
/// the order that decision 5 states.
package final class NGramCoder {
  /// The state of the coder between two symbols.
  private struct Progress {
    /// The number of tokens of the sequence that the model looks at.
    var depth = 0
    /// The number of tokens coded, which marks what was listed for the latest.
    var mark: UInt64 = 0
    var surprisal = Surprisal()
    var spelledCount = 0
  }

  private let alphabet: CodedAlphabet
  private let listed: ListedTokens
  /// The tokens before, the last first.
  private let history = UnsynchronizedBuffer<UInt32>(
    repeating: 0,
    count: NGramOrder.maximum
  )
  private let historyLimit: Int
  private let lineEnd: UInt32?
  private var progress = Progress()

  /// A coder at the start of a text.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - path: The model's file, for errors.
  /// - Throws: ``ModelError`` if the model cannot give a text back, or has no probabilities.
  package init(_ model: NGramModel, path: String) throws(ModelError) {
    alphabet = try CodedAlphabet(model, path: path)
    listed = ListedTokens(model)
    historyLimit = model.description.order - 1
    lineEnd = model.settings.sequence == .line ? CodedAlphabet.lineFeed : nil
    beginSequence(&progress)
  }

  /// The surprisal of all that was encoded, in bits, as scoring finds it; infinite where the model
  /// holds the text to be impossible.
  package var surprisalBits: Double { progress.surprisal.bits }

  /// The bits spent on spelling unknown characters.
  package var spellingBits: Double {
    Double(progress.spelledCount) * log2(Double(alphabet.symbolCount))
  }

  // MARK: Encoding

  /// Encodes `text`, the next part of a text, as far as it has whole characters.
  ///
  /// - Returns: The number of bytes encoded; the others, at most three and none of the last part,
  ///   are to be given again with what follows them.
  /// - Throws: `UTF8.ValidationError` where a model of characters is given other bytes than UTF-8.
  ///   Nothing of the part was encoded then.
  package func encode(
    _ text: Span<UInt8>,
    isLast: Bool,
    with encoder: inout ArithmeticEncoder
  ) throws(UTF8.ValidationError) -> Int {
    let end = try alphabet.wholeSymbols(of: text, isLast: isLast)
    var progress = progress
    var position = 0
    while position < end {
      let symbol = alphabet.symbol(of: text, at: &position)
      encode(symbol, &progress, with: &encoder)
    }
    self.progress = progress
    return end
  }

  @inline(__always)
  private func encode(
    _ symbol: UInt32,
    _ progress: inout Progress,
    with encoder: inout ArithmeticEncoder
  ) {
    let token = symbol == lineEnd ? TokenID.endSentence.rawValue : alphabet.token(of: symbol)
    progress.mark &+= 1
    let listing = listed.find(history.buffer, depth: progress.depth, mark: progress.mark)
    encode(Int(token), listing, &progress, with: &encoder)
    if token == TokenID.unknown.rawValue {
      let (lower, upper) = alphabet.spelling(of: symbol)
      encoder.encode(lower, upper)
      progress.spelledCount += 1
    }
    advance(past: token, &progress)
  }

  @inline(__always)
  private func encode(
    _ token: Int,
    _ listing: ListedTokens.Listing,
    _ progress: inout Progress,
    with encoder: inout ArithmeticEncoder
  ) {
    let mark = progress.mark
    if listing.count > 0 {
      let scale = Self.scale(
        alternatives: listing.count + 1,
        sum: listing.sum + listing.restProbability
      )
      let isListed = listed.isListed(token, mark: mark)
      var lower: UInt64 = 0
      var index = 0
      while index < listing.count {
        let units = Self.units(listed.probabilities[index], scale)
        if isListed && Int(listed.tokens[index]) == token {
          encoder.encode(lower, lower + units)
          progress.surprisal.add(listed.probabilities[index])
          return
        }
        lower &+= units
        index &+= 1
      }
      encoder.encode(lower, ArithmeticEncoder.total)
    }
    let scale = Self.scale(
      alternatives: listed.predictedCount - listing.count,
      sum: Double(listing.restShare)
    )
    var lower: UInt64 = 0
    for other in 0..<token {
      let share = listed.share(other, listing, mark: mark)
      if share > 0 { lower &+= Self.units(Double(share), scale) }
    }
    let share = listed.share(token, listing, mark: mark)
    encoder.encode(lower, lower + Self.units(Double(share), scale))
    progress.surprisal.add(listing.shareProbability * Double(share))
  }

  // MARK: Decoding

  /// Decodes the next characters, until they have `byteCount` bytes or more, and appends them.
  ///
  /// - Returns: False if the code makes no sense: it has what the encoder never writes, or a
  ///   character of more bytes than `limit` has left. A code that was changed may make sense all
  ///   the same, and give another text.
  package func decode(
    _ byteCount: Int,
    limit: Int,
    into text: inout [UInt8],
    with decoder: inout ArithmeticDecoder
  ) -> Bool {
    var progress = progress
    let start = text.count
    while text.count - start < byteCount {
      guard let symbol = decode(&progress, with: &decoder) else { return false }
      alphabet.append(symbol, to: &text)
    }
    self.progress = progress
    return text.count - start <= limit
  }

  @inline(__always)
  private func decode(
    _ progress: inout Progress,
    with decoder: inout ArithmeticDecoder
  ) -> UInt32? {
    progress.mark &+= 1
    let listing = listed.find(history.buffer, depth: progress.depth, mark: progress.mark)
    guard let token = decode(listing, mark: progress.mark, with: &decoder) else { return nil }
    var symbol = alphabet.symbol(of: token)
    if token == TokenID.unknown.rawValue {
      let target = decoder.target
      symbol = alphabet.symbol(spelledAt: target)
      let (lower, upper) = alphabet.spelling(of: symbol)
      decoder.take(lower, upper)
    } else if token == TokenID.endSentence.rawValue {
      guard let lineEnd else { return nil }
      symbol = lineEnd
    }
    guard symbol != CodedAlphabet.none else { return nil }
    advance(past: token, &progress)
    return symbol
  }

  @inline(__always)
  private func decode(
    _ listing: ListedTokens.Listing,
    mark: UInt64,
    with decoder: inout ArithmeticDecoder
  ) -> UInt32? {
    if listing.count > 0 {
      let scale = Self.scale(
        alternatives: listing.count + 1,
        sum: listing.sum + listing.restProbability
      )
      let target = decoder.target
      var lower: UInt64 = 0
      var index = 0
      while index < listing.count {
        let upper = lower &+ Self.units(listed.probabilities[index], scale)
        if target < upper {
          decoder.take(lower, upper)
          return listed.tokens[index]
        }
        lower = upper
        index &+= 1
      }
      decoder.take(lower, ArithmeticEncoder.total)
    }
    let scale = Self.scale(
      alternatives: listed.predictedCount - listing.count,
      sum: Double(listing.restShare)
    )
    let target = decoder.target
    var lower: UInt64 = 0
    for token in 0...listed.predictedCount {
      let share = listed.share(token, listing, mark: mark)
      if share == 0 { continue }
      let upper = lower &+ Self.units(Double(share), scale)
      if target < upper {
        decoder.take(lower, upper)
        return UInt32(truncatingIfNeeded: token)
      }
      lower = upper
    }
    return nil
  }

  // MARK: Shares

  /// The factor that turns a probability into units of 2^-32.
  ///
  /// Each alternative has one unit beforehand; one more is reserved for the rounding of the sum.
  @inline(__always)
  private static func scale(alternatives: Int, sum: Double) -> Double {
    guard sum > 0x1p-100 else { return 0 }
    return Double(ArithmeticEncoder.total - UInt64(alternatives) - 1) / sum
  }

  @inline(__always)
  private static func units(_ probability: Double, _ scale: Double) -> UInt64 {
    1 &+ UInt64(truncatingIfNeeded: Int64(probability * scale))
  }

  // MARK: History

  @inline(__always)
  private func advance(past token: UInt32, _ progress: inout Progress) {
    if token == TokenID.endSentence.rawValue { return beginSequence(&progress) }
    push(token, &progress)
  }

  private func beginSequence(_ progress: inout Progress) {
    progress.depth = 0
    push(TokenID.beginSentence.rawValue, &progress)
  }

  @inline(__always)
  private func push(_ token: UInt32, _ progress: inout Progress) {
    if progress.depth < historyLimit { progress.depth &+= 1 }
    var index = progress.depth &- 1
    while index > 0 {
      history[index] = history[index &- 1]
      index &-= 1
    }
    if progress.depth > 0 { history[0] = token }
  }
}

/// A sum of surprisals that takes a logarithm now and then; it decides nothing, so it may be the
/// system's.
private struct Surprisal {
  private var closedBits = 0.0
  private var product = 1.0

  @inline(__always)
  mutating func add(_ probability: Double) {
    product *= probability
    if product < 0x1p-500 {
      closedBits -= log2(product)
      product = 1
    }
  }

  var bits: Double { closedBits - log2(product) }
}
