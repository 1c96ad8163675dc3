import Records
import Terminal
import Tokenization

extension RecordTally {
  /// The keys of records in JSON.
  var json: JSONObject {
    ["records": .integer(count), "skipped_records": .integer(skippedCount)]
  }

  /// The number of records, and of those left out, in words.
  var text: String {
    "\(NumberFormat.grouped(count)) \(count == 1 ? "record" : "records")"
      + (skippedCount > 0 ? " (\(NumberFormat.grouped(skippedCount)) left out)" : "")
  }
}

extension Console {
  /// Notes how the records of the texts called `names` were read, and what was left out.
  mutating func note(_ records: RecordTally?, of names: [String]) {
    guard let records else { return }
    let name = names.count == 1 ? names[0] : "the texts"
    if let header = records.foundHeader {
      note(
        "\(name): the first row is read as names (\(header)); --header no reads it as a record"
      )
    }
    if let first = records.firstSkipped {
      let all = NumberFormat.grouped(records.count + records.skippedCount)
      note(
        "\(name): \(NumberFormat.grouped(records.skippedCount)) of \(all) records left out; the "
          + "first, \(names.count == 1 ? "on line " : first.path + ":")\(first.line): \(first.fault)"
      )
    }
  }
}

extension TextPlace {
  /// The keys of the place of a line in JSON.
  var json: JSONObject {
    var members: JSONObject = [:]
    if let record { members["record"] = .string(record) }
    // A whole record has no line.
    if line > 0 { members["line"] = .integer(line) }
    return members
  }
}
