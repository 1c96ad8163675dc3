import Files
import Records
import Tokenization

/// Reads ARPA files, tolerantly: SRILM's and KenLM's dialects, padded headers, CRLF, exponents,
/// spaces for tabs, missing back-off weights, missing special words, `<UNK>` for `<unk>`, -99 for
/// log10 of zero, probabilities that rounding lifts above 1.
struct ARPAReader: ~Copyable {
  private let file: Bytes
  private let path: String
  private var offset = 0
  private var line = 0
  private var fields: [Range<Int>] = []
  private var vocabulary = VocabularyBuilder()
  private var unescapes = false
  private var allowsAnyBytes = false
  private var descriptionText = ""
  /// The start of the line after `\1-grams:`, and the number of that line.
  private var unigrams = (offset: 0, line: 0)
  private var standIns = MarkerStandIns()

  /// The highest log10 probability that is taken for a 0 that was rounded.
  private static let roundingError = 0.001

  /// The content of a file.
  struct Contents {
    var table: NGramTable
    var vocabulary: Vocabulary
    var description: ModelDescription
  }

  /// A reader of `file`; `path` names it in errors.
  init(_ file: Bytes, path: String) {
    self.file = file
    self.path = path
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    if file.withBytes(0..<min(file.count, 3), { $0.starts(with: mark) }) { offset = mark.count }
  }

  /// Reads the whole.
  ///
  /// - Throws: ``ARPAError``.
  /// - Complexity: O(bytes).
  consuming func read() throws(ARPAError) -> Contents {
    if let mistake = FileKind.mistaken(file) {
      throw ARPAError(
        path: path,
        line: 0,
        reason: .otherKind(mistake.kind, remedy: mistake.remedy)
      )
    }
    try skipToData()
    let announced = try readHeader()
    var builder = NGramTable.Builder()
    for order in 1...announced.count {
      // An order without n-grams may lack its section.
      builder.append(
        order == 1 || matches("\\\(order)-grams:")
          ? try readSection(order, announced) : NGramTable.Order(order: order)
      )
    }
    let table = builder.finish()
    let vocabulary = vocabulary.vocabulary()
    return Contents(
      table: table,
      vocabulary: vocabulary,
      description: describe(table, vocabulary)
    )
  }

  // MARK: Sections

  /// Goes to `\data\`; lines before it are remarks, perplex's own carry the description.
  private mutating func skipToData() throws(ARPAError) {
    while nextLine() {
      if matches("\\data\\") {
        allowsAnyBytes =
          ModelDescription(text: descriptionText)?.settings.readsRawBytes ?? false
        return
      }
      let whole = text(0..<fields.count, from: 1)
      if fields.count >= 2, text(0..<1) == "#" {
        if whole == ARPAEscape.remark {
          unescapes = true
        } else {
          descriptionText += Self.keyAndValue(whole)
        }
      }
    }
    if file.withBytes(0..<min(file.count, 4096), { $0.firstIndex(of: 10) }) == nil || line < 2 {
      throw ARPAError(
        path: path,
        line: 0,
        reason: .otherKind("neither a perplex model nor an ARPA file", remedy: "give a model")
      )
    }
    throw ARPAError(
      path: path,
      line: 0,
      reason: .otherKind(
        "no ARPA file: it has no line '\\data\\'",
        remedy: "give a model, not a text"
      )
    )
  }

  private static func keyAndValue(_ line: String) -> String {
    // A key without a value, such as the discounts of a method that has none.
    guard let end = line.firstIndex(where: { $0 == "\t" || $0 == " " }) else {
      return line + "\t\n"
    }
    return "\(line[..<end])\t\(line[line.index(after: end)...])\n"
  }

  private mutating func readHeader() throws(ARPAError) -> [Int] {
    var counts: [Int] = []
    while nextLine() {
      if fields.isEmpty { continue }
      let line = text(0..<fields.count)
      if line.hasPrefix("\\") {
        guard !counts.isEmpty else { throw error(.header(quoted(0..<fields.count))) }
        guard matches("\\1-grams:") else {
          throw error(.expected("\\1-grams:", found: quoted(0..<fields.count)))
        }
        unigrams = (offset, self.line)
        return counts
      }
      let digits = line.dropFirst("ngram".count).split(separator: "=").map {
        $0.filter { $0 != " " && $0 != "\t" }
      }
      guard line.hasPrefix("ngram"), digits.count == 2, Int(digits[0]) == counts.count + 1,
        let count = Int(digits[1]), count >= 0
      else {
        let isBinary = line.hasPrefix("ngram") && line.contains("~")
        throw error(
          isBinary ? .binarySection(quoted(0..<fields.count)) : .header(quoted(0..<fields.count))
        )
      }
      counts.append(count)
      guard counts.count <= NGramOrder.maximum else { throw error(.order(counts.count)) }
    }
    throw error(.truncated(expected: "\\1-grams:"))
  }

  /// Reads the n-grams of `order`, whose heading was just read, up to the next heading.
  private mutating func readSection(
    _ order: Int,
    _ announced: [Int]
  ) throws(ARPAError) -> NGramTable.Order {
    let announcedCount = announced[order - 1]
    var ngrams = NGramTable.Order(order: order)
    var words = [UInt32](repeating: 0, count: order)
    // A line has two bytes at least: what a header promises beyond that costs no memory.
    let room = order == 1 ? min(announcedCount, file.count / 2) + 4 : 0
    var isSeen = [Bool](repeating: false, count: room)
    while true {
      guard nextLine() else {
        throw error(.truncated(expected: Self.heading(after: order, of: announced)))
      }
      if fields.isEmpty { continue }
      if startsHeading {
        if isHeading(after: order, of: announced) { break }
        // A trigram's heading among bigrams, or the end too early.
        let next = Self.heading(after: order, of: announced)
        throw error(.expected(next, found: quoted(0..<fields.count)))
      }
      guard fields.count == order + 1 || fields.count == order + 2 else {
        throw error(.fields(order: order, found: fields.count))
      }
      if ngrams.count == announcedCount {
        let firstLine = line
        let found = announcedCount + 1 + countRemaining()
        throw ARPAError(
          path: path,
          line: firstLine,
          reason: .count(order: order, announced: announcedCount, found: found)
        )
      }
      let probability = try number(0)
      if Double(probability) > Self.roundingError { throw error(.positive(quoted(0..<1))) }
      for position in 0..<order { words[position] = try word(position + 1, order: order) }
      if order == 1 { try markSeen(Int(words[0]), in: &isSeen) }
      // Zero is written -99; minus infinity stands for what is not listed.
      ngrams.append(
        words.span,
        probability: probability == -.infinity ? -99 : min(0, probability),
        backOff: try backOff(order, of: announced.count),
        line: line
      )
    }
    guard ngrams.count == announcedCount else {
      throw error(.count(order: order, announced: announcedCount, found: ngrams.count))
    }
    return ngrams
  }

  /// The heading after the n-grams of `order`: that of the next order with n-grams, or the end.
  private static func heading(after order: Int, of announced: [Int]) -> String {
    let next = (order..<announced.count).first { announced[$0] > 0 }
    return next.map { "\\\($0 + 1)-grams:" } ?? "\\end\\"
  }

  /// True at that heading, or at one of an order before it.
  private func isHeading(after order: Int, of announced: [Int]) -> Bool {
    if matches(Self.heading(after: order, of: announced)) { return true }
    let empty = (order..<announced.count).prefix { announced[$0] == 0 }
    return empty.contains { matches("\\\($0 + 1)-grams:") }
  }

  /// Notes that the word `id` has a unigram.
  private func markSeen(_ id: Int, in isSeen: inout [Bool]) throws(ARPAError) {
    if id >= isSeen.count {
      isSeen += [Bool](repeating: false, count: id + 1 - isSeen.count + isSeen.count / 2)
    }
    if isSeen[id] { throw error(.duplicate(quoted(1..<2))) }
    isSeen[id] = true
  }

  /// The back-off weight of the line's n-gram; NaN where it has none.
  private func backOff(_ order: Int, of highest: Int) throws(ARPAError) -> Float {
    guard fields.count == order + 2 else { return .nan }
    let weight = try number(order + 1)
    if order < highest { return weight == -.infinity ? -99 : weight }
    if weight != 0 { throw error(.backOffAtHighestOrder(quoted((order + 1)..<(order + 2)))) }
    return .nan
  }

  /// The number of n-grams that follow before the next heading.
  private mutating func countRemaining() -> Int {
    var count = 0
    while nextLine() && !startsHeading { count += fields.isEmpty ? 0 : 1 }
    return count
  }

  private func describe(_ table: NGramTable, _ vocabulary: Vocabulary) -> ModelDescription {
    var description =
      ModelDescription(text: descriptionText)
      ?? ModelDescription(
        order: table.order,
        settings: TextSettings(tokenizer: .whitespace),
        smoothing: "imported",
        combination: .backOff
      )
    description.order = table.order
    description.scale = .log10
    description.spelling = nil
    // An ARPA file has nothing but probabilities and weights, whatever its remarks say.
    switch description.combination {
    case .uniform, .fixedWeight: description.combination = .backOff
    case .interpolated, .backOff, .maximumLikelihood: break
    }
    description.ngramCounts = (1...table.order).map { table.count($0) }
    description.vocabularyFingerprint = vocabulary.fingerprint
    var isListed = [Bool](repeating: false, count: 3)
    for index in 0..<table.count(1) where table.word(1, index, 0) < 3 {
      isListed[Int(table.word(1, index, 0))] = true
    }
    description.notes += standIns.notes
    for (id, consequence) in Self.consequences.enumerated() where !isListed[id] {
      let note = "the ARPA file has no \(TokenID.specialSpellings[id]): \(consequence)"
      if !description.notes.contains(note) { description.notes.append(note) }
    }
    return description
  }

  /// The consequence of each special word's absence, in the order of their numbers.
  private static let consequences = [
    "unknown words have probability zero",
    "nothing is known of the beginning of a sentence",
    "the end of a sentence has probability zero",
  ]

  // MARK: Lines and fields

  /// Goes to the next line and finds its fields; false at the end of the file.
  private mutating func nextLine() -> Bool {
    let start = offset
    let count = file.count
    guard start < count else { return false }
    line += 1
    fields.removeAll(keepingCapacity: true)
    offset = file.withBytes(start..<count) { bytes in
      let length = bytes.firstIndex(of: 10) ?? bytes.count
      var index = 0
      while index < length {
        while index < length && Self.isSeparator(bytes[index]) { index += 1 }
        let begin = index
        while index < length && !Self.isSeparator(bytes[index]) { index += 1 }
        if index > begin { fields.append(start + begin..<start + index) }
      }
      return start + length + 1
    }
    return true
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

  private var startsHeading: Bool {
    guard let field = fields.first, file.withBytes(field, { $0[0] }) == 92 else { return false }
    return matches("\\end\\") || text(0..<1).hasSuffix("-grams:")
  }

  private func matches(_ heading: String) -> Bool {
    fields.count == 1 && text(0..<1) == heading
  }

  /// The fields of `range` as they stand in the line, from byte `skip` of the first on.
  private func text(_ range: Range<Int>, from skip: Int = 0) -> String {
    guard let first = range.first, first < fields.count, let last = range.last else { return "" }
    let start = skip == 0 || last == first ? fields[first].lowerBound : fields[first + 1].lowerBound
    return file.withBytes(start..<fields[last].upperBound) { String(decoding: $0, as: UTF8.self) }
  }

  /// The fields of `range` for a message: one short line.
  private func quoted(_ range: Range<Int>) -> String {
    let scalars = text(range).unicodeScalars
    var result = ""
    for scalar in scalars.prefix(80) {
      let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
      result.unicodeScalars.append(isControl ? " " : scalar)
    }
    return scalars.count > 80 ? result + "…" : result
  }

  private func number(_ field: Int) throws(ARPAError) -> Float {
    let value = file.withBytes(fields[field]) { DecimalNumber.read($0) }.map { Float($0) }
    guard let value, value < .infinity else {
      throw error(.number(quoted(field..<(field + 1))))
    }
    return value
  }

  /// The number of the word in `field`; a new one among the unigrams.
  private mutating func word(_ field: Int, order: Int) throws(ARPAError) -> UInt32 {
    vocabulary.isClosed = order > 1
    let checksBytes = order == 1 && !allowsAnyBytes
    let usual = file.withBytes(fields[field]) { bytes -> TokenID? in
      if ARPAEscape.marker(inOtherCase: bytes) != nil { return nil }
      if checksBytes && !Self.isUTF8(bytes) { return nil }
      return number(of: bytes)
    }
    let id = if let usual { usual } else { try unusualWord(field) }
    if id.isOutOfVocabulary { throw error(.unknownWord(quoted(field..<(field + 1)))) }
    return id.rawValue
  }

  /// The number of a word that may be a marker in other case, and is not UTF-8 otherwise.
  private mutating func unusualWord(_ field: Int) throws(ARPAError) -> TokenID {
    let word = file.withBytes(fields[field]) { Array($0) }
    guard let marker = ARPAEscape.marker(inOtherCase: word.span) else {
      throw error(.notUTF8(quoted(field..<(field + 1))))
    }
    var standIns = self.standIns
    let isStandIn = standIns.contains(word, for: marker) { lists(marker) }
    self.standIns = standIns
    return isStandIn ? marker : number(of: word.span)
  }

  @inline(__always)
  private mutating func number(of word: Span<UInt8>) -> TokenID {
    if !unescapes { return vocabulary.number(of: word) }
    return vocabulary.number(of: ARPAEscape.unescape(word).span)
  }

  /// True if the file has a unigram of `marker`.
  private mutating func lists(_ marker: TokenID) -> Bool {
    let place = (offset, line, fields)
    defer { (offset, line, fields) = place }
    (offset, line) = unigrams
    let spelling = Array(TokenID.specialSpellings[marker.index].utf8)
    while nextLine() && !startsHeading {
      if fields.count > 1, file.withBytes(fields[1], { $0.isEqual(to: spelling.span) }) {
        return true
      }
    }
    return false
  }

  private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    for index in 0..<bytes.count where bytes[index] >= 0x80 {
      return (try? UTF8Span(validating: bytes)) != nil
    }
    return true
  }

  private func error(_ reason: ARPAError.Reason) -> ARPAError {
    ARPAError(path: path, line: line, reason: reason)
  }
}
