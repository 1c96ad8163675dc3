/// The way in which a file of records holds its texts: one record is one document.
package struct RecordFormat: Hashable, Sendable {
  /// The form of the records.
  package enum Syntax: String, Sendable {
    /// A JSON object on each line.
    case jsonLines
    /// Rows whose fields a comma, or another character of the first row, separates (RFC 4180).
    case commaSeparated
    /// Rows whose fields a tab separates.
    case tabSeparated
    /// Rows of one of the two forms, by the first of them.
    case anyTable
  }

  /// The form of the records.
  package var syntax: Syntax

  /// The field of the text: a name, a path of names as `a.b`, or of a table the column's number.
  package var text: String

  /// The field of the record's name; nil if records have numbers only.
  package var id: String?

  /// True if the first row of a table has the columns' names; nil if that is to be found out.
  package var hasHeader: Bool?

  /// Records that cannot be read are left out and counted.
  package var skipsFaulty: Bool

  /// The rows stay as they stand in the file, for who writes them again.
  package var keepsRows = false

  /// A format with these values.
  package init(
    _ syntax: Syntax,
    text: String,
    id: String? = nil,
    hasHeader: Bool? = nil,
    skipsFaulty: Bool = false
  ) {
    self.syntax = syntax
    self.text = text
    self.id = id
    self.hasHeader = hasHeader
    self.skipsFaulty = skipsFaulty
  }
}

/// The records of a file so far: those read, and those left out.
public struct RecordTally: Sendable, Equatable {
  /// The number of records that were read.
  package var count = 0

  /// The number of records that were left out.
  package var skippedCount = 0

  /// The first record that was left out.
  package var firstSkipped: Skipped?

  /// The first row of a table, if it was found to be names and not a record.
  package var foundHeader: String?

  /// A record that was left out.
  public struct Skipped: Sendable, Hashable {
    /// Its file.
    package var path: String
    /// Its line in the file, from 1.
    package var line: Int
    /// The reason.
    package var fault: RecordFault
  }

  /// No records.
  package init() {}

  /// The first record that was left out, if all were.
  package var leftOutAll: Skipped? { count == 0 ? firstSkipped : nil }

  /// Counts a record of the file at `path` that is left out.
  package mutating func skip(_ fault: RecordFault, path: String, line: Int) {
    skippedCount += 1
    if line < firstSkipped?.line ?? .max {
      firstSkipped = Skipped(path: path, line: line, fault: fault)
    }
  }

  /// The records of both parts of a file.
  package static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.count += right.count
    sum.skippedCount += right.skippedCount
    sum.firstSkipped = left.firstSkipped ?? right.firstSkipped
    sum.foundHeader = left.foundHeader ?? right.foundHeader
    return sum
  }
}
