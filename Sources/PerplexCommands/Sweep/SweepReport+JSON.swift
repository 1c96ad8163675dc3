import InformationTheory
import LanguageModels
import Perplexity
import Records
import Statistics
import Terminal
import Tokenization

extension SweepReport {
  /// The result for programs: the texts' facts and one object a model.
  var json: JSONValue {
    var object: JSONObject = [
      "texts": .array(texts.map { .string($0) }),
      "held_out": .array(heldOut.map { .string($0) }),
      "tokenizer": .string(settings.tokenizer.rawValue),
      "sequence": .string(settings.sequence.rawValue),
      "vocabulary_size": .integer(vocabulary.count),
      "vocabulary": "of the whole training text, the same for every model",
      "unknown_words": "charged as <unk>",
      "tokens": .integer(measure.tokens),
      "sentences": .integer(measure.sequences),
      "out_of_vocabulary": .integer(measure.outOfVocabulary),
      "bytes": .integer(measure.bytes),
      "baseline": .string(grid.baseline.argument),
      "alpha": grid.methods.contains(.additive) ? .double(grid.alpha) : .null,
      "method": JSONValue(method),
      "difference_method": JSONValue(differenceMethod),
      "level": .double(resampling.level),
      "resamples": .integer(resampling.resamples),
      "seed": .unsigned(resampling.seed),
      "source_entropy_bits": JSONValue(source?.entropyBitsPerToken),
      "warnings": .array(warnings.map { .string($0) }),
      "sizes": .array(
        grid.sizes.map {
          [
            "size": .string($0.name), "training_tokens": .integer($0.prefix.tokenCount),
            "training_lines": .integer($0.prefix.lineCount),
          ]
        }
      ),
      "cells": .array(cells.map { .object(members(of: $0)) }),
    ]
    if let records = trainingRecords { object["training_records"] = .object(records.json) }
    if let records = heldOutRecords { object["held_out_records"] = .object(records.json) }
    return .object(object)
  }

  private func members(of cell: SweepCell) -> JSONObject {
    func ends(_ interval: Interval?) -> JSONValue {
      interval.map { [.double($0.low), .double($0.high)] } ?? .null
    }
    let size = grid.sizes[cell.model.size]
    let heldOut = cell.heldOut
    let interval = heldOut?.interval
    var members: JSONObject = [
      "order": .integer(cell.model.order),
      "smoothing": .string(cell.model.method.rawValue),
      "size": .string(size.name),
      "training_tokens": .integer(size.prefix.tokenCount),
      "training_lines": .integer(size.prefix.lineCount),
      "failure": JSONValue(cell.failure),
      "cross_entropy_bits": JSONValue(heldOut?.crossEntropyBits),
      "cross_entropy_interval": ends(interval?.crossEntropyBits),
      "perplexity": JSONValue(heldOut?.perplexity),
      "perplexity_interval": ends(interval?.perplexity),
      "bits_per_byte": JSONValue(heldOut?.bitsPerByte),
      "zero_probability_tokens": JSONValue(heldOut?.zeroProbabilityTokens),
      "training_cross_entropy_bits": JSONValue(cell.trainingCrossEntropyBits),
      "training_tokens_scored": .integer(cell.trainingSampleCount),
      "baseline": .string(grid.baseline(of: cell.model).name),
      "difference_bits": JSONValue(cell.difference?.difference),
      "difference_interval": ends(cell.difference?.interval),
      "p_value_unadjusted": JSONValue(cell.difference?.pValue),
      "ngrams": .array(cell.ngramCounts.map { .integer($0) }),
      "model_bytes": .integer(cell.byteCount),
      "notes": .array(cell.notes.map { .string($0) }),
      "timing": ["seconds": .double(cell.seconds)],
    ]
    if let zero = heldOut?.firstZeroProbability {
      members["first_zero_probability"] = .object(
        [
          "token": .string(zero.token), "context": .array(zero.context.map { .string($0) }),
        ] + zero.line.json
      )
    }
    if source != nil { members += cell.source.members }
    return members
  }
}

extension Optional<SourceMeasurement> {
  /// The exact figures of a model of a known source; nulls where they cannot be summed.
  var members: JSONObject {
    var members: JSONObject = [
      "source_cross_entropy_bits": JSONValue(self?.crossEntropyBits),
      "source_divergence_bits": JSONValue(self?.divergenceBits),
      "source_histories": JSONValue(self?.historyCount),
    ]
    if let zero = self?.firstImpossible {
      members["source_first_impossible"] = [
        "token": .string(zero.token), "context": .array(zero.context.map { .string($0) }),
      ]
    }
    return members
  }
}
