/// The reason why a sound model does not serve a purpose.
package enum ModelError: Error, Hashable, Sendable {
  /// A `.perplex` file would be converted to a file whose name says `.perplex`.
  case sameFormat(path: String, output: String)
  /// A model would be converted onto itself.
  case ontoItself(path: String)
  /// A model of bytes has no n-grams to list.
  case noNGrams(path: String, kind: ByteModelKind)
  /// An ARPA file cannot hold additive smoothing, whose unseen n-grams back off to the uniform
  /// distribution.
  case uniformBackOff(path: String)
  /// A model of n-grams does not learn from the text that it reads.
  case notAdaptive(path: String)
  /// The scores of the model are not probabilities.
  case noProbabilities(path: String)
  /// The tokens of the model do not give a text back, byte for byte.
  case losesText(path: String, tokenizer: String)
  /// The model changes a text before it reads it, so that the text does not come back.
  case changesText(path: String)
}

extension ModelError: CustomStringConvertible {
  /// One line: the model, the reason, the remedy.
  package var description: String {
    switch self {
    case .sameFormat(let path, let output):
      "\(output): \(path) is a .perplex file already, and would become an ARPA file of this name; "
        + "name the output .arpa, or copy the file"
    case .ontoItself(let path):
      "\(path): a model cannot be converted onto itself; name another file"
    case .noNGrams(let path, let kind):
      "\(path): a \(kind.rawValue) model is no list of n-grams; give one trained with --model ngram"
    case .uniformBackOff(let path):
      "\(path): an ARPA file cannot hold additive smoothing, whose unseen n-grams share evenly; "
        + "train it with --back-off"
    case .notAdaptive(let path):
      "\(path): an n-gram model does not learn from what it reads; leave out --adapt"
    case .noProbabilities(let path):
      "\(path): stupid back-off gives scores, not probabilities; train with another --smoothing"
    case .losesText(let path, let tokenizer):
      "\(path): the model's tokens are \(tokenizer), from which a text does not come back to the "
        + "byte; train one with --tokenizer characters or bytes"
    case .changesText(let path):
      "\(path): the model changes a text before it reads it, so that the text would not come back; "
        + "train one without --lowercase and --normalize"
    }
  }
}
