import Files
import Records
import Testing

struct DelimitedFieldsTests {
  private func rows(_ text: String, delimiter: UInt8 = 0x2c) throws -> [[String]] {
    try text.withBytes { bytes in
      var fields = DelimitedFields(delimiter: delimiter)
      var rows: [[String]] = []
      var position = 0
      while position < bytes.count {
        guard try fields.read(bytes, &position) else { continue }
        rows.append(fields.ranges.map { DelimitedFields.text(bytes.extracting($0)) })
      }
      return rows
    }
  }

  @Test func `fields are separated, and white space around them is none of theirs`() throws {
    #expect(try rows("a,b\r\n1 , 2\n\n,x") == [["a", "b"], ["1", "2"], ["", "x"]])
    #expect(try rows("a\tb c\t\n", delimiter: 9) == [["a", "b c", ""]])
  }

  @Test func `quoted fields hold delimiters and doubled marks`() throws {
    #expect(try rows("\"a,b\",\"c\"\"d\"\"\"\r\n\"\",1") == [["a,b", "c\"d\""], ["", "1"]])
  }

  @Test(arguments: ["\"a\nb\"", "\"a\"b,c", "x,\"y"])
  func `a quotation mark out of place is a fault of its row`(_ text: String) {
    #expect(throws: RowError.self) { try rows(text) }
  }

  @Test func `the first line tells the delimiter`() {
    #expect(DelimitedFields.delimiter(ofLine: Array("a,b;c".utf8)) == 0x2c)
    #expect(DelimitedFields.delimiter(ofLine: Array("a;b".utf8)) == 0x3b)
    #expect(DelimitedFields.delimiter(ofLine: Array("a,b\tc".utf8)) == 9)
    #expect(DelimitedFields.delimiter(ofLine: Array("a".utf8)) == 0x2c)
  }
}
