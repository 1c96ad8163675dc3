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
    [
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
      "method": .string(method),
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
  }

  private func members(of cell: SweepCell) -> [JSONValue.Member] {
    func ends(_ interval: Interval?) -> JSONValue {
      interval.map { [.double($0.low), .double($0.high)] } ?? .null
    }
    let size = grid.sizes[cell.place.size]
    let heldOut = cell.heldOut
    let interval = heldOut?.interval
    var members: [JSONValue.Member] = [
      .init("order", .integer(cell.place.order)),
      .init("smoothing", .string(cell.place.method.rawValue)),
      .init("size", .string(size.name)),
      .init("training_tokens", .integer(size.prefix.tokenCount)),
      .init("training_lines", .integer(size.prefix.lineCount)),
      .init("failure", JSONValue(cell.failure)),
      .init("cross_entropy_bits", JSONValue(heldOut?.crossEntropyBits)),
      .init("cross_entropy_interval", ends(interval?.crossEntropyBits)),
      .init("perplexity", JSONValue(heldOut?.perplexity)),
      .init("perplexity_interval", ends(interval?.perplexity)),
      .init("bits_per_byte", JSONValue(heldOut?.bitsPerByte)),
      .init("zero_probability_tokens", JSONValue(heldOut?.zeroProbabilityTokens)),
      .init("training_cross_entropy_bits", JSONValue(cell.trainingCrossEntropyBits)),
      .init("training_tokens_scored", .integer(cell.trainingSampleCount)),
      .init("baseline", .string(grid.baseline(of: cell.place).name)),
      .init("difference_bits", JSONValue(cell.difference?.difference)),
      .init("difference_interval", ends(cell.difference?.interval)),
      .init("p_value_unadjusted", JSONValue(cell.difference?.permutationPValue)),
      .init("ngrams", .array(cell.ngramCounts.map { .integer($0) })),
      .init("model_bytes", .integer(cell.byteCount)),
      .init("notes", .array(cell.notes.map { .string($0) })),
      .init("seconds", .double(cell.seconds)),
    ]
    if let zero = heldOut?.firstZeroProbability {
      members.append(
        .init(
          "first_zero_probability",
          [
            "token": .string(zero.token), "context": .array(zero.context.map { .string($0) }),
            "line": .integer(zero.line),
          ]
        )
      )
    }
    if source != nil { members += cell.source.members }
    return members
  }
}

extension Optional<SourceMeasurement> {
  /// What is known exactly of a model of a known source; nulls where that cannot be summed.
  var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("source_cross_entropy_bits", JSONValue(self?.crossEntropyBits)),
      .init("source_divergence_bits", JSONValue(self?.divergenceBits)),
      .init("source_histories", JSONValue(self?.historyCount)),
    ]
    if let zero = self?.firstImpossible {
      members.append(
        .init(
          "source_first_impossible",
          [
            "token": .string(zero.token), "context": .array(zero.context.map { .string($0) }),
          ]
        )
      )
    }
    return members
  }
}
