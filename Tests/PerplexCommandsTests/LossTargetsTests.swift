import Foundation
import Testing

/// `loss` with weights of classes, several true classes in a row, and labels of another file.
struct LossTargetsTests {
  private func figure(
    _ key: String,
    _ files: [String: String],
    _ options: String...
  ) throws -> Double {
    let bench = try Workbench()
    for (name, text) in files { try bench.write(text, to: name) }
    let outcome = bench.run(["loss", "@rows", "--json"] + options)
    return try #require(outcome.json[key] as? Double, "\(outcome.errors)")
  }

  private static let rows = "label,a,b,c\na,0.7,0.2,0.1\nb,0.25,0.5,0.25\nc,0.1,0.3,0.6\n"

  // MARK: Weights of classes

  @Test(arguments: [
    "class,weight\nc,4\na,0.5\nb,2\n", "0.5\n2\n4\n", "[0.5, 2, 4]",
    "{\"b\": 2, \"a\": 0.5, \"c\": 4}",
  ])
  func `weights of classes are those of PyTorch's mean`(_ weights: String) throws {
    let files = ["rows": Self.rows, "weights": weights]
    let nats = try figure("cross_entropy_nats", files, "--class-weights", "@weights")
    let sum = 0.5 * log(0.7) + 2 * log(0.5) + 4 * log(0.6)
    #expect((nats + sum / 6.5).magnitude < 1e-15)
    // Smoothed, every class has its own weight, and the divisor is the same.
    let spread =
      0.5 * (log(0.7) + log(0.25) + log(0.1)) + 2 * (log(0.2) + log(0.5) + log(0.3))
      + 4 * (log(0.1) + log(0.25) + log(0.6))
    let smoothed = try figure(
      "smoothed_cross_entropy_nats",
      files,
      "--class-weights",
      "@weights",
      "--label-smoothing",
      "0.3"
    )
    #expect((smoothed + (0.7 * sum + 0.1 * spread) / 6.5).magnitude < 1e-15)
    #expect(try figure("accuracy", files, "--class-weights", "@weights") == 1)
  }

  @Test(arguments: [
    ("1\n2\n", "weights: 2 weights for 3 classes; give each class one"),
    ("a,1\nb,2\nx,3\n", "weights:3: the label 'x' is none of the classes a, b, c"),
    ("a,1\nb,2\n2,-3\n", "weights:3: -3.0 is no weight"),
  ])
  func `bad weights of classes are named`(_ weights: String, _ message: String) throws {
    let bench = try Workbench()
    try bench.write(Self.rows, to: "rows")
    try bench.write(weights, to: "weights")
    let outcome = bench.run("loss", "@rows", "--class-weights", "@weights")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  // MARK: Several true classes

  /// Targets 1 1 0, 0 0 0 and 0 1 1; of what is true, 0.75 and 0.5, and 0.6 of the rest.
  private static let several = [
    "target_a,target_b,target_c,a,b,c\n1,1,0,0.75,0.5,0.4\n0,0,0,0.4,0.4,0.4\n0,1,1,0.4,0.75,0.5\n",
    "a,b,c,a_prob,b_prob,c_prob\n1,1,0,0.75,0.5,0.4\n0,0,0,0.4,0.4,0.4\n0,1,1,0.4,0.75,0.5\n",
    "id,is_a,is_b,is_c,p_a,p_b,p_c\n7,True,True,False,0.75,0.5,0.4\n"
      + "8,False,False,False,0.4,0.4,0.4\n9,False,True,True,0.4,0.75,0.5\n",
    """
    {"labels": [1, 1, 0], "probabilities": [0.75, 0.5, 0.4]}
    {"labels": [0, 0, 0], "probabilities": [0.4, 0.4, 0.4]}
    {"labels": [0, 1, 1], "probabilities": [0.4, 0.75, 0.5]}

    """,
    """
    [{"target": {"a": 1, "b": 1, "c": 0}, "probabilities": {"a": 0.75, "b": 0.5, "c": 0.4}},
     {"target": {"a": 0, "b": 0, "c": 0}, "probabilities": {"a": 0.4, "b": 0.4, "c": 0.4}},
     {"target": {"a": 0, "b": 1, "c": 1}, "probabilities": {"a": 0.4, "b": 0.75, "c": 0.5}}]
    """,
  ]

  @Test(arguments: several)
  func `classes that may be true together are predictions by themselves`(_ text: String) throws {
    let files = ["rows": text]
    let sum = -(2 * log(0.75) + 2 * log(0.5) + 5 * log(0.6))
    #expect((try figure("cross_entropy_nats", files) - sum / 9).magnitude < 1e-15)
    #expect((try figure("cross_entropy_sum_nats", files) - sum / 3).magnitude < 1e-14)
    // In the second row all is right; 0.5 is no more than half.
    #expect(try figure("exact_match", files) == 1.0 / 3)
    #expect((try figure("accuracy", files) - 7.0 / 9).magnitude < 1e-15)
  }

  @Test func `logits with one true class in a row are softmax, unless each is by itself`() throws {
    let text = "target_a,target_b,logit_a,logit_b\n1,0,1,-1\n0,1,0.5,2\n"
    let softmax = (log1p(exp(-2)) + log1p(exp(-1.5))) / 2
    let alone = (log1p(exp(-1)) + log1p(exp(-1)) + log1p(exp(0.5)) + log1p(exp(-2))) / 4
    #expect((try figure("cross_entropy_nats", ["rows": text]) - softmax).magnitude < 1e-15)
    let nats = try figure("cross_entropy_nats", ["rows": text], "--multi-label")
    #expect((nats - alone).magnitude < 1e-15)
  }

  @Test func `each class has its own figures, and the costliest are named`() throws {
    let bench = try Workbench()
    try bench.write(Self.several[0], to: "rows")
    let json = bench.run("loss", "@rows", "--json").json
    let classes = try #require(json["classes"] as? [[String: Any]])
    #expect(classes.map { $0["class"] as? String } == ["a", "b", "c"])
    #expect(classes.map { $0["rows"] as? Int } == [1, 2, 1])
    let nats = try #require(classes[1]["cross_entropy_nats"] as? Double)
    #expect((nats + (log(0.5) + log(0.6) + log(0.75)) / 3).magnitude < 1e-15)
    let costliest = try #require(json["costliest"] as? [[String: Any]])
    #expect(costliest.prefix(2).map { $0["line"] as? Int } == [2, 4])
    #expect(costliest.prefix(3).map { $0["label"] as? String } == ["b", "c", "not c"])
    #expect(bench.run("loss", "@rows").output.contains("exact match"))
  }

  // MARK: Labels of another file

  private static let named = "name,a,b,c\nx,0.7,0.2,0.1\ny,0.25,0.5,0.25\nz,0.1,0.3,0.6\n"

  @Test(arguments: [
    ("name,label\nz,c\nx,a\ny,b\n", ["--id", "name"]),
    ("name;species;name2\nz;c;1\nx;a;2\ny;b;3\n", ["--id", "name", "--label", "species"]),
    (
      "{\"name\": \"y\", \"y\": 1}\n{\"name\": \"z\", \"y\": 2}\n{\"name\": \"x\", \"y\": 0}\n",
      ["--id", "name"]
    ),
    (
      "[{\"label\": \"c\", \"name\": \"z\"}, {\"label\": \"a\", \"name\": \"x\"},\n{\"label\": \"b\", \"name\": \"y\"}]",
      ["--id", "name"]
    ),
    ("a\nb\nc\n", ["--classes", "a", "b", "c"]),
    ("label\n0\n1\n2\n", ["--classes", "a", "b", "c"]),
    ("[0, 1, 2]", ["--classes", "a", "b", "c"]),
  ])
  func `labels of another file are joined by name, or by order`(
    _ labels: String,
    _ options: [String]
  ) throws {
    let bench = try Workbench()
    try bench.write(Self.named, to: "rows")
    try bench.write(labels, to: "labels")
    let outcome = bench.run(["loss", "@rows", "--labels", "@labels", "--json"] + options)
    let nats = try #require(outcome.json["cross_entropy_nats"] as? Double, "\(outcome.errors)")
    #expect((nats + (log(0.7) + log(0.5) + log(0.6)) / 3).magnitude < 1e-15)
  }

  @Test(arguments: [
    ("name,label\nz,c\nx,a\n", ["--id", "name"], "rows:3: 'y' has no label in labels"),
    ("name,label\nx,a\nx,b\n", ["--id", "name"], "labels:3: 'x' has a label already"),
    ("id,label\nx,a\n", ["--id", "name"], "labels:1: no column 'name'; the header has id, label"),
    (
      "id,label\nx,a\n", ["--id", "id"],
      "rows:1: no column 'id' in the header; it has name, a, b, c"
    ),
    ("id,label\nx,a\n", [], "labels:1: 2 columns; --id names the one that the predictions have"),
    ("a\nb\n", [], "rows:4: there are 2 labels in labels, and more rows of predictions"),
    ("a\nb\nc\na\n", [], "rows: 1 more labels in labels than rows; --id joins by names"),
    (
      "name,label\nx,a\ny,b\nz,q\n", ["--id", "name"],
      "rows:4: the label 'q' is none of the classes"
    ),
  ])
  func `labels that do not fit are named`(
    _ labels: String,
    _ options: [String],
    _ message: String
  ) throws {
    let bench = try Workbench()
    try bench.write(Self.named, to: "rows")
    try bench.write(labels, to: "labels")
    let outcome = bench.run(["loss", "@rows", "--labels", "@labels"] + options)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func `labels that no row has are counted`() throws {
    let bench = try Workbench()
    try bench.write(Self.named, to: "rows")
    try bench.write("name,label\nz,c\nx,a\ny,b\nw,a\nv,a\n", to: "labels")
    let outcome = bench.run("loss", "@rows", "--labels", "@labels", "--id", "name", "--json")
    #expect(outcome.json["unused_labels"] as? Int == 2, "\(outcome.errors)")
    #expect(bench.run("loss", "@rows", "--id", "name").code == 64)
  }

  // MARK: Arrays

  /// An array as `numpy.save` writes it.
  private func array(
    _ type: String,
    _ shape: String,
    _ bytes: [UInt8],
    version: UInt8 = 1,
    columnsFirst: Bool = false
  ) -> [UInt8] {
    var header = "{'descr': '\(type)', 'fortran_order': \(columnsFirst ? "True" : "False"), "
    header += "'shape': \(shape), }\n"
    let length = UInt8(header.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [version, 0]
      + (version == 1 ? [length, 0] : [length, 0, 0, 0]) + Array(header.utf8) + bytes
  }

  private func bytes(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
  }

  @Test func `arrays of NumPy give what their numbers give`() throws {
    let bench = try Workbench()
    let rows = [0.75, 0.25, 0.5, 0.5, 0.125, 0.875]
    let wanted = -(log(0.75) + log(0.5) + log(0.875)) / 3
    let columns = [0.75, 0.5, 0.125, 0.25, 0.5, 0.875]
    // 0.75, 0.25, 0.5, 0.5, 0.125 and 0.875 in 16 bits.
    let halves: [UInt8] = [0, 0x3a, 0, 0x34, 0, 0x38, 0, 0x38, 0, 0x30, 0, 0x3b]
    let swapped = rows.flatMap { bytes([$0]).reversed() }
    for (index, predictions) in [
      array("<f8", "(3, 2)", bytes(rows)),
      array("<f8", "(3, 2)", bytes(columns), version: 2, columnsFirst: true),
      array("<f2", "(3, 2)", halves, version: 3),
      array(">f8", "(3, 2)", swapped),
    ].enumerated() {
      try bench.write(predictions, to: "p.npy")
      try bench.write(
        index % 2 == 0
          ? array("|u1", "(3,)", [0, 0, 1]) : array(">i2", "(3, 1)", [0, 0, 0, 0, 0, 1]),
        to: "y.npy"
      )
      let outcome = bench.run("loss", "@p.npy", "--labels", "@y.npy", "--json")
      let nats = try #require(outcome.json["cross_entropy_nats"] as? Double, "\(outcome.errors)")
      #expect((nats - wanted).magnitude < 1e-15)
    }
    try bench.write(array("<f8", "(2,)", bytes([2, 0.5])), to: "w.npy")
    let weighted = bench.run(
      "loss",
      "@p.npy",
      "--labels",
      "@y.npy",
      "--class-weights",
      "@w.npy",
      "--json"
    )
    let weightedNats = try #require(weighted.json["cross_entropy_nats"] as? Double)
    #expect(
      (weightedNats + (2 * log(0.75) + 2 * log(0.5) + 0.5 * log(0.875)) / 4.5).magnitude < 1e-15
    )
    try bench.write(array("|b1", "(3, 2)", [1, 1, 0, 0, 0, 1]), to: "t.npy")
    let several = bench.run("loss", "@p.npy", "--labels", "@t.npy", "--json")
    let sum = log(0.75) + log(0.25) + log(0.5) + log(0.5) + log(0.875) + log(0.875)
    let unnamed = bench.run("loss", "@p.npy", "--labels", "@t.npy", "--weight", "w")
    #expect(unnamed.errors.contains("an array has no names of columns; leave out --classes"))
    let nats = try #require(several.json["cross_entropy_nats"] as? Double, "\(several.errors)")
    #expect((nats + sum / 6).magnitude < 1e-15)
  }

  @Test func `arrays that cannot be read are named`() throws {
    let bench = try Workbench()
    try bench.write(array("|u1", "(2,)", [0, 1]), to: "y.npy")
    for (predictions, message) in [
      (
        array("<f8", "(3, 2)", bytes([0.5])),
        "p.npy: 8 bytes of numbers, and the shape (3, 2) needs 48"
      ),
      (
        array("<f8", "(4611686018427387904, 8)", []),
        "p.npy: 0 bytes of numbers, and the shape (4611686018427387904, 8) needs more"
      ),
      (array("<U5", "(1,)", []), "p.npy: an array of '<U5'; convert it"),
      (array("<f8", "(1, 1, 1)", bytes([1])), "p.npy: an array of the shape (1, 1, 1)"),
      (array("<f8", "()", bytes([1])), "p.npy: an array of the shape ()"),
      (Array(array("<f8", "(1,)", []).prefix(20)), "p.npy: the header of the array is cut off"),
      ([0x93] + Array("NUMPY".utf8) + [9, 0, 1, 0, 32], "p.npy: version 9 of .npy is not known"),
      (array("<f8", "(1,)", bytes([0.5])), "p.npy: 1 more labels in y.npy than rows"),
      (array("<f8", "(2,)", bytes([0.5, 1.5])), "p.npy: row 2: 1.5 is not a probability"),
    ] {
      try bench.write(predictions, to: "p.npy")
      let outcome = bench.run("loss", "@p.npy", "--labels", "@y.npy")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
    try bench.write(array("<f8", "(2,)", bytes([0.5, 0.5])), to: "p.npy")
    #expect(bench.run("loss", "@p.npy").errors.contains("--labels names the file of the labels"))
  }
}
