import Foundation
import InformationTheory
import Testing

struct DistillationTallyTests {
  private struct Row {
    var label: Int
    var teacher: [Double]
    var student: [Double]
  }

  private static let rows: [Row] = {
    var random = SplitMix64(seed: 11)
    return (0..<300).map { _ in
      func logits() -> [Double] { (0..<4).map { _ in Double.random(in: -6...6, using: &random) } }
      return Row(label: Int.random(in: 0..<4, using: &random), teacher: logits(), student: logits())
    }
  }()

  private func tally(_ rows: Range<Int>, temperature: Double) -> DistillationTally {
    var tally = DistillationTally(classCount: 4, temperature: temperature)
    for index in rows {
      let row = Self.rows[index]
      let (teacher, student) = (row.teacher, row.student)
      tally.add(teacher: teacher.span, student: student.span, label: row.label, row: index)
    }
    return tally
  }

  private func isClose(_ first: Double, _ second: Double) -> Bool {
    (first - second).magnitude <= 1e-13 * max(1, second.magnitude)
  }

  @Test(arguments: [0.5, 1, 2, 20])
  func `figures are those of the single rows`(_ temperature: Double) {
    let summary = tally(0..<300, temperature: temperature).summary
    let losses = Self.rows.map {
      DistillationLoss.nats(teacher: $0.teacher, student: $0.student, temperature: temperature)
    }
    #expect(isClose(summary.lossNats, losses.reduce(0, +) / 300))
    #expect(isClose(summary.divergenceNats * temperature * temperature, summary.lossNats))
    #expect(isClose(summary.lossBits * log(2), summary.lossNats))
    let norms = Self.rows.map { row in
      DistillationLoss.gradient(
        teacher: row.teacher,
        student: row.student,
        temperature: temperature
      ).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    #expect(isClose(summary.gradientNorm, norms.reduce(0, +) / 300))
    for label in 0..<4 {
      let ofClass = zip(Self.rows, losses).filter { $0.0.label == label }.map(\.1)
      let mean = ofClass.reduce(0, +) / Double(ofClass.count)
      #expect(isClose(summary.classLossNats[label], mean))
    }
    let agreeing = Self.rows.filter { row in
      row.teacher.firstIndex(of: row.teacher.max() ?? 0)
        == row.student.firstIndex(of: row.student.max() ?? 0)
    }
    #expect(summary.agreement == Double(agreeing.count) / 300)
    #expect(summary.infiniteRows == 0 && summary.firstInfiniteRow == nil)
  }

  @Test func `at temperature 1 it is cross-entropy less the teacher's entropy`() {
    let summary = tally(0..<300, temperature: 1).summary
    let crossEntropies = Self.rows.map {
      CrossEntropyLoss.nats(target: Logits.softmax($0.teacher), logits: $0.student)
    }
    let mean = crossEntropies.reduce(0, +) / 300
    #expect(isClose(summary.divergenceNats + summary.teacherEntropyNats, mean))
  }

  @Test(arguments: [0.01, 1, 3, 1000])
  func `a student that is its teacher loses nothing`(_ temperature: Double) {
    var tally = DistillationTally(classCount: 4, temperature: temperature)
    for row in Self.rows {
      let logits = row.teacher
      tally.add(teacher: logits.span, student: logits.span, label: 0, row: 0)
    }
    #expect(tally.summary.lossNats == 0)
    #expect(tally.summary.gradientNorm == 0)
    #expect(tally.summary.agreement == 1)
  }

  @Test(arguments: [0, 1, 150, 300])
  func `tallies of two parts make that of the whole`(_ cut: Int) {
    var merged = tally(0..<cut, temperature: 3)
    merged.merge(tally(cut..<300, temperature: 3))
    let (parts, whole) = (merged.summary, tally(0..<300, temperature: 3).summary)
    #expect(isClose(parts.lossNats, whole.lossNats))
    #expect(isClose(parts.gradientNorm, whole.gradientNorm))
    #expect(isClose(parts.teacherEntropyNats, whole.teacherEntropyNats))
    #expect(parts.agreement == whole.agreement)
    for (part, whole) in zip(parts.classLossNats, whole.classLossNats) {
      #expect(isClose(part, whole))
    }
  }

  @Test(arguments: [1.0, 2.5])
  func `probabilities, logits and the label 1 alone give one loss`(_ temperature: Double) {
    var tallies = (0..<4).map { _ in DistillationTally(classCount: 2, temperature: temperature) }
    for (teacher, student) in [(0.5, 0.25), (0.9, 0.001), (1, 0.75), (0, 0.3)] {
      let (teachers, students) = ([1 - teacher, teacher], [1 - student, student])
      let (teacherLogits, studentLogits) = (teachers.map { log($0) }, students.map { log($0) })
      tallies[0].add(
        teacherProbabilities: teachers.span,
        studentProbabilities: students.span,
        label: 1,
        row: 1
      )
      tallies[1].add(teacher: teacherLogits.span, student: studentLogits.span, label: 1, row: 1)
      tallies[2].add(
        teacherPositiveProbability: teacher,
        studentPositiveProbability: student,
        label: 1,
        row: 1
      )
      tallies[3].add(
        teacherPositiveLogit: teacherLogits[1] - teacherLogits[0],
        studentPositiveLogit: studentLogits[1] - studentLogits[0],
        label: 1,
        row: 1
      )
    }
    let first = tallies[0].summary
    #expect(first.lossNats.isFinite)
    for summary in tallies.map(\.summary) {
      #expect(isClose(summary.lossNats, first.lossNats))
      #expect(isClose(summary.gradientNorm, first.gradientNorm))
      #expect(isClose(summary.teacherEntropyNats, first.teacherEntropyNats))
    }
  }

  @Test func `what the teacher holds possible and the student not is infinite and named`() {
    var tally = DistillationTally(classCount: 2, temperature: 2)
    let even = [0.0, 0]
    let sure = [0.0, -.infinity]
    let faint = [0.0, -1e5]
    tally.add(teacher: sure.span, student: even.span, label: 0, row: 7)
    #expect(tally.summary.divergenceNats == log(2))
    tally.add(teacher: even.span, student: sure.span, label: 1, row: 8)
    // The share is too small for a number, which is not nothing.
    tally.add(teacher: faint.span, student: sure.span, label: 1, row: 9)
    let summary = tally.summary
    #expect(summary.lossNats == .infinity && summary.lossBits == .infinity)
    #expect(summary.infiniteRows == 2)
    #expect(summary.firstInfiniteRow == 8)
    #expect(summary.classLossNats == [4 * log(2), .infinity])
    #expect(summary.gradientNorm.isFinite)
    let loss = DistillationLoss.nats(teacher: faint, student: sure, temperature: 2)
    #expect(loss == .infinity)
  }

  @Test func `logits too large for a power of e are no trouble`() {
    var tally = DistillationTally(classCount: 2, temperature: 0.5)
    let (teacher, student) = ([1e300, -1e300], [-1e200, 1e200])
    tally.add(teacher: teacher.span, student: student.span, label: 0, row: 1)
    // The loss is T² times the difference of the student's logits divided by T.
    #expect(isClose(tally.summary.lossNats / 1e200, 1))
  }
}
