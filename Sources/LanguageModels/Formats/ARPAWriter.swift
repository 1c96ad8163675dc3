import Files
import RealFunctions
import Tokenization

/// Writes a model as a strict ARPA file, which KenLM and SRILM read without a warning.
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
  /// - Throws: `FileError` when the disk is full, ``ModelFileError`` when the model's file is
  ///   damaged; then nothing is written.
  /// - Complexity: O(n-grams · order · log log n-grams).
  package func write(to output: String) throws {
    // Contexts of a damaged file may lie inside each other, and a walk of them may never end.
    try model.verifyChecksums(path: path)
    var output = try OutputText(output)
    var description = model.description
    description.spelling = nil
    for line in description.text.split(separator: "\n") { try output.write("# \(line)\n") }
    try output.write("# \(ARPAEscape.remark)\n\n\\data\\\n")
    let unigrams = (0..<model.vocabulary.count).filter { isListed($0) }
    let counts = [unigrams.count] + model.description.ngramCounts.dropFirst()
    for (index, count) in counts.enumerated() {
      try output.write("ngram \(index + 1)=\(count)\n")
    }
    let words = (0..<model.vocabulary.count).map { index in
      model.vocabulary.withBytes(of: TokenID(UInt32(index))) { ARPAEscape.escape($0) }
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
  }

  /// True if the model lists the unigram; the value of an unlisted one is minus infinity.
  private func isListed(_ word: Int) -> Bool {
    switch model.description.scale {
    case .linear: true
    case .log10: model.unigrams[word].value > -.infinity
    }
  }

  /// A tab and the back-off weight, where the n-gram is a context.
  private func backOff(_ ngram: [UInt32]) -> String {
    guard ngram.count < model.description.order else { return "" }
    var path = ContextPath()
    for word in ngram.reversed() {
      guard path.extend(by: TokenID(word), in: model) else { return "" }
    }
    guard path.hasNGrams || path.hasLonger || path.weight != model.rule.start else { return "" }
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
