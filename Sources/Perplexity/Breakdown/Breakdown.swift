package import Records
package import Tokenization

/// The bits of a text by groups of its tokens, in several tables.
///
/// Each table has every token in exactly one group, so its groups add up to the total: tokens
/// exactly, bits but for rounding. A table that does not apply is absent: the table by order for
/// scores of another program, the tables by training count without a training text.
///
/// The keys of the groups do not depend on the model, so the tables of two models on one text can
/// be compared: ``Table/paired(with:)``.
package struct Breakdown: Sendable {
  /// The property that a table groups tokens by.
  package enum Subject: String, CaseIterable, Sendable {
    /// The length of the longest known n-gram that ends in the token.
    case orderUsed = "order_used"
    /// The training count of the longest n-gram that ends in the token and occurs in training.
    ///
    /// It is 0 if not even the token alone occurs.
    case trainingCount = "training_count"
    /// The training count of the token; tokens outside the vocabulary have a group of their own.
    case frequencyBand = "frequency_band"
    /// The surprisal of the token, in bits.
    case surprisal
    /// The class of the token; see ``WordClass``.
    case wordClass = "word_class"
    /// The number of tokens in the token's line.
    case lineLength = "line_length"
    /// The token's position in its line, from 1.
    case linePosition = "line_position"
  }

  /// The tokens of a text, in groups.
  package struct Table: Sendable, Equatable {
    /// The property that the tokens are grouped by.
    package var subject: Subject
    /// The groups with at least one token, in the subject's order.
    package var groups: [Group]

    /// The sum of all groups.
    package var total: Cost { groups.reduce(Cost()) { $0 + $1.cost } }
  }

  /// A group of tokens.
  package struct Group: Sendable, Equatable {
    /// The name of the group: `3`, `10-99` or `punctuation`.
    package var key: String
    /// The number of its tokens and their bits.
    package var cost: Cost
  }

  /// All tokens with the same bytes.
  package struct CostlyType: Sendable, Equatable {
    /// The bytes as text; `</s>` for the end of a sequence.
    package var spelling: String
    /// The class of the type.
    package var wordClass: WordClass
    /// The cost of all its tokens.
    package var cost: Cost
  }

  /// A token at its location in a text.
  package struct CostlyToken: Sendable, Equatable {
    /// The name of the text and the number of the line.
    package var text: String, line: TextPlace
    /// The token; `</s>` for the end of a sequence.
    package var spelling: String
    /// Its surprisal.
    package var bits: Double
    /// The text before and after the token on its line, with `…` where it is cut.
    package var before: String, after: String
  }

  /// A line of a text and its cost.
  package struct CostlyLine: Sendable, Equatable {
    /// The name of the text and the number of the line.
    package var text: String, line: TextPlace
    /// The cost of its tokens.
    package var cost: Cost
    /// The beginning of the line; ends in `…` if it is cut.
    package var excerpt: String
  }

  /// The number of surprisal groups: one for each whole bit, and the last for all larger values.
  static let surprisalBandCount = 25

  /// The cost of all tokens.
  package var total: Cost

  /// The tables that apply, in the order of ``Subject``.
  package var tables: [Table]

  /// The number of different tokens.
  package var typeCount: Int

  /// The types with the highest total cost, the costliest first.
  package var costliestTypes: [CostlyType]

  /// The tokens with the highest surprisal, the costliest first; earlier tokens first among equals.
  package var costliestTokens: [CostlyToken]

  /// The lines with the highest cost, the costliest first; earlier lines first among equals.
  package var costliestLines: [CostlyLine]

  /// The model's expected counts against the actual counts, by training count.
  ///
  /// It is nil without a training text, or if the model's contexts have no maximum length.
  package var expectedCounts: ExpectedCounts?

  /// The number of tokens of the training text, with `</s>` and without `<s>`; nil without one.
  package var trainingTokens: Int?

  /// The records of the training text; nil for plain text, and without one.
  package var trainingRecords: RecordTally?

  /// The table of a subject; nil if it is absent.
  package subscript(subject: Subject) -> Table? { tables.first { $0.subject == subject } }

  /// The largest relative deviation of a table's bits from the total bits, for checks.
  ///
  /// It is of the order of rounding errors; infinite if the numbers of tokens differ.
  package var worstDeviation: Double {
    tables.reduce(0) { worst, table in
      let sum = table.total
      guard sum.tokens == total.tokens else { return .infinity }
      guard sum.bits != total.bits else { return worst }
      return max(worst, abs(sum.bits - total.bits) / abs(total.bits))
    }
  }
}

extension Breakdown.Table {
  /// A group that occurs in one or both of two tables.
  package struct Pair: Sendable, Equatable {
    /// The name of the group.
    package var key: String
    /// Its cost in each table; zero if a table lacks it.
    package var left: Cost, right: Cost

    /// The bits of the right table minus those of the left.
    package var differenceBits: Double { right.bits - left.bits }
  }

  /// The groups of this table and of `other`, a table of the same subject, paired by key.
  ///
  /// The order is this table's; a group that only `other` has follows the same group as in `other`.
  package func paired(with other: Self) -> [Pair] {
    var pairs = groups.map { group in
      let right = other.groups.first { $0.key == group.key }
      return Pair(key: group.key, left: group.cost, right: right?.cost ?? Cost())
    }
    var insertion = 0
    for group in other.groups {
      if let known = pairs.firstIndex(where: { $0.key == group.key }) {
        insertion = known + 1
      } else {
        pairs.insert(Pair(key: group.key, left: Cost(), right: group.cost), at: insertion)
        insertion += 1
      }
    }
    return pairs
  }
}
