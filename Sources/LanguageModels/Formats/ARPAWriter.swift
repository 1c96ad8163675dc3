import Files
import RealFunctions
import Tokenization

/// Writes a model as a strict ARPA file, which KenLM, SRILM and decoders read without a warning.
///
/// Words stand in it as they stand in the text (``ARPAEscape`` has the exceptions), and every n-gram
/// below the highest order has its back-off weight, 0 where it is no context: decoders take only
/// lines with three columns for words.
///
/// The format has no place for the tokenizer, the method and the counts of the training text: they
/// stand in lines beginning with `#` before `\data\`, which other programs skip.
package struct ARPAWriter {
  private let model: NGramModel
  private let path: String

  /// A writer of `model`; `path` names it in errors.
  ///
  /// - Throws: ``ModelError``.
  package init(_ model: NGramModel, path: String) throws(ModelError) {
    switch model.description.combination {
    case .uniform: throw .uniformBackOff(path: path)
    case .fixedWeight: throw .noProbabilities(path: path)
    case .interpolated, .backOff, .maximumLikelihood: break
    }
    self.model = model
    self.path = path
  }

  /// Writes the model to `output`, or to standard output where that is `-`.
  ///
  /// - Returns: Sentences on the words that other programs read as other words.
  /// - Throws: `FileError` when the disk is full, ``ModelFileError`` when the model's file is
  ///   damaged; then nothing is written.
  /// - Complexity: O(n-grams · order · log log n-grams).
  @discardableResult
  package func write(to output: String) throws -> [String] {
    // Contexts of a damaged file may lie inside each other, and a walk of them may never end.
    try model.verifyChecksums(path: path)
    var output = try OutputText(output)
    var description = model.description
    description.spelling = nil
    for line in description.text.split(separator: "\n") { try output.write("# \(line)\n") }
    let (words, escapedCount) = spellings
    if escapedCount > 0 { try output.write("# \(ARPAEscape.remark)\n") }
    try output.write("\n\\data\\\n")
    let unigrams = (0..<model.vocabulary.count).filter { model.lists(TokenID(UInt32($0))) }
    let counts = [unigrams.count] + model.description.ngramCounts.dropFirst()
    for (index, count) in counts.enumerated() {
      try output.write("ngram \(index + 1)=\(count)\n")
    }
    try output.write("\n\\1-grams:\n")
    for word in unigrams {
      try output.write("\(text(model.unigrams[word].value, atMost: 0))\t")
      try output.write(bytes: words[word])
      try output.write(backOff([UInt32(word)]) + "\n")
    }
    for order in stride(from: 2, through: model.description.order, by: 1) {
      try output.write("\n\\\(order)-grams:\n")
      try model.forEachNGram(order) { ngram, value in
        try output.write("\(text(value, atMost: 0))\t")
        for (position, word) in ngram.enumerated() {
          if position > 0 { try output.write(" ") }
          try output.write(bytes: words[min(Int(word), words.count - 1)])
        }
        try output.write(backOff(ngram) + "\n")
      }
    }
    try output.write("\n\\end\\\n")
    try output.commit()
    return notes(escapedCount)
  }

  private func notes(_ escapedCount: Int) -> [String] {
    var notes: [String] = []
    if escapedCount > 0 {
      notes.append(
        "\(escapedCount) words could not be read back as they stand and are written with <0xHH>, "
          + "which other programs do not undo"
      )
    }
    if model.lists(.unknown), !model.vocabulary["<UNK>"].isOutOfVocabulary {
      notes.append("the model has the word <UNK> beside <unk>, which KenLM reads as one word")
    }
    return notes
  }

  /// The words as they are written, by number, and the number of those that could not be read back
  /// as they stand.
  private var spellings: (words: [[UInt8]], escapedCount: Int) {
    let ids = (0..<model.vocabulary.count).map { TokenID(UInt32($0)) }
    let needy = ids.filter { id in
      model.vocabulary.withBytes(of: id) { ARPAEscape.isNeeded(by: $0) || isTakenForMarker($0) }
    }
    let words = ids.map { id in
      model.vocabulary.withBytes(of: id) { word in
        if needy.isEmpty { return Array(word) }
        return isTakenForMarker(word) ? ARPAEscape.escapeMarker(word) : ARPAEscape.escape(word)
      }
    }
    return (words, needy.count)
  }

  /// True if a reader takes the word for a marker that the file does not list.
  private func isTakenForMarker(_ word: Span<UInt8>) -> Bool {
    ARPAEscape.marker(inOtherCase: word).map { !model.lists($0) } ?? false
  }

  /// A tab and the back-off weight; nothing for the highest order from 2 on.
  private func backOff(_ ngram: [UInt32]) -> String {
    guard ngram.count < max(2, model.description.order) else { return "" }
    var path = ContextPath()
    for word in ngram.reversed() {
      guard path.extend(by: TokenID(word), in: model) else { return "\t0" }
    }
    return "\t" + text(Float(path.weight))
  }

  /// A stored value as log10, in the shortest digits that read back as the same.
  ///
  /// A probability is at most 0: one rounded to just above 1 is an error to KenLM.
  private func text(_ value: Float, atMost bound: Float = .infinity) -> String {
    let stored =
      switch model.description.scale {
      case .linear: Float(LogProbability(of: Double(value)).log10)
      case .log10: value
      }
    let logarithm = min(bound, stored)
    if logarithm == -.infinity { return "-99" }
    return Int(exactly: logarithm).map { "\($0)" } ?? "\(logarithm)"
  }
}

extension NGramModel {
  /// Tells `body` every n-gram of `order`, at least 2, and its stored value; by the last word of
  /// the context, then as the regions have them.
  func forEachNGram(_ order: Int, _ body: ([UInt32], Float) throws -> Void) rethrows {
    var ngram = [UInt32](repeating: 0, count: order)
    for region in regions.all {
      for node in 0..<Int(region.entry.wordCount) {
        ngram[order - 2] = region.entry.firstWord &+ UInt32(node)
        try forEachNGram(below: node, 1, in: region, &ngram, body)
      }
    }
  }

  private func forEachNGram(
    below node: Int,
    _ depth: Int,
    in region: Region,
    _ ngram: inout [UInt32],
    _ body: ([UInt32], Float) throws -> Void
  ) rethrows {
    if depth == ngram.count - 1 {
      for index in region.ngrams(node) {
        ngram[ngram.count - 1] = region.word(ofNGram: index)
        try body(ngram, region.value(index))
      }
      return
    }
    for tail in region.tails(node, depth: depth)
    where region.tailCode(tail, depth: depth, distance: ngram.count - 1) != 0 {
      for distance in (depth + 1)..<ngram.count {
        let code = region.tailCode(tail, depth: depth, distance: distance)
        ngram[ngram.count - 1 - distance] = region.code.word(code)
      }
      ngram[ngram.count - 1] = region.code.word(region.tailLastCode(tail, depth: depth))
      let value = tailWeights.probability(
        region.tailValue(tail, depth: depth),
        from: depth + 1,
        to: ngram.count - 1
      )
      try body(ngram, Float(value))
    }
    for child in region.children(node) where child > node {
      ngram[ngram.count - 2 - depth] = region.word(ofContext: child)
      try forEachNGram(below: child, depth + 1, in: region, &ngram, body)
    }
  }
}
