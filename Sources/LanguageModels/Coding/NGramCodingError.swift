/// Why no text can be coded with a model.
public enum NGramCodingError: Error, Hashable, Sendable {
  /// Its tokens are neither characters nor bytes.
  case tokenizer(path: String, String)
  /// It changes a text before it reads it.
  case normalization(path: String)
  /// Its scores do not sum to one.
  case notProbabilities(path: String)
}

extension NGramCodingError: CustomStringConvertible {
  /// One line: the model, what is wrong, and what would mend it.
  public var description: String {
    switch self {
    case .tokenizer(let path, let tokenizer):
      "\(path): the model's tokens are \(tokenizer), from which a text does not come back to the "
        + "byte; train one with --tokenizer characters or bytes"
    case .normalization(let path):
      "\(path): the model changes a text before it reads it, so that the text would not come back; "
        + "train one without --lowercase and --normalize"
    case .notProbabilities(let path):
      "\(path): the model has scores and no probabilities; train one with another --smoothing"
    }
  }
}
