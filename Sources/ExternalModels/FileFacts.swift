/// The facts that must agree within a file, with the line that stated each first.
struct FileFacts {
  var form: (value: ExternalForm, line: Int)?
  var unit: (value: LogUnit, line: Int)?
  var model: (value: String, line: Int)?
  /// True if the numbers are surprisals.
  var key: (isSurprisal: Bool, line: Int)?
  /// True if the file is a stream of events, so that every object is a part of an answer.
  var isEventStream = false
  /// The name of the stream that is open; nil if none is.
  var openStream: [UInt8]?
}
