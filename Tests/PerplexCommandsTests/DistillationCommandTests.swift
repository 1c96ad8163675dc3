import Foundation
import TestSupport
import Testing

/// `loss` on predictions that have a teacher.
struct DistillationCommandTests {
  private func loss(_ text: String, _ options: String...) throws -> Workbench.Outcome {
    let bench = try Workbench()
    try bench.write(text, to: "rows")
    return bench.run(["loss", "@rows"] + options)
  }

  private func figure(_ key: String, _ outcome: Workbench.Outcome) throws -> Double {
    let object = try #require(
      outcome.json["distillation"] as? [String: Any],
      "\(outcome.errors)\(outcome.output)"
    )
    return try #require(object[key] as? Double)
  }

  /// One row, teacher 1/2 and 1/2, student 1/4 and 3/4, in every form of probabilities.
  private static let probabilities = [
    "label,a,b,teacher_a,teacher_b\na,0.25,0.75,0.5,0.5\n",
    "teacher_b\tlabel\tteacher_a\tb\ta\n0.5\t1\t0.5\t0.25\t0.75\n",
    "id;a;b;target_a;target_b;teacher_a;teacher_b\nx;.25;.75;.9;.1;.5;.5\n",
    "label,probability,teacher\n1,0.75,0.5\n",
    "{\"label\":1,\"probabilities\":[0.25,0.75],\"teacher\":[0.5,0.5]}\n",
    "{\"teacher\":[0.5,0.5],\"target\":[0,1],\"probabilities\":[0.25,0.75]}\n",
    "{\"label\":0,\"probability\":0.25,\"teacher\":0.5}\n",
  ]

  /// The same as logits: 0 and 0, and 0 and the logarithm of 3.
  private static let logits = [
    "label,logit_a,logit_b,teacher_a,teacher_b\na,0,1.0986122886681098,7,7\n",
    "label,logit,teacher\n1,1.0986122886681098,0\n",
    "{\"label\":1,\"logits\":[5,6.0986122886681098],\"teacher\":[0,0]}\n",
    "{\"label\":0,\"logit\":1.0986122886681098,\"teacher\":0}\n",
  ]

  @Test(arguments: probabilities + logits)
  func `the loss at temperature 1 is that of the hand`(_ text: String) throws {
    let outcome = try loss(text, "--json")
    // 1/2 ln (1/2 / 1/4) + 1/2 ln (1/2 / 3/4) = 1/2 ln 4/3
    let nats = log(4.0 / 3) / 2
    #expect((try figure("loss_nats", outcome) - nats).magnitude < 1e-15)
    #expect((try figure("loss_bits", outcome) - nats / log(2)).magnitude < 1e-15)
    #expect((try figure("teacher_entropy_bits", outcome) - 1).magnitude < 1e-15)
    #expect((try figure("gradient_norm", outcome) - 0.25 * 2.0.squareRoot()).magnitude < 1e-15)
  }

  @Test(arguments: probabilities + logits)
  func `the loss at temperature 2 is that of the hand`(_ text: String) throws {
    let outcome = try loss(text, "--distillation-temperature", "2", "--json")
    // Flattened, the student is 1 and √3 over 1 + √3, the teacher remains even:
    // 2² · (1/2 ln (1 + √3)/2 + 1/2 ln (1 + √3)/2√3) = 2 ln (1 + √3)²/4√3
    let root = 3.0.squareRoot()
    let nats = 2 * log((1 + root) * (1 + root) / (4 * root))
    #expect((try figure("loss_nats", outcome) - nats).magnitude < 1e-14)
    #expect((try figure("divergence_nats", outcome) - nats / 4).magnitude < 1e-14)
    let difference = 0.5 - 1 / (1 + root)
    let norm = 2 * (2 * difference * difference).squareRoot()
    #expect((try figure("gradient_norm", outcome) - norm).magnitude < 1e-14)
    #expect(try figure("temperature", outcome) == 2)
  }

  @Test func `its temperature is that of all figures, or its own`() throws {
    let text = Self.logits[0]
    let plain = try loss(text, "--json")
    let own = try loss(text, "--distillation-temperature", "2", "--json")
    let all = try loss(text, "--temperature", "2", "--json")
    let both = try loss(text, "--temperature", "3", "--distillation-temperature", "2", "--json")
    func crossEntropy(_ outcome: Workbench.Outcome) -> Double? {
      outcome.json["cross_entropy_nats"] as? Double
    }
    let wanted = try figure("loss_nats", own)
    #expect(try figure("loss_nats", all) == wanted)
    #expect(try figure("loss_nats", both) == wanted)
    #expect(try figure("loss_nats", plain) != wanted)
    #expect(crossEntropy(own) == crossEntropy(plain))
    #expect(crossEntropy(all) != crossEntropy(plain))
    #expect(crossEntropy(both) != crossEntropy(all))
  }

  @Test func `with the teacher as target it is cross-entropy less the teacher's entropy`() throws {
    let text = """
      a,b,c,target_a,target_b,target_c,teacher_a,teacher_b,teacher_c
      0.7,0.2,0.1,0.5,0.3,0.2,0.5,0.3,0.2
      0.1,0.6,0.3,0,0.9,0.1,0,0.9,0.1

      """
    let outcome = try loss(text, "--json")
    let crossEntropy = try #require(outcome.json["cross_entropy_nats"] as? Double)
    let sum = try figure("loss_nats", outcome) + figure("teacher_entropy_nats", outcome)
    #expect((crossEntropy - sum).magnitude < 1e-15)
  }

  @Test func `a student that is its teacher loses nothing`() throws {
    for temperature in ["0.5", "1", "4"] {
      let outcome = try loss(
        "label,a,b,teacher_a,teacher_b\na,0.3,0.7,0.3,0.7\nb,0,1,0,1\n",
        "--distillation-temperature",
        temperature,
        "--json"
      )
      #expect(try figure("loss_nats", outcome) == 0)
      #expect(try figure("agreement", outcome) == 1)
    }
  }

  @Test func `classes have their own figures, which make up the whole`() throws {
    let text = """
      label,a,b,teacher_a,teacher_b
      a,0.25,0.75,0.5,0.5
      b,0.25,0.75,0.25,0.75
      b,0.5,0.5,0.25,0.75

      """
    let outcome = try loss(text, "--json")
    let classes = try #require(outcome.json["classes"] as? [[String: Any]])
    let nats = try classes.map { try #require($0["distillation_nats"] as? Double) }
    #expect((nats[0] - log(4.0 / 3) / 2).magnitude < 1e-15)
    #expect((nats[1] - (log(2) - 0.25 * log(4) - 0.75 * log(4.0 / 3)) / 2).magnitude < 1e-15)
    #expect((try figure("loss_nats", outcome) - (nats[0] + 2 * nats[1]) / 3).magnitude < 1e-15)
    #expect(try figure("agreement", outcome) == 1.0 / 3)
    let printed = try loss(text).output
    #expect(printed.contains("a teacher"))
    #expect(printed.contains("distillation loss"))
    #expect(printed.contains("distilled"))
  }

  @Test func `without a teacher nothing is said of one`() throws {
    let text = "label,probability\n1,0.75\n"
    let outcome = try loss(text, "--json")
    #expect(outcome.json["distillation"] is NSNull)
    #expect(!(try loss(text).output.contains("istill")))
    // A class may be called so, where no lone number is predicted.
    let school = try loss("label,teacher,pupil\nteacher,0.5,0.5\n", "--json")
    #expect((school.json["classes"] as? [[String: Any]])?.first?["class"] as? String == "teacher")
  }

  @Test func `a zero for what the teacher holds possible is infinite and its line is told`() throws
  {
    let text = "label,a,b,teacher_a,teacher_b\na,1,0,1,0\na,1,0,0.9,0.1\n"
    let printed = try loss(text, "--floor", "0.01").output.replacing("\n", with: " ")
    #expect(
      printed.contains(
        "1 row gives probability 0 to a class that the teacher gives some, the first of"
      )
    )
    #expect(printed.contains("line 3: the distillation loss is infinite."))
    let outcome = try loss(text, "--json")
    let object = try #require(outcome.json["distillation"] as? [String: Any])
    #expect(object["loss_nats"] as? String == "inf")
    #expect(object["infinite_rows"] as? Int == 1)
    #expect(object["first_infinite_row"] as? Int == 3)
    #expect(outcome.json["cross_entropy_nats"] as? Double == 0)
  }

  @Test func `a teacher's sum is divided out where that is asked for, and told once a row`() throws
  {
    let text = "label,a,b,teacher_a,teacher_b\na,1,3,2,2\na,0.25,0.75,1,1\n"
    let outcome = try loss(text, "--normalize", "--json")
    #expect((try figure("loss_nats", outcome) - log(4.0 / 3) / 2).magnitude < 1e-15)
    #expect(outcome.json["normalized_rows"] as? Int == 2)
  }

  @Test func `any number of threads gives the same bytes`() throws {
    let bench = try Workbench()
    var text = ""
    // The padding makes 3,000 rows more than one block of the reader.
    let padding = String(repeating: " ", count: 400)
    for row in 0..<3000 {
      let (student, teacher) = (row * 7919 % 4001, row * 104_729 % 3989)
      text += "{\"label\":\(row % 2),\"logits\":[\(student)e-3,1],\(padding)"
      text += "\"teacher\":[\(teacher)e-3,2]}\n"
    }
    try bench.write(text, to: "rows")
    for form in [[], ["--json"]] {
      let outputs = (isWantedSlow ? ["1", "2", "5"] : ["1", "3"]).map {
        bench.run(
          ["loss", "@rows", "--distillation-temperature", "3", "--threads", $0] + form
        ).output
      }
      #expect(Set(outputs).count == 1)
      #expect(outputs[0].contains("istillation"))
    }
  }

  @Test(arguments: [
    (
      "label,a,b,teacher_a,teacher_b\na,0.5,0.5,0.5,0.5\na,0.5,0.5,0.5,0.4\n",
      "rows:3: teacher: the probabilities sum to 0.9, not 1; --normalize divides them by it"
    ),
    (
      "label,a,b,teacher_a,teacher_b\na,0.5,0.5,2,-1\n",
      "rows:2: teacher: 2.0 is not a probability between 0 and 1"
    ),
    (
      "label,a,b,teacher_a,teacher_b\na,0.5,0.5,nan,1\n",
      "rows:2: 'nan' in column 4 is not a number"
    ),
    ("label,a,b,teacher_a,teacher_b\na,0.5,0.5,,1\n", "rows:2: '' in column 4 is not a number"),
    ("label,a,b,teacher_a,teacher_b\na,0.5,0.5\n", "rows:2: 3 fields where the first row has 5"),
    ("label,a,b,teacher_a\na,0.5,0.5,1\n", "rows:1: a teacher needs one 'teacher_NAME' for each"),
    ("label,a,b,teacher_a,teacher_c\na,0.5,0.5,1,0\n", "rows:1: a teacher needs one"),
    (
      "label,a,b,teacher_a,teacher_b,teacher_a\na,0.5,0.5,1,0,1\n",
      "rows:1: two columns of the header have the name 'teacher_a'"
    ),
    ("label,probability,teacher_1\n1,0.5,0.5\n", "rows:1: 'probability' is of the label 1 alone"),
    ("label,probability,teacher\n1,0.5,1.5\n", "rows:2: teacher: 1.5 is not a probability"),
    (
      "label,logit_a,logit_b,teacher_a,teacher_b\na,0,1,inf,0\n",
      "rows:2: teacher: inf is not a logit"
    ),
    (
      "label,logit_a,logit_b,teacher_a,teacher_b\na,0,1,-inf,-inf\n",
      "rows:2: teacher: all logits are -inf"
    ),
    (
      "{\"label\":1,\"logits\":[0,1],\"teacher\":[0,1]}\n{\"label\":1,\"logits\":[0,1]}\n",
      "rows:2: no 'teacher', which the first row has"
    ),
    (
      "{\"label\":1,\"logits\":[0,1]}\n{\"label\":1,\"logits\":[0,1],\"teacher\":[0,1]}\n",
      "rows:2: a 'teacher', which the first row has not"
    ),
    (
      "{\"label\":1,\"logits\":[0,1],\"teacher\":[0,1,2]}\n",
      "rows:1: 'teacher' has 3 numbers for 2 classes"
    ),
    (
      "{\"label\":1,\"logits\":[0,1],\"teacher\":[0,\"x\"]}\n",
      "rows:1: 'teacher' has a value that is not a number"
    ),
    ("{\"label\":1,\"logits\":[0,1],\"teacher\":[NaN,0]}\n", "rows:1: teacher: nan is not a logit"),
  ])
  func `a bad teacher is one line that names the row`(_ text: String, _ message: String) throws {
    let outcome = try loss(text)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.output.isEmpty)
  }

  @Test func `temperatures that cannot be are refused, with what would do`() throws {
    let lonely = try loss("label,probability\n1,0.5\n", "--distillation-temperature", "2")
    #expect(lonely.code == 1)
    #expect(lonely.errors.contains("no teacher in the first row; give 'teacher'"))
    let probabilities = try loss(Self.probabilities[0], "--temperature", "2")
    #expect(probabilities.code == 1)
    #expect(probabilities.errors.contains("give --distillation-temperature"))
    for wrong in ["0", "-1", "inf", "nan"] {
      #expect(try loss(Self.logits[0], "--distillation-temperature=\(wrong)").code == 64)
    }
  }
}
