import Foundation
import Testing

/// `divergence` on the lists, histograms and matrices that other programs write.
struct DistributionFormsTests {
  /// KL of 1/2, 1/4, 1/4 from 1/4, 1/2, 1/4: 1/2 log 2 - 1/4 log 2, in bits.
  private static let bits = 0.25
  /// KL of 1/8, 1/8, 3/4 from 1/4, 1/2, 1/4: -1/8 - 1/4 + 3/4 log 3, in bits.
  private static let lastBits = 0.75 * log2(3) - 0.375

  private func divergence(_ files: [String], _ options: [String]) throws -> Workbench.Outcome {
    let bench = try Workbench()
    let names = ["first", "second"].prefix(files.count)
    for (name, text) in zip(names, files) { try bench.write(text, to: name) }
    return bench.run(["divergence"] + names.map { "@" + $0 } + options)
  }

  private static let natural =
    "a,-0.6931471805599453\nb,-1.3862943611198906\nc,-1.3862943611198906\n"
  private static let decimal =
    "b;-0,3010299956639812\na;-0,6020599913279624\nc;-0,6020599913279624\n"

  @Test(arguments: [
    ([natural, "a,-2\nb,-1\nc,-2\n"], ["log_probabilities", "log_probabilities"]),
    ([natural, decimal], ["log_probabilities", "log_probabilities"]),
    (["a,0.5\nb,0.25\nc,0.25\n", decimal], ["probabilities", "log_probabilities"]),
    (
      ["      2 the\n      1 of a\n      1 b,c\n", "      1 the\n      2 of a\n      1 b,c\n"],
      ["counts", "counts"]
    ),
    (["20 the\n10 of\n10 by\n", "of\t2\nby\t1\nthe\t1\n"], ["counts", "counts"]),
    (
      ["      2 12\n      1 7\n      1 \n", "      1 12\n      2 7\n      1 \n"],
      ["counts", "counts"]
    ),
    (
      ["the 0.5\nof 0.25\nby 0.25\n", "by 0.25\nthe 0.25\nof 0.5\n"],
      ["probabilities", "probabilities"]
    ),
    (
      [
        "bin_left,bin_right,count\n0,1,20\n1,2,10\n2,3,10\n",
        "0.0\t1.0\t1\n1.0\t2.0\t2\n2.0\t3.0\t1\n",
      ],
      ["counts", "counts"]
    ),
    (
      ["low,high,count\n0,0.5,2\n0.5,1,1\n2,3,1\n", "low,high,p\n0,.5,.25\n.5,1,.5\n2,3,.25\n"],
      ["counts", "probabilities"]
    ),
    (
      ["0,0.5,1\n0.5,1,0.5\n1,1.5,0.5\n", "0,0.5,0.5\n0.5,1,1\n1,1.5,0.5\n"],
      ["densities", "densities"]
    ),
    (
      ["left,right,p,q\n0,1,0.5,0.25\n1,2,0.25,0.5\n2,3,0.25,0.25\n"],
      ["probabilities", "probabilities"]
    ),
    (
      [",token,p\n0,a,0.5\n1,b,0.25\n2,c,0.25\n", "a;0,25\nb;0,5\nc;0,25\n"],
      ["probabilities", "probabilities"]
    ),
  ])
  func `every form has the divergence of its distributions`(
    _ files: [String],
    _ scales: [String]
  ) throws {
    let outcome = try divergence(files, ["--json"])
    let bits = try #require(outcome.json["kl_forward_bits"] as? Double, "\(outcome.errors)")
    #expect((bits - Self.bits).magnitude < 1e-12)
    #expect(outcome.json["read_as"] as? [String] == scales)
  }

  @Test func `logarithms that sum to no one need their base and are divided`() throws {
    let files = ["a,-1\nb,-2\n", "a,-2\nb,-1\n"]
    let outcome = try divergence(files, ["--log-base", "2", "--normalize", "--json"])
    let bits = try #require(outcome.json["kl_forward_bits"] as? Double, "\(outcome.errors)")
    // 2/3 and 1/3 from 1/3 and 2/3.
    #expect((bits - 1.0 / 3).magnitude < 1e-15)
    let printed = try divergence(files, ["--log-base", "2", "--normalize"]).output
    #expect(printed.contains("The numbers of P were read as logarithms to the base 2."))
  }

  private static let matrix =
    "name,x,y,z\nr1,0.5,0.25,0.25\nr2,0.25,0.5,0.25\nr3,0.125,0.125,0.75\n"

  @Test(arguments: [
    ([matrix], ["--rows", "--against", "r2"]),
    ([matrix], ["--rows", "--against", "2"]),
    (["[[0.5,0.25,0.25],[0.25,0.5,0.25],[0.125,0.125,0.75]]"], ["--rows", "--against", "2"]),
    (
      ["{\"r1\": [2, 1, 1], \"r3\": [1, 1, 6], \"r2\": [1, 2, 1]}"], ["--rows", "--against", "r2"]
    ),
    (
      ["word,r1,r2,r3\na,0.5,0.25,0.125\nb,0.25,0.5,0.125\nc,0.25,0.25,0.75\n"],
      ["--against", "r2"]
    ),
    (
      ["0.5 0.25 0.25\n0.125 0.125 0.75\n", "0.25 0.5 0.25\n"], ["--rows"]
    ),
    (
      [
        "id,x,y,z\nr1,0.5,0.25,0.25\nr3,0.125,0.125,0.75\n",
        "id,z,x,y\nr3,0.25,0.25,0.5\nr1,0.25,0.25,0.5\n",
      ], ["--rows"]
    ),
    (
      [
        "step,p_a,p_b,p_c,q_c,q_b,q_a\n0,0.5,0.25,0.25,0.25,0.5,0.25\n7,0.125,0.125,0.75,0.25,0.5,0.25\n"
      ], ["--rows"]
    ),
  ])
  func `each distribution of many is compared`(_ files: [String], _ options: [String]) throws {
    let outcome = try divergence(files, options + ["--json"])
    let pairs = try #require(outcome.json["pairs"] as? [[String: Any]], "\(outcome.errors)")
    let bits = try pairs.map { try #require($0["kl_forward_bits"] as? Double) }
    #expect(bits.count == 2)
    #expect((bits[0] - Self.bits).magnitude < 1e-15)
    #expect((bits[1] - Self.lastBits).magnitude < 1e-15)
    let mean = try #require(outcome.json["mean"] as? [String: Any])["kl_forward_bits"] as? Double
    #expect((try #require(mean) - (Self.bits + Self.lastBits) / 2).magnitude < 1e-15)
    let printed = try divergence(files, options).output
    #expect(printed.contains("2 pairs, 3 outcomes, bits"))
  }

  @Test(arguments: [
    (
      ["a,-1\nb,-3\n", "a,1\n"], [], "first: as logarithms to the base e, 2 and 10 the numbers sum"
    ),
    (["a,-1\nb,0.5\n", "a,1\n"], [], "first:1: -1.0 is not a probability"),
    (["      2 the\n      1 of\n"], [], "first: a list of counts has one distribution"),
    (["0,1,20\n1,2,10\n", "0,1,20\n1,3,10\n"], [], "first: its bins are not those of"),
    (["0,1,20\n1,2,10\n", "a,1\n"], [], "first: its bins are not those of"),
    (["0,1,20\n1,2,10\n"], [], "first:1: bins with one number; name a second file"),
    (["a\t1,234\nb\t1\n", "a,1\n"], [], "first:1: '1,234' is not a number; write decimals"),
    (
      [matrix, matrix], [],
      "first:1: a row is an outcome and its probability; this one has 4 fields; --rows"
    ),
    ([matrix], ["--rows"], "first: rows of one distribution; --against names the row"),
    ([matrix], ["--rows", "--against", "r9"], "first: no distribution 'r9'; there are r1, r2, r3"),
    ([matrix, "x,y\n0.5,0.5\n"], ["--rows"], "second: rows of 2 outcomes, and those of"),
    ([matrix, "x,y,w\n0.5,0.25,0.25\n"], ["--rows"], "second: no column 'z', which"),
    ([matrix, "name,x,y,z\nr1,1,0,0\nr2,1,0,0\n"], ["--rows"], "second: no row 'r3', which"),
    (
      ["a,b\n0.5,0.5\n0.5,0.4\n"], ["--rows", "--against", "1"],
      "first:3: the probabilities sum to 0.9"
    ),
    (
      ["a,b\n0.5,0.5\n0.5\n"], ["--rows", "--against", "1"],
      "first:3: 1 fields where the first row has 2"
    ),
    (
      ["[[0.5, 0.5],\n[1]]"], ["--rows", "--against", "1"],
      "first:2: 1 numbers where the first row has 2"
    ),
  ])
  func `what is no such form is one line that names the row`(
    _ files: [String],
    _ options: [String],
    _ message: String
  ) throws {
    let outcome = try divergence(files, options)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `arrays of NumPy are distributions, or rows of them`() throws {
    let bench = try Workbench()
    func array(_ shape: String, _ halves: [UInt8]) -> [UInt8] {
      let header = "{'descr': '<f2', 'fortran_order': False, 'shape': \(shape), }\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
        + Array(header.utf8) + halves
    }
    // 1/2, 1/4, 1/4 and 1/4, 1/2, 1/4 in 16 bits.
    let (first, second): ([UInt8], [UInt8]) = (
      [0, 0x38, 0, 0x34, 0, 0x34], [0, 0x34, 0, 0x38, 0, 0x34]
    )
    try bench.write(array("(3,)", first), to: "p.npy")
    try bench.write(array("(3,)", second), to: "q.npy")
    try bench.write(array("(2, 3)", first + second), to: "rows.npy")
    let pair = bench.run("divergence", "@p.npy", "@q.npy", "--json")
    let bits = try #require(pair.json["kl_forward_bits"] as? Double, "\(pair.errors)")
    #expect((bits - Self.bits).magnitude < 1e-15)
    let rows = bench.run("divergence", "@rows.npy", "--rows", "--against", "2", "--json")
    let mean = rows.json["mean"] as? [String: Any]
    #expect(mean?["kl_forward_bits"] as? Double == bits, "\(rows.errors)")
    let refused = bench.run("divergence", "@rows.npy", "@q.npy")
    #expect(refused.errors.contains("rows.npy: an array of rows; --rows reads each"))
  }

  @Test func `options for rows do not go with models, or with one pair`() throws {
    for options in [
      ["--against", "1", "--on", "x"], ["--rows", "--on", "x"], ["--rows", "--floor", "0.1"],
      ["--log-base", "3"], ["--log-base", "e", "--on", "x"],
    ] {
      #expect(try divergence(["a,1\n", "a,1\n"], options).code == 64)
    }
    #expect(try divergence(["a,1\n", "a,1\n"], ["--against", "1"]).code == 64)
  }

  @Test(arguments: [
    ("a,1\nb,1.5849625007211562\nc,2.584962500721156\n", true),
    ("a,1.3862943611198906\nb,0.2876820724517809\n", true),
    ("a,0.5\nb,1.2\nc,2.4\n", false),
  ])
  func `surprisals are named, and not divided by their sum`(numbers: String, are: Bool) throws {
    let outcome = try divergence([numbers, Self.natural], [])
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("the numbers are surprisals, -log p") == are)
    #expect(outcome.errors.contains("--normalize") != are)
  }

  @Test func `outcomes without names are not compared with names`() throws {
    let outcome = try divergence([Self.natural, "0.25\n0.5\n0.25\n"], [])
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("second: its outcomes have no names, and those of "))
    // Names that are the numbers of places are matched.
    #expect(try divergence(["1,0.5\n2,0.5\n", "0.25\n0.75\n"], []).code == 0)
  }
}
