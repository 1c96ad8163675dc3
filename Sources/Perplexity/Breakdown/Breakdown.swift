/// Where the bits of a text go: its tokens sorted into groups, several times over.
///
/// Each table has every token in one group, so its groups add up to the total, tokens exactly and bits
/// but for rounding. A table that would say nothing of a scorer is absent: one by order for scores
/// from elsewhere, one by training counts where no training text was given.
///
/// Groups have keys that do not depend on the model, so that the tables of two models on one text can
/// be laid side by side: ``Table/paired(with:)``.
public struct Breakdown: Sendable {
  /// What a table sorts by.
  public enum Subject: String, CaseIterable, Sendable {
    /// The length of the longest n-gram ending in the token that the model knows.
    case orderUsed = "order_used"
    /// How often the longest n-gram ending in the token that occurs in training occurs there; 0: not
    /// even the token alone does.
    case trainingCount = "training_count"
    /// How often the token occurs in training; tokens that the vocabulary lacks apart.
    case frequencyBand = "frequency_band"
    /// How many bits the token costs.
    case surprisal
    /// What kind of thing the token is; see ``WordClass``.
    case wordClass = "word_class"
    /// The number of tokens of its line.
    case lineLength = "line_length"
    /// Its place in its line, from 1.
    case linePosition = "line_position"
  }

  /// The tokens of a text in groups.
  public struct Table: Sendable, Equatable {
    /// What they are sorted by.
    public var subject: Subject
    /// The groups that have tokens, in the subject's order.
    public var groups: [Group]

    /// The sum of all groups.
    public var total: Cost { groups.reduce(Cost()) { $0 + $1.cost } }
  }

  /// Some tokens that have something in common.
  public struct Group: Sendable, Equatable {
    /// What it is, such as `3`, `10-99` or `punctuation`.
    public var key: String
    /// Its tokens and their bits.
    public var cost: Cost
  }

  /// All tokens that are equal.
  public struct CostlyType: Sendable, Equatable {
    /// The bytes, as text; `</s>` for the end of a sequence.
    public var spelling: String
    /// What kind of thing it is.
    public var wordClass: WordClass
    /// What they cost together.
    public var cost: Cost
  }

  /// A token where it stands.
  public struct CostlyToken: Sendable, Equatable {
    /// The text's name, and the number of the line in it.
    public var text: String, line: Int
    /// The token; `</s>` for the end of a sequence.
    public var spelling: String
    /// Its surprisal.
    public var bits: Double
    /// What stands before and after it on its line; `…` where that is cut.
    public var before: String, after: String
  }

  /// A line of a text.
  public struct CostlyLine: Sendable, Equatable {
    /// The text's name, and the number of the line in it.
    public var text: String, line: Int
    /// What its tokens cost.
    public var cost: Cost
    /// Its beginning; ends in `…` where it is cut.
    public var excerpt: String
  }

  /// Surprisal is sorted by whole bits, all from so many bits less one on together.
  static let surprisalBandCount = 25

  /// All tokens.
  public var total: Cost

  /// The tables that make sense, in the order of ``Subject``.
  public var tables: [Table]

  /// The number of tokens that differ.
  public var typeCount: Int

  /// The types that cost most together, the costliest first.
  public var costliestTypes: [CostlyType]

  /// The tokens that cost most, the costliest first; of equals those that come first.
  public var costliestTokens: [CostlyToken]

  /// The lines that cost most, the costliest first; of equals those that come first.
  public var costliestLines: [CostlyLine]

  /// What the model expects against what is there, by training count; where a training text was given
  /// and the model has contexts of bounded length.
  public var expectedCounts: ExpectedCounts?

  /// The number of tokens of the training text, `</s>` counted and `<s>` not; where one was given.
  public var trainingTokens: Int?

  /// The table of that subject, if there is one.
  public subscript(subject: Subject) -> Table? { tables.first { $0.subject == subject } }

  /// The most by which the sum of a table's bits differs from the total's, relative to it; infinite
  /// where the tokens differ at all.
  ///
  /// It is of the order of rounding errors, and here to be checked.
  public var worstDeviation: Double {
    tables.reduce(0) { worst, table in
      let sum = table.total
      guard sum.tokens == total.tokens else { return .infinity }
      guard sum.bits != total.bits else { return worst }
      return max(worst, abs(sum.bits - total.bits) / abs(total.bits))
    }
  }
}

extension Breakdown.Table {
  /// A group of two tables.
  public struct Pair: Sendable, Equatable {
    /// What it is.
    public var key: String
    /// What it costs in either table; nothing where a table lacks it.
    public var left: Cost, right: Cost

    /// What the right one costs more.
    public var differenceBits: Double { right.bits - left.bits }
  }

  /// The groups of this table beside those of `other`, of the same subject, with the same keys.
  ///
  /// The order is this table's; groups that it lacks stand after the group that they follow in the
  /// other.
  public func paired(with other: Self) -> [Pair] {
    var pairs = groups.map { group in
      let right = other.groups.first { $0.key == group.key }
      return Pair(key: group.key, left: group.cost, right: right?.cost ?? Cost())
    }
    var place = 0
    for group in other.groups {
      if let known = pairs.firstIndex(where: { $0.key == group.key }) {
        place = known + 1
      } else {
        pairs.insert(Pair(key: group.key, left: Cost(), right: group.cost), at: place)
        place += 1
      }
    }
    return pairs
  }
}
