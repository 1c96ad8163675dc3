import Files
import LanguageModels
import RealFunctions

/// The file of llama-perplexity with `--kl-divergence-base`.
///
/// It has the log-probabilities of the whole vocabulary for the second half of each chunk of
/// tokens. The tokens are numbers, so their pieces are needed to match them with the text. They are
/// read from a file with the same name plus `.vocab.json`; see ``PieceTable``. A chunk is a
/// document.
///
/// The layout, little-endian: `_logits_`; Int32 context length, vocabulary size, chunk count; all
/// tokens as Int32. Then, for each scored token: two Float, scale and minimum, and for each token
/// of the vocabulary a UInt16 `q` (plus a padding one if their number is odd), with log p = scale q
/// + minimum, in nats.
struct LlamaLogits: FileForm {
  static let name = "llama-perplexity base file"

  private static let magic = Array("_logits_".utf8)
  private static let headerByteCount = 20

  private let location: FileLine
  private let file: Bytes
  private let pieces: PieceTable
  private let contextLength: Int
  private let vocabularySize: Int
  private let chunkCount: Int
  private let tokens: Values<Int32>
  private var chunk = 0

  static func isForm(_ file: Bytes) -> Bool {
    file.withBytes(0..<min(8, file.count)) { $0.starts(with: magic) }
  }

  init(_ file: Bytes, path: String) throws {
    self.file = file
    location = FileLine(path: path, number: 0)
    guard let header: Values<Int32> = file.values(at: 8, count: 3) else {
      throw location.error(.logits("the file ends in its header; write it again"))
    }
    contextLength = Int(header[0])
    vocabularySize = Int(header[1])
    chunkCount = Int(header[2])
    guard contextLength > 1, vocabularySize > 0, chunkCount > 0 else {
      throw location.error(.logits("the header has no tokens; write the file again"))
    }
    let (tokenCount, overflow) = contextLength.multipliedReportingOverflow(by: chunkCount)
    guard !overflow,
      let tokens: Values<Int32> = file.values(at: Self.headerByteCount, count: tokenCount)
    else { throw location.error(.logits("the file ends in its tokens; write it again")) }
    self.tokens = tokens
    let rows = Self.byteCount(contextLength, vocabularySize, chunkCount)
    guard let rows, rows <= file.count - Self.headerByteCount - 4 * tokenCount else {
      throw location.error(
        .logits(
          "the file ends before its \(chunkCount) chunks of \(contextLength) tokens do; was "
            + "llama-perplexity stopped? write it again"
        )
      )
    }
    let vocabularyPath = path + ".vocab.json"
    do {
      pieces = try PieceTable(path: vocabularyPath)
    } catch is FileError {
      throw location.error(
        .logits(
          "the file has the numbers of tokens, not their spelling; write the pieces of the "
            + "vocabulary as a JSON list to \(vocabularyPath)"
        )
      )
    }
  }

  /// The number of bytes of all scores; nil if it exceeds any possible file.
  private static func byteCount(
    _ contextLength: Int,
    _ vocabularySize: Int,
    _ chunkCount: Int
  ) -> Int? {
    let row = 2 * (2 * ((vocabularySize + 1) / 2) + 4)
    let scored = (contextLength - 1 - contextLength / 2) * chunkCount
    let (product, overflow) = row.multipliedReportingOverflow(by: scored)
    return overflow ? nil : product
  }

  /// The number of scored tokens in a chunk: those after the first half, without the first of them.
  private var scoredCount: Int { contextLength - 1 - contextLength / 2 }

  private var rowByteCount: Int { 2 * (2 * ((vocabularySize + 1) / 2) + 4) }

  /// The next chunk; nil after the last.
  mutating func next() throws(ExternalModelError) -> ExternalDocument? {
    guard chunk < chunkCount else { return nil }
    defer { chunk += 1 }
    var builder = DocumentBuilder(location)
    let first = chunk * contextLength
    for index in 0..<contextLength {
      let id = Int(tokens[first + index])
      guard id >= 0, id < vocabularySize, let piece = pieces[id] else {
        throw location.error(
          .logits(
            "token \(first + index + 1) is number \(id), of which the vocabulary of "
              + "\(vocabularySize) has no piece; give the vocabulary of the same model"
          )
        )
      }
      let row = index - (contextLength - scoredCount)
      let score = row >= 0 ? try self.score(of: id, row: row) : nil
      builder.append(piece, .exact, score)
    }
    return builder.document
  }

  private func score(of id: Int, row: Int) throws(ExternalModelError) -> LogProbability {
    let start =
      Self.headerByteCount + 4 * tokens.count + (chunk * scoredCount + row) * rowByteCount
    guard let scale: Values<Float> = file.values(at: start, count: 2),
      let steps: Values<UInt16> = file.values(at: start + 8, count: vocabularySize)
    else { throw location.error(.logits("the file ends in chunk \(chunk + 1); write it again")) }
    let nats = Double(scale[0]) * Double(steps[id]) + Double(scale[1])
    if row == 0 { try checkSum(scale, steps) }
    guard nats <= DocumentBuilder.rounding else {
      throw location.error(
        nats.isNaN
          ? .notANumber(token: row + 1) : .positive(token: row + 1, value: nats, likeness: .logits)
      )
    }
    return LogProbability(nats: min(0, nats))
  }

  /// Checks that the probabilities of the vocabulary add up to 1, within the precision of 16 bits.
  private func checkSum(_ scale: Values<Float>, _ steps: Values<UInt16>) throws(ExternalModelError)
  {
    var sum = 0.0
    for index in 0..<vocabularySize {
      sum += exp(Double(scale[0]) * Double(steps[index]) + Double(scale[1]))
    }
    guard abs(sum - 1) < 0.05 else {
      throw location.error(
        .logits(
          "the probabilities of the vocabulary add up to \(sum) in chunk \(chunk + 1), not 1; the "
            + "file is damaged, or of another version"
        )
      )
    }
  }
}
