import Records
import TestSupport
import Testing

/// The records of a file: texts, names and lines, or faults.
@Suite struct RecordReaderTests {
  /// A record as a test sees it.
  private enum Found: Equatable {
    case record(String, line: Int, number: Int, id: String?)
    case fault(RecordFault, line: Int)
  }

  private func read(
    _ text: some Sequence<UInt8>,
    _ format: RecordFormat,
    replaces: Bool = false
  ) throws -> [Found] {
    try withTemporaryFile(text) { path in
      var reader = try RecordReader(path, format, replacesInvalidUTF8: replaces)
      var found: [Found] = []
      var text: [UInt8] = []
      while let item = try reader.next(into: &text) {
        switch item {
        case .record(let line, let number, let id):
          let content = String(decoding: text, as: UTF8.self)
          found.append(.record(content, line: line, number: number, id: id))
        case .fault(let fault, let line):
          #expect(text.isEmpty)
          found.append(.fault(fault, line: line))
        }
        text = []
      }
      let isAtEnd = reader.isAtEnd
      #expect(isAtEnd)
      return found
    }
  }

  private func json(_ text: String, _ field: String, id: String? = nil) throws -> [Found] {
    try read(text.utf8, RecordFormat(.jsonLines, text: field, id: id))
  }

  private func table(
    _ text: String,
    _ column: String,
    id: String? = nil,
    _ syntax: RecordFormat.Syntax = .anyTable,
    hasHeader: Bool? = nil
  ) throws -> [Found] {
    try read(text.utf8, RecordFormat(syntax, text: column, id: id, hasHeader: hasHeader))
  }

  /// The texts alone; nil for a fault.
  private func texts(_ found: [Found]) -> [String?] {
    found.map { if case .record(let text, _, _, _) = $0 { text } else { nil } }
  }

  // MARK: JSON Lines

  @Test func `a line of JSON is a record, with the line ends in its text`() throws {
    let text = #"""
      {"id": 7, "text": "one\ntwo\r\n", "n": 1}

      {"text": "é\u00e9\ud83d\ude00\t\"", "id": "x"}
        {"text":"","id":null, "text": "last wins"}
      """#
    #expect(
      try json(text, "text") == [
        .record("one\ntwo\r\n", line: 1, number: 1, id: nil),
        .record("éé😀\t\"", line: 3, number: 2, id: nil),
        .record("last wins", line: 4, number: 3, id: nil),
      ]
    )
    #expect(
      try json(text, "text", id: "id") == [
        .record("one\ntwo\r\n", line: 1, number: 1, id: "7"),
        .record("éé😀\t\"", line: 3, number: 2, id: "x"),
        .fault(.notText("id", kind: "null"), line: 4),
      ]
    )
  }

  @Test func `a field may be in an object or an array of another`() throws {
    let text =
      #"{"a": {"b": "deep", "c.d": "dotted"}, "a.b": "whole", "m": [{"t": "0"}, {"t": "1"}]}"#
    #expect(texts(try json(text, "a.b")) == ["whole"])
    #expect(texts(try json(text, "m.1.t")) == ["1"])
    #expect(
      try json(text, "m.2.t") == [.fault(.noField("m.2.t", names: ["a", "a.b", "m"]), line: 1)]
    )
    #expect(texts(try json(#"{"a": {"b": "deep"}}"#, "a.b")) == ["deep"])
  }

  @Test(arguments: [
    (#"["text"]"#, RecordFault.notObject), ("\"text\"", .notObject),
    (#"{"text": 7}"#, .notText("text", kind: "a number")),
    (#"{"text": ["a"]}"#, .notText("text", kind: "an array")),
    (#"{"text": null}"#, .notText("text", kind: "null")),
    (#"{"other": "a", "b": 1}"#, .noField("text", names: ["other", "b"])),
    (#"{"text": "half a pair \ud83d"}"#, .invalidUTF8()),
    (#"{"text": "escaped byte \udcff"}"#, .invalidUTF8()),
  ])
  func `a record that has no such text is a fault, and the next one is read`(
    line: String,
    fault: RecordFault
  ) throws {
    let found = try json(line + "\n{\"text\": \"sound\"}\n", "text")
    #expect(found == [.fault(fault, line: 1), .record("sound", line: 2, number: 2, id: nil)])
  }

  @Test func `broken JSON and bytes that are not UTF-8 are faults`() throws {
    for line in ["{\"text\": \"a", "{\"text\" \"a\"}", "text", "{\"text\": \"a\"} {}"] {
      guard case .fault(.notJSON, 1) = try json(line, "text").first else {
        Issue.record("\(line) is read")
        continue
      }
    }
    let bytes = Array("{\"text\": \"a".utf8) + [0xff] + Array("b\"}\n".utf8)
    let format = RecordFormat(.jsonLines, text: "text")
    guard case .fault(.invalidUTF8(.faultyUTF8), 1) = try read(bytes, format).first else {
      Issue.record("0xff is read")
      return
    }
    #expect(texts(try read(bytes, format, replaces: true)) == ["a\u{FFFD}b"])
  }

  @Test func `records longer than what is read at once are whole`() throws {
    let long = String(repeating: "0123456789", count: 60_000)
    let text = "{\"text\": \"\(long)\"}\n{\"text\": \"b\"}"
    #expect(texts(try json(text, "text")) == [long, "b"])
    let quoted = "text,n\n\"\(long)\n\"\"\(long)\",1\nb,2\n"
    #expect(texts(try table(quoted, "text")) == [long + "\n\"" + long, "b"])
  }

  // MARK: Tables

  @Test func `fields in quotation marks have separators, marks and line ends`() throws {
    let text = "id,text,n\r\n1,\"a, \"\"b\"\"\r\nc\",2\r\n\r\nx, plain \"as is\" ,3\r\n"
    #expect(
      try table(text, "text", id: "id") == [
        .record("a, \"b\"\r\nc", line: 2, number: 1, id: "1"),
        .record(" plain \"as is\" ", line: 5, number: 2, id: "x"),
      ]
    )
  }

  @Test(arguments: [
    ("text;n\na, b;1\n", ["a, b"]), ("n\ttext\n1\ta, b; c\n", ["a, b; c"]),
    ("sep=;\ntext;n\na;1\n", ["a"]), ("\u{FEFF}text,n\na,1\n", ["a"]),
    ("text\none column\nanother, with a comma\n", ["one column", nil]),
  ])
  func `the separator is that of the first row`(text: String, expected: [String?]) throws {
    #expect(texts(try table(text, "text")) == expected)
  }

  @Test func `marks in TSV are characters, but for a field between two of them`() throws {
    let text = "text\tn\n\"Yes,\" he said \"no\"\t1\n\"a \"\"b\"\" c\"\t2\n\"open\t3\n"
    #expect(
      texts(try table(text, "text", .tabSeparated))
        == ["\"Yes,\" he said \"no\"", "a \"b\" c", "\"open"]
    )
  }

  @Test func `a row of another length and an open quotation mark are faults`() throws {
    #expect(
      try table("a,text\n1,x\n2\n3,y,z\n4,w\n", "text") == [
        .record("x", line: 2, number: 1, id: nil), .fault(.fieldCount(1, expected: 2), line: 3),
        .fault(.fieldCount(3, expected: 2), line: 4), .record("w", line: 5, number: 4, id: nil),
      ]
    )
    let found = try table("a,text\n1,\"x\" y\n2,ok\n3,\"open\n4,lost", "text")
    #expect(found.count == 3)
    #expect(texts(found) == [nil, "ok", nil])
  }

  @Test(arguments: [
    // Names, then longer texts; names, then numbers; a record first.
    ("label,text\n0,the first text\n1,another text\n", "2", ["the first text", "another text"]),
    (
      "ham\tGo until jurong point, crazy.\nspam\tFree entry in 2 a wkly comp\n", "2",
      ["Go until jurong point, crazy.", "Free entry in 2 a wkly comp"]
    ),
    ("1,first\n2,second\n", "2", ["first", "second"]),
    ("id;name\n1;x\n2;y\n", "2", ["x", "y"]),
    (
      "a text of some words.\nand another one.\n", "1",
      ["a text of some words.", "and another one."]
    ),
  ])
  func `whether the first row has names is found out for a column's number`(
    text: String,
    column: String,
    expected: [String]
  ) throws {
    #expect(texts(try table(text, column)) == expected)
    #expect(
      texts(try table(text, column, hasHeader: true)).count == text.split(separator: "\n").count - 1
    )
    #expect(
      texts(try table(text, column, hasHeader: false)).count == text.split(separator: "\n").count
    )
  }

  @Test func `a column that the table lacks is named with those that it has`() throws {
    let error = #expect(throws: RecordError.self) { try table("a,b\n1,2\n", "text") }
    #expect(error?.message == "the table has no column 'text'; its columns are a, b")
    let other = #expect(throws: RecordError.self) { try table("1,2\n1,2\n", "3") }
    #expect(other?.message == "the table has 2 columns, and none is '3'; name another")
  }

  @Test func `two columns of the name that is asked for are refused by their numbers`() throws {
    let error = #expect(throws: RecordError.self) { try table("text,n,text\na,1,b\n", "text") }
    #expect(
      error?.message == "columns 1 and 3 are both called 'text'; give the number of one"
    )
    #expect(texts(try table("text,n,text\na,1,b\n", "3")) == ["b"])
  }

  @Test func `an error lists the first twelve of many columns`() throws {
    let header = (1...10_000).map { "c\($0)" }.joined(separator: ",")
    let error = #expect(throws: RecordError.self) { try table(header + "\n", "text") }
    #expect(
      error?.message == "the table has no column 'text'; its columns are "
        + "c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, and so on"
    )
  }

  @Test func `blank lines before the first record are passed over, and counted as lines`() throws {
    #expect(
      try table("\n\r\nid,text\n1,Oda ran.\n", "text")
        == [.record("Oda ran.", line: 4, number: 1, id: nil)]
    )
  }

  @Test func `a row of names may end with a separator, as its rows do`() throws {
    #expect(texts(try table("id,text,\n1,Oda ran.,\n2,She.,\n", "2")) == ["Oda ran.", "She."])
    #expect(texts(try table(",text,\n0,Oda ran.,x\n", "2")) == ["Oda ran."])
  }

  @Test(arguments: ["id,text\r1,Oda ran.\r2,She.\r", "id\ttext\r1\tOda ran.\r2\tShe.\r"])
  func `a table whose lines end in a carriage return alone is refused`(text: String) {
    for column in ["text", "2"] {
      let error = #expect(throws: RecordError.self) { try table(text, column) }
      #expect(
        error?.message
          == "its lines end in a carriage return alone; convert it with tr '\\r' '\\n' first"
      )
    }
  }

  @Test(arguments: [
    "[\n {\"text\": \"a\"}\n]\n", "[{\"text\": \"a\"},\n{\"text\": \"b\"}]\n",
    "{\n\"text\": \"a\"\n}\n",
  ])
  func `JSON over several lines is no JSON Lines, even where faulty records are skipped`(
    text: String
  ) {
    let error = #expect(throws: RecordError.self) { try json(text, "text") }
    #expect(
      error?.message
        == "this is JSON, but not an object a line; write it so with jq -c (an array with jq -c '.[]')"
    )
  }

  @Test func `a record in Latin-1 is named as that, and not to be left out`() throws {
    let row = Array("text,n\nOd".utf8) + [0xe9] + Array(" ran.,1\n".utf8)
    let found = try read(row, RecordFormat(.commaSeparated, text: "text"))
    #expect(found == [.fault(.invalidUTF8(.latin), line: 2)])
    #expect(RecordFault.invalidUTF8(.latin).remedy.contains("iconv -f WINDOWS-1252 -t UTF-8"))
  }

  @Test func `an empty file has no records`() throws {
    #expect(try json("", "text").isEmpty)
    #expect(try json("\n \n", "text").isEmpty)
    #expect(try table("", "text").isEmpty)
    #expect(try table("a,text\n", "text").isEmpty)
  }
}
