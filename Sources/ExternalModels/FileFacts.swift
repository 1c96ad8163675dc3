/// The facts that must agree within a file, with the line that stated each first.
struct FileFacts {
  var form: (value: ExternalForm, line: Int)?
  var unit: (value: LogUnit, line: Int)?
  var model: (value: String, line: Int)?
}
