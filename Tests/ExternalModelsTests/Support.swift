import ExternalModels
import Foundation
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// What became of a file and a text.
struct Scored {
  var evaluation: Evaluation
  var parts: [ScoredText]
  var notes: [String]

  /// The bytes of each token.
  var tokens: [String] {
    parts.flatMap { part in
      part.encoded.ranges.map { String(decoding: part.encoded.text[$0], as: UTF8.self) }
    }
  }

  /// The bits of each token; nil where it has no score.
  var bits: [Double?] {
    parts.flatMap { part in
      part.scores.map { $0.isScored ? $0.surprisalBits : nil }
    }
  }
}

/// Scores `text` with a file of these contents.
func scored(_ file: String, on text: String) throws -> Scored {
  try scored(Array(file.utf8), on: Array(text.utf8))
}

func scored(_ file: [UInt8], on text: [UInt8], pieces: String? = nil) throws -> Scored {
  let folder = try TestFolder()
  let path = try folder.write(file, to: "scores.jsonl")
  let source = TextSource.file(try folder.write(text, to: "text.txt"))
  if let pieces { try folder.write(Array(pieces.utf8), to: "scores.jsonl.vocab.json") }
  do {
    let model = try ExternalModel.open(path)
    var parts: [ScoredText] = []
    let evaluation = try model.evaluate(source, visit: { parts.append($0) }, progress: { _ in })
    return Scored(evaluation: evaluation, parts: parts, notes: model.notes)
  } catch let error as ExternalModelError {
    throw BadFile(line: "\(error)".replacing(folder.path + "/", with: ""))
  }
}

/// The one line that a bad file is answered with, without the folder.
struct BadFile: Error, Equatable {
  var line: String
}

/// The message for a file of these contents, or what was scored.
func message(_ file: String, on text: String) throws -> String {
  do {
    return "scored \(try scored(file, on: text).evaluation.measure.tokens) tokens"
  } catch let error as BadFile {
    return error.line
  }
}
