import Files
package import Records
import Terminal
package import Tokenization

/// The text of a lesson: lines to train on, and lines to measure on.
package struct LessonText: Sendable {
  /// The largest number of bytes used; a longer text is cut at the end of a line.
  package static let byteLimit = 2_000_000

  /// Longer lines are no sentences, and are left out.
  static let lineByteLimit = byteLimit / 10

  /// The fewest lines that models and intervals can be made of.
  static let fewestLines = 50

  /// The name of the text.
  var name: String

  /// The lines to train on, each with its line end.
  private(set) var training: [UInt8] = []

  /// The lines to measure on, each with its line end.
  private(set) var heldOut: [UInt8] = []

  /// The number of lines to train on.
  private(set) var trainingLineCount = 0

  /// The number of lines to measure on.
  private(set) var heldOutLineCount = 0

  /// There was more text than ``byteLimit``.
  private(set) var isCut = false

  /// The records that were read and left out; nil for plain text.
  package private(set) var records: RecordTally?

  /// The choice of the held-out lines, in words.
  private(set) var split: String

  /// Reads texts and keeps every tenth piece of them to measure on.
  ///
  /// Lines with nothing on them are left out. A piece is a line, or some that follow one another
  /// where there are many: lines next to each other are about the same things, so single lines
  /// would be measured on that models all but know.
  ///
  /// - Throws: `FileError`, `TextError`, and ``LessonError``.
  package init(
    _ sources: [TextSource],
    name: String,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse,
    byteLimit: Int = Self.byteLimit
  ) throws {
    self.name = name
    let (lines, isCut, records) = try Self.lines(
      of: sources,
      invalidUTF8: invalidUTF8,
      byteLimit: byteLimit
    )
    self.isCut = isCut
    self.records = records
    guard lines.count >= Self.fewestLines else {
      throw LessonError.tooFewLines(path: name, lineCount: lines.count)
    }
    let pieceLength = max(1, lines.count / 200)
    split =
      pieceLength == 1
      ? "every tenth of the text, which training does not have"
      : "every tenth piece of \(pieceLength) lines, which training does not have"
    for (index, line) in lines.enumerated() {
      append(line, isHeldOut: index / pieceLength % 10 == 9)
    }
  }

  /// Texts that have their own lines to measure on; no line is left out but empty ones.
  package init(training: [[UInt8]], heldOut: [[UInt8]], name: String) {
    self.name = name
    split = "those of the files held-out.txt: whole pieces of which training has nothing"
    for line in training.joined().split(separator: 10) { append(Array(line), isHeldOut: false) }
    for line in heldOut.joined().split(separator: 10) { append(Array(line), isHeldOut: true) }
  }

  private mutating func append(_ line: [UInt8], isHeldOut: Bool) {
    if isHeldOut {
      heldOut += line + [10]
      heldOutLineCount += 1
    } else {
      training += line + [10]
      trainingLineCount += 1
    }
  }

  /// The lines with something on them, without their ends, up to `byteLimit`; none that is too
  /// long.
  private static func lines(
    of sources: [TextSource],
    invalidUTF8: TextReader.InvalidUTF8 = .refuse,
    byteLimit: Int = byteLimit
  ) throws -> (lines: [[UInt8]], isCut: Bool, records: RecordTally?) {
    var lines: [[UInt8]] = []
    var records: RecordTally?
    var byteCount = 0
    for source in sources {
      var reader = try TextReader(source, isRaw: false, invalidUTF8: invalidUTF8)
      while let block = try reader.next() {
        if let tally = block.tally { records = (records ?? RecordTally()) + tally }
        let pieces = (0..<block.pieceCount).map { block.bytes[block.piece($0).range] }
        for var line in pieces.flatMap({ $0.split(separator: 10) }) {
          if line.last == 13 { line.removeLast() }
          guard line.count <= lineByteLimit,
            String(decoding: line, as: UTF8.self).contains(where: { !$0.isWhitespace })
          else { continue }
          guard byteCount + line.count < byteLimit else { return (lines, true, records) }
          byteCount += line.count + 1
          lines.append(Array(line))
        }
      }
    }
    return (lines, false, records)
  }
}
