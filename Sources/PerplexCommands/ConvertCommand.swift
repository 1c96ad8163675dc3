import Files
import LanguageModels
import Records
import Terminal

/// `convert`: converts `.perplex` to ARPA and back.
struct ConvertCommand: Command, Equatable {
  var model = ""
  var output = ""
  var results = OutputOptions()

  static let name = "convert"
  static let abstract = "Turn a model into an ARPA file, or an ARPA file into a model."
  static let discussion = """
    An ARPA file has no place for the tokenizer, the method and the counts. They stand in lines that \
    begin with # before \\data\\, which KenLM and SRILM skip. Words stand in it as they stand in the \
    text; only white space in a token is written <0xHH>, and a note says so.
    """
  static let examples = [
    Example("perplex convert stories.perplex stories.arpa", "For KenLM, SRILM and others."),
    Example("perplex convert theirs.arpa theirs.perplex", "A mapped model, opened at once."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("MODEL", value: \.model, help: "A .perplex or ARPA file."),
    .operand("OUT", value: \.output, help: "The file to write; '-' for ARPA on standard output."),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    if output == "-" && results.printsJSON {
      throw .onlyOneStandardOutput
    }
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses {
      let stopwatch = Stopwatch()
      let (format, description, notes) = try ModelFile.convert(
        model,
        to: output,
        threads: results.threadCount
      )
      if format == .arpa && description.hasSpeller {
        console.note("an ARPA file cannot spell unknown words: the model's spellings are left out")
      }
      for note in notes { console.note(note) }
      guard results.printsJSON else { return }
      let value: JSONValue = [
        "model": .string(model),
        "output": .string(output),
        "format": .string(format.rawValue),
        "order": .integer(description.order),
        "ngrams": .array(description.ngramCounts.map { .integer($0) }),
        "bytes": .integer(try Bytes(mapping: output).count),
        "timing": ["seconds": .double(stopwatch.seconds)],
      ]
      try printResult(value, results, in: &console)
    }
  }
}
