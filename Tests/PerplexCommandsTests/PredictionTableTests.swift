import Foundation
import Testing

/// `loss` on tables as programs and people write them.
struct PredictionTableTests {
  /// A file, options, and the probabilities of what is true in its rows.
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var options: [String] = []
    var truth: [Double] = [0.7, 0.5, 0.6, 0.125]
    var weights: [Double] = [1, 1, 1, 1]

    var testDescription: String { name }

    var nats: Double {
      zip(truth, weights).reduce(0) { $0 - $1.1 * log($1.0) } / weights.reduce(0, +)
    }
  }

  /// Four rows of three classes, the labels 0, 1, 2, 1; `front` and `back` stand around them.
  private static func table(
    _ header: String,
    _ front: [String],
    _ back: [String] = ["", "", "", ""]
  ) -> String {
    let rows = ["0.7,0.2,0.1", "0.25,0.5,0.25", "0.1,0.3,0.6", "0.5,0.125,0.375"]
    return header + "\n" + rows.indices.map { front[$0] + rows[$0] + back[$0] + "\n" }.joined()
  }

  private static let names = ["a,", "b,", "c,", "b,"]
  private static let numbers = ["0,", "1,", "2,", "1,"]

  private static let strangers: [Case] = [
    Case(
      name: "numbers of folds",
      text: table("label,cv,a,b,c", ["0,1,", "1,0,", "2,1,", "1,0,"])
    ),
    Case(
      name: "whole numbers of any name",
      text: table("user,label,a,b,c", ["107,a,", "4,b,", "33,c,", "4,b,"])
    ),
    Case(
      name: "the largest probability",
      text: table("label,a,b,c,confidence", names, [",0.7", ",0.5", ",0.6", ",0.5"])
    ),
    Case(
      name: "two fractions",
      text: table(
        "entropy,label,margin,a,b,c",
        [
          "0.3,a,0.5,", "0.41,b,0.25,", "0.52,c,0.3,", "0.44,b,0.125,",
        ]
      )
    ),
    Case(
      name: "indices of pandas, names of pictures",
      text: table(
        ",Unnamed: 0,image_id,label,a,b,c",
        [
          "0,0,x1,a,", "1,1,x2,b,", "2,2,x3,c,", "3,3,x4,b,",
        ]
      )
    ),
    Case(
      name: "a label in the last column, without a name for it",
      text: table("a,b,c,species", ["", "", "", ""], [",a", ",b", ",c", ",b"])
    ),
    Case(
      name: "two models, of which one is chosen",
      text: table(
        "label,m_a,m_b,m_c,x,y,z",
        names,
        [
          ",0.2,0.7,0.1", ",0.2,0.7,0.1", ",0.2,0.7,0.1", ",0.2,0.7,0.1",
        ]
      ),
      options: ["--classes", "m_a", "m_b", "m_c"]
    ),
  ]

  private static let weights = [1.0, 2, 0.5, 0]

  private static let weighted: [Case] = [
    Case(
      name: "sample_weight",
      text: table("label,a,b,c,sample_weight", names, [",1", ",2", ",0.5", ",0"]),
      weights: weights
    ),
    Case(
      name: "Weight",
      text: table("Weight,label,a,b,c", ["1,0,", "2,1,", "0.5,2,", "0,1,"]),
      weights: weights
    ),
    Case(
      name: "a name that is none of a weight",
      text: table("w,label,a,b,c", ["1,a,", "2,b,", "0.5,c,", "0,b,"]),
      options: ["--weight", "w"],
      weights: weights
    ),
    Case(
      name: "JSON",
      text: """
        {"label": "a", "a": 0.7, "b": 0.3, "weight": 1}
        {"label": "b", "a": 0.5, "b": 0.5, "weight": 2}

        """,
      truth: [0.7, 0.5],
      weights: [1, 2]
    ),
  ]

  private static let numbered: [Case] = [
    Case(
      name: "p10 before p9",
      text: "label,p8,p10,p9\n8,0.7,0.2,0.1\n9,0.2,0.3,0.5\n10,0.1,0.6,0.3\n9,0.5,0.375,0.125\n"
    ),
    Case(
      name: "numbers within names",
      text: "y_true,prob (2),prob (1),prob (0)\n"
        + "0,0.1,0.2,0.7\n1,0.25,0.5,0.25\n2,0.6,0.3,0.1\n1,0.375,0.125,0.5\n"
    ),
    Case(
      name: "names that are decimal",
      text: table("label,0.0,1.0,2.0", numbers)
    ),
    Case(name: "names behind a word", text: table("label,prob_a,prob_b,prob_c", names)),
    Case(name: "names before a word", text: table("label,a_prob,b_prob,c_prob", names)),
    Case(
      name: "numbers from 1",
      text: table("label,class1,class2,class3", ["1,", "2,", "3,", "2,"])
    ),
  ]

  private static let binary: [Case] = [
    Case(name: "y_prob", text: "y_true,y_prob\n1,0.7\n1,0.5\n0,0.4\n0,0.875\n"),
    Case(
      name: "a decision beside it",
      text: "y_true,y_pred,y_pred_proba\n1.0,1,0.7\n1.0,0,0.5\n0.0,0,0.4\n0.0,1,0.875\n"
    ),
    Case(name: "True", text: "target,score\nTrue,0.7\nTrue,0.5\nFalse,0.4\nFalse,0.875\n"),
    Case(name: "-1", text: "label,probability\n1,0.7\n1,0.5\n-1,0.4\n-1,0.875\n"),
    Case(
      name: "-1 of two classes",
      text: "label,no,yes\n1,0.3,0.7\n1,0.5,0.5\n-1,0.6,0.4\n-1,0.125,0.875\n"
    ),
    Case(
      name: "JSON with truth values",
      text: """
        [{"label": true, "probability": 0.7}, {"label": 1.0, "probability": 0.5},
         {"label": false, "probability": 0.4}, {"label": "0", "probability": 0.875}]
        """
    ),
  ]

  private static let otherForms: [Case] = [
    Case(
      name: "left out by number",
      text: table("label,a,b,c", numbers) + "-100,0.1,0.1,0.8\n-100.0,9,9,9\n",
      options: ["--ignore", "-100"]
    ),
    Case(
      name: "left out by name",
      text: table("label,a,b,c", names) + "?,0.1,0.1,0.8\n",
      options: ["--ignore=?"]
    ),
    Case(
      name: "left out where there is none",
      text: table("label,a,b,c", names) + ",0.1,0.1,0.8\n",
      options: ["--ignore="]
    ),
    Case(
      name: "decimal commas",
      text: "label;a;b;c\na;0,7;0,2;0,1\nb;0,25;0,5;0,25\nc;0,1;0,3;0,6\nb;0,5;0,125;0,375\n"
    ),
    Case(
      name: "decimal commas in quotation marks",
      text:
        "label,a,b\na,\"0,7\",\"0,3\"\nb,\"0,5\",\"0,5\"\nb,\"0,4\",\"0,6\"\nb,\"0,875\",\"0,125\"\n"
    ),
    Case(
      name: "per cent",
      text: "label,a,b\na,70,30\nb,50,50\nb,40,60\nb,87.5,12.5\n",
      options: ["--multiply", "0.01"]
    ),
    Case(
      name: "per cent signs",
      text: "label,a,b\na,70%,30%\nb,50%,50%\nb,40 %,60 %\nb,87.5%,12.5%\n"
    ),
    Case(
      name: "an array of tables' rows",
      text: """
        [
          {"index": 0, "y_true": "a", "a": 0.7, "b": 0.3},
          {"index": 1, "y_true": "b", "a": 0.5, "b": 0.5},
          {"index": 2, "y_true": "b", "a": 0.4, "b": 0.6},
          {"index": 3, "y_true": "b", "a": 0.875, "b": 0.125}
        ]
        """
    ),
    Case(
      name: "an object of columns",
      text: """
        {
          "y_true": ["a", "b", "b", "b"],
          "a": [0.7, 0.5, 0.4, 0.875], "b": [0.3, 0.5, 0.6, 0.125]
        }
        """
    ),
    Case(
      name: "an object of columns with lists",
      text: "{\"label\": [0, 1, 1, 1], "
        + "\"probabilities\": [[0.7, 0.3], [0.5, 0.5], [0.4, 0.6], [0.875, 0.125]]}\n"
    ),
    Case(
      name: "an object of columns by row, as pandas writes it",
      text: "{\"label\": {\"0\": 1, \"1\": 1, \"2\": 0, \"3\": 0}, "
        + "\"y_prob\": {\"0\": 0.7, \"1\": 0.5, \"2\": 0.4, \"3\": 0.875}}"
    ),
    Case(
      name: "lists in fields",
      text:
        "id,label,probs\n1,0,\"[0.7, 0.3]\"\n2,1,\"[0.5, 0.5]\"\n3,1,[0.4 0.6]\n4,1,[0.875 0.125]\n"
    ),
    Case(
      name: "numbers for names of columns",
      text: "0,1,2,3\n0,0.7,0.2,0.1\n1,0.25,0.5,0.25\n2,0.1,0.3,0.6\n1,0.5,0.125,0.375\n"
    ),
    Case(
      name: "probabilities with names",
      text: """
        {"label": "a", "probabilities": {"a": 0.7, "b": 0.3}}
        {"label": "b", "probabilities": {"b": 0.5, "a": 0.5}}
        {"label": "b", "probabilities": {"a": 0.4, "b": 0.6}}
        {"label": 1, "probabilities": {"a": 0.875, "b": 0.125}}

        """
    ),
  ]

  @Test(arguments: strangers + weighted + numbered + binary + otherForms)
  func `the loss is that of the rows by hand`(_ item: Case) throws {
    let bench = try Workbench()
    try bench.write(item.text, to: "rows")
    let outcome = bench.run(["loss", "@rows", "--json"] + item.options)
    let nats = try #require(outcome.json["cross_entropy_nats"] as? Double, "\(outcome.errors)")
    #expect((nats - item.nats).magnitude < 1e-12)
  }

  /// Logits 1, 0, -1 in every row, so that the loss of the classes is known.
  @Test(arguments: [
    "year,label,a,b,c\n2001,0,1.5,0.5,-0.5\n2002,1,1.5,0.5,-0.5\n2001,2,1.5,0.5,-0.5\n",
    "label,time,logit_a,logit_b,logit_c\n0,0.1,1.5,0.5,-0.5\n1,0.2,1,0,-1\n2,0.3,1.5,0.5,-0.5\n",
    "label,time,score_0,score_1,score_2\n0,0.1,1.5,0.5,-0.5\n1,0.2,1,0,-1\n2,0.3,1.5,0.5,-0.5\n",
    "fold,label,a,b,c\n0.5,a,1.5,0.5,-0.5\n1.5,b,1,0,-1\n2.5,c,1.5,0.5,-0.5\n",
  ])
  func `logits beside numbers that are none`(_ text: String) throws {
    let bench = try Workbench()
    try bench.write(text, to: "rows")
    let outcome = bench.run("loss", "@rows", "--json", "--logits")
    let nats = try #require(outcome.json["cross_entropy_nats"] as? Double, "\(outcome.errors)")
    #expect((nats - log(exp(1) + 1 + exp(-1))).magnitude < 1e-15)
  }

  @Test func `what is not read, weighs or is left out is said`() throws {
    let bench = try Workbench()
    let header = "fold,sample_weight,label,a,b,c"
    let rows = Self.table(header, ["1,1,a,", "2,2,b,", "1,0.5,c,", "2,0,b,"])
    try bench.write(rows + "1,1,-1,0,0,0\n", to: "rows")
    let outcome = bench.run("loss", "@rows", "--ignore", "-1", "--json")
    #expect(outcome.json["unread_columns"] as? [String] == ["fold"], "\(outcome.errors)")
    #expect(outcome.json["weight_column"] as? String == "sample_weight")
    #expect(outcome.json["weight_sum"] as? Double == 3.5)
    #expect(outcome.json["ignored_rows"] as? Int == 1)
    #expect(outcome.json["rows"] as? Int == 4)
    // Rows 1 to 3 are right; the fourth has no weight.
    #expect(outcome.json["accuracy"] as? Double == 1)
    let printed = bench.run("loss", "@rows", "--ignore", "-1").output
    #expect(printed.contains("Columns that are not read: fold."))
    #expect(printed.contains("weighted by 'sample_weight'"))
    #expect(printed.contains("1 rows with the label -1 are left out."))
  }

  @Test(arguments: [
    (
      "label,cv,a,b\n0,0,0.5,0.5\n1,0,0.25,0.75\n0,0,0.5,0.5\n",
      "rows:1: the column 'cv' is 0 in every row, and may be a class or none; --classes names"
    ),
    (
      "label,p_a,p_b,q_a,q_b\na,0.5,0.5,0.5,0.5\nb,0.25,0.75,0.5,0.5\n",
      "rows:2: the label 'a' is none of the classes p_a, p_b, q_a, q_b; --classes names the columns"
    ),
    (
      "weight,sample_weight,label,a,b\n1,1,a,0.5,0.5\n",
      "rows:1: two columns may be weights, 'weight', 'sample_weight'; --weight names the one"
    ),
    ("label,a,b,weight\na,0.5,0.5,-2\n", "rows:2: -2.0 is no weight"),
    ("label,a,b,weight\na,0.5,0.5,0\n", "rows: the weights of all rows are 0"),
    ("label,a,b\na,70,30\n", "rows:2: 70.0 is not a probability between 0 and 1; --multiply 0.01"),
    ("label,probability\n1,70\n", "rows:2: 70.0 is not a probability between 0 and 1; --multiply"),
    ("label,probability\n1,0.5\n-1,0.5\n0,0.5\n", "rows:4: labels are -1 and 0"),
    ("label,a,b,c\n-100,0.5,0.25,0.25\n", "rows:2: label -100 is out of range; the classes are 0"),
    ("label\ta\tb\n0\t1,234\t0,5\n", "rows:2: '1,234' in column 2 is not a number; write decimals"),
    (
      "[{\"label\": 0, \"probability\": 0.5},\n{\"label\"",
      "rows:2: not JSON: the array is not closed"
    ),
    (
      "[{\"label\": 0, \"probability\": 0.5},\n{\"label\": 2, \"probability\": 0.5}]",
      "rows:2: label 2 is out of range"
    ),
    ("[1, 2]", "rows:1: a row must be an object"),
    ("[]\n", "rows: the file is empty"),
    ("{\"label\": 0,\n\"probability\": 0.5}\n", "rows:1: an object over several lines"),
    ("label,p\n0,\"[0.5, 0.5]\"\n1,[0.5 x]\n", "rows:3: not JSON"),
  ])
  func `what cannot be told is refused with what would tell it`(
    _ text: String,
    _ message: String
  ) throws {
    let bench = try Workbench()
    try bench.write(text, to: "rows")
    let outcome = bench.run("loss", "@rows")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `softmax of probabilities is noticed, before and after`() throws {
    let bench = try Workbench()
    try bench.write(Self.table("label,a,b,c", Self.names), to: "rows")
    let logits = bench.run("loss", "@rows", "--logits", "--json")
    #expect(logits.json["softmax_twice"] as? String == "logits_are_probabilities")
    #expect(bench.run("loss", "@rows", "--json").json["softmax_twice"] is NSNull)
    #expect(bench.run("loss", "@rows", "--logits").output.contains("The logits are probabilities"))
    // Softmax of 0.98, 0.01, 0.01, and of the classes turned round.
    let high = exp(0.98) / (exp(0.98) + 2 * exp(0.01))
    var text = "label,a,b,c\n"
    for row in 0..<12 {
      let values = (0..<3).map { $0 == row % 3 ? high : (1 - high) / 2 }
      text += "\(row % 3)," + values.map { "\($0)" }.joined(separator: ",") + "\n"
    }
    try bench.write(text, to: "twice")
    let twice = bench.run("loss", "@twice", "--json")
    #expect(twice.json["softmax_twice"] as? String == "probabilities_of_probabilities")
    #expect(bench.run("loss", "@twice").output.contains("Was softmax applied twice?"))
    try bench.write(text.replacing("\(high)", with: "\(high + 0.1)"), to: "other")
    let other = bench.run("loss", "@other", "--normalize", "--json")
    #expect(other.json["softmax_twice"] is NSNull)
  }

  @Test func `one column of probabilities is of the label that is named`() throws {
    let bench = try Workbench()
    try bench.write("label,p\nspam,0.5\nham,0.25\nnews,0.875\nspam,1\n", to: "rows")
    let outcome = bench.run("loss", "@rows", "--positive", "spam", "--json")
    // -log of 1/2, 3/4, 1/8 and 1, whose product is 3/64.
    let loss = try #require(outcome.json["cross_entropy_nats"] as? Double)
    #expect(abs(loss + log(3.0 / 64) / 4) < 1e-12)
    try bench.write("label,p\n2,0.5\n1.0,0.25\n2.0,0.75\n", to: "numbers")
    let numbers = bench.run("loss", "@numbers", "--positive", "2", "--json")
    #expect(
      abs((numbers.json["cross_entropy_nats"] as? Double ?? 0) + log(9.0 / 32) / 3) < 1e-12
    )
    #expect(
      bench.run("loss", "@rows").errors
        .hasSuffix("is none of the classes 0 to 1; --positive names the label of the column\n")
    )
    try bench.write("label,a,b\na,0.5,0.5\n", to: "both")
    let both = bench.run("loss", "@both", "--positive", "a")
    #expect(both.code == 1)
    #expect(both.errors.contains("names the label of one column, and each class has its own here"))
  }

  @Test func `a column of logits that no label names is told in JSON, too`() throws {
    let bench = try Workbench()
    try bench.write("label,a,b,age\na,1.5,-2,30.5\nb,-1,2.25,41.5\n", to: "rows")
    let outcome = bench.run("loss", "@rows", "--logits", "--json")
    #expect(outcome.json["doubtful_classes"] as? [String] == ["age"])
    #expect(bench.run("loss", "@rows", "--logits").output.contains("No row is of the class"))
  }
}
