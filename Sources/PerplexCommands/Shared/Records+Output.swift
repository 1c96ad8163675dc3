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

  /// Remarks on how the records of `names` were read, a sentence each.
  func notes(on names: [String]) -> [String] {
    let name = names.count == 1 ? names[0] : "the texts"
    var notes: [String] = []
    if let foundHeader {
      notes.append(
        "\(name): the first row is read as names (\(foundHeader)); --header no reads it as a record"
      )
    }
    if let first = firstSkipped {
      let all = NumberFormat.grouped(count + skippedCount)
      notes.append(
        "\(name): \(NumberFormat.grouped(skippedCount)) of \(all) records left out; the first, on "
          + "line \(first.line): \(first.fault)"
      )
    }
    return notes
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
