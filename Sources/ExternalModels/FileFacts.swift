/// The facts that are the same in all of a file, with the line that said each first.
struct FileFacts {
  var form: (value: ExternalForm, line: Int)?
  var unit: (value: LogUnit, line: Int)?
  var model: (value: String, line: Int)?
}
