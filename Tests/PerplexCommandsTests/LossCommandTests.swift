import Foundation
import TestSupport
import Testing

struct LossCommandTests {
  private func loss(_ text: String, _ options: String...) throws -> Workbench.Outcome {
    let bench = try Workbench()
    try bench.write(text, to: "rows")
    return bench.run(["loss", "@rows"] + options)
  }

  @Test func `labels, one-hot and soft targets, CSV, TSV and JSON lines give the same figures`()
    throws
  {
    let texts = [
      "label,a,b,c\na,0.5,0.25,0.25\n2,0.1,0.1,0.8\n",
      "label\ta\tb\tc\n0\t0.5\t0.25\t0.25\nc\t0.1\t0.1\t0.8\n",
      "0,0.5,0.25,0.25\n2,0.1,0.1,0.8",
      "id;a;b;c;target_c;target_b;target_a\nx;0.5;0.25;0.25;0;0;1\ny;.1;.1;.8;1;0;0\n",
      "{\"label\":0,\"probabilities\":[0.5,0.25,0.25]}\n\n{\"probabilities\":[0.1,0.1,0.8],\"label\":2}\n",
      "{\"target\":[1,0,0],\"probabilities\":[0.5,0.25,0.25]}\n{\"target\":[0,0,1],\"probabilities\":[0.1,0.1,0.8]}\n",
    ]
    for text in texts {
      let outcome = try loss(text, "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let nats = try #require(outcome.json["cross_entropy_nats"] as? Double)
      #expect((nats - (log(2) - log(0.8)) / 2).magnitude < 1e-15)
      #expect(outcome.json["rows"] as? Int == 2)
      #expect(outcome.json["accuracy"] as? Double == 1)
    }
  }

  @Test func `logits give what their probabilities give`() throws {
    for text in [
      "label,logit\n1,2\n0,-1.5\n", "{\"label\":1,\"logit\":2}\n{\"label\":0,\"logit\":-1.5}\n",
    ] {
      let outcome = try loss(text, "--json")
      let nats = try #require(outcome.json["cross_entropy_nats"] as? Double)
      #expect((nats - (log1p(exp(-2)) + log1p(exp(-1.5))) / 2).magnitude < 1e-15)
      #expect(outcome.json["from_logits"] as? Bool == true)
    }
    let halved = try loss("1,4\n0,-3\n", "--logits", "--temperature", "2", "--json")
    let nats = try #require(halved.json["cross_entropy_nats"] as? Double)
    #expect((nats - (log1p(exp(-2)) + log1p(exp(-1.5))) / 2).magnitude < 1e-15)
  }

  @Test func `any number of threads gives the same bytes`() throws {
    let bench = try Workbench()
    var text = "id,label,probability\n"
    // The padding makes 3,000 rows more than one block of the reader.
    let padding = String(repeating: "x", count: 400)
    for row in 0..<3000 { text += "\(padding),\(row % 3 == 0 ? 1 : 0),0.\(row % 997 + 1)\n" }
    try bench.write(text, to: "rows.csv")
    let outputs = (isWantedSlow ? ["1", "2", "5"] : ["1", "3"]).map {
      bench.run("loss", "@rows.csv", "--threads", $0).output
    }
    #expect(Set(outputs).count == 1)
    #expect(outputs[0].contains("3,000 rows"))
  }

  @Test
  func `a zero for what is true is infinite and its line is told; a floor tells what it hides`()
    throws
  {
    let text = "label,probability\n1,0.5\n0,1\n"
    let plain = try loss(text)
    #expect(plain.output.contains("infinite"))
    #expect(plain.output.contains("on line 3"))
    let floored = try loss(text, "--floor", "0.01", "--json")
    #expect(floored.json["cross_entropy_nats"] as? Double == (log(2) - log(0.01)) / 2)
    let floor = try #require(floored.json["floor"] as? [String: Any])
    #expect(floor["cross_entropy_nats_without"] as? String == "inf")
  }

  @Test(arguments: [
    ("label,probability\n1,0.5\n0,1.5\n", "rows:3: 1.5 is not a probability between 0 and 1"),
    ("label,probability\n1,-0.5\n", "rows:2: -0.5 is not a probability"),
    (
      "label,a,b\na,0.5,0.4\n",
      "rows:2: the probabilities sum to 0.9, not 1; the classes are a, b, and --classes names"
    ),
    ("label,a,b\n2,0.5,0.5\n", "rows:2: label 2 is out of range; the classes are 0 to 1"),
    ("label,a,b\ncat,0.5,0.5\n", "rows:2: the label 'cat' is none of the classes a, b"),
    ("label,logit\n1,nan\n", "rows:2: 'nan' in column 2 is not a number"),
    ("label,logit_a,logit_b\n1,0,inf\n", "rows:2: inf is not a logit"),
    ("{\"label\":1,\"logits\":[NaN,1]}\n", "rows:1: nan is not a logit"),
    (
      "{\"label\":1,\"logits\":[0,1]}\n{\"label\":1,\"logits\":[0]}\n",
      "rows:2: 'logits' has 1 numbers"
    ),
    ("{\"label\":1,\"logits\":[0,1]}\n{\"label\":1,\"logits\":[0,1}\n", "rows:2: not JSON"),
    ("label,a,b\na,0.5\n", "rows:2: 2 fields where the first row has 3"),
    ("", "rows: the file is empty"),
    ("\n\n", "rows: the file is empty"),
    ("label,probability\n", "rows: there is no row below the header"),
    ("a,b\n0.5,0.5\n", "rows:1: no column 'label'"),
    ("label,\"probability\n", "rows:1: a quotation mark"),
    ("target_a,target_b,a,b\n0.5,0.4,0.5,0.5\n", "rows:2: targets: the probabilities sum to 0.9"),
  ])
  func `bad input is one line that names the row`(_ text: String, _ message: String) throws {
    let outcome = try loss(text)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: [
    ("label,1,2,3\n0,0.7,0.2,0.1\n", "rows:2: the label '0' is none of the classes 1, 2, 3"),
    ("label,probability,logit\n1,0.9,2\n", "one column 'probability' or 'logit', not two"),
    ("label,label,a,b\na,a,0.5,0.5\n", "two columns of the header are 'label'"),
  ])
  func `what could be read in two ways is refused`(text: String, reason: String) throws {
    let bench = try Workbench()
    try bench.write(text, to: "rows")
    let outcome = bench.run("loss", "@rows")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test func `a column's name says what it is, and one without a name is no class`() throws {
    let bench = try Workbench()
    try bench.write("label,probability\n1,0.9\n0,0.2\n", to: "p.csv")
    let plain = bench.run("loss", "@p.csv", "--json").output
    #expect(bench.run("loss", "@p.csv", "--json", "--logits").output == plain)
    try bench.write(",label,cat,dog\n0,cat,0.9,0.1\n1,dog,0.2,0.8\n", to: "index.csv")
    let outcome = bench.run("loss", "@index.csv", "--json")
    #expect(outcome.json["accuracy"] as? Double == 1, "\(outcome.errors)")
  }

  @Test(arguments: [
    ("a,1000000000000000,1000000000000001\n", 1.3132616875182228),
    ("a,40,0\n", 4.248354255291589e-18),
  ])
  func `logits of any size have the loss of their difference`(row: String, nats: Double) throws {
    let bench = try Workbench()
    try bench.write("label,logit_a,logit_b\n" + row, to: "rows")
    let loss = try #require(
      bench.run("loss", "@rows", "--json").json["cross_entropy_nats"] as? Double
    )
    #expect(abs(loss - nats) <= 1e-15 * nats)
  }
}
