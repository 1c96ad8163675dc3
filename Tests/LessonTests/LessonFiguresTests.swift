import Foundation
import InformationTheory
import LanguageModels
import Perplexity
import Testing

@testable import Lesson

@Suite("lesson: its figures") struct LessonFiguresTests {
  @Test func `coins have the entropy of their distributions`() throws {
    let coin = try LessonCoin()
    for step in 0...200 {
      let truth = try Distribution([Double(step) / 200, 1 - Double(step) / 200])
      #expect(coin.entropyBits[step] == truth.entropyBits)
      #expect(coin.perplexities[step] == truth.perplexity)
      // Whoever knows the coin pays its entropy, all others more.
      for bet in coin.crossEntropyBits { #expect(bet[step] >= coin.entropyBits[step] - 1e-12) }
    }
    for bet in 0...20 {
      #expect(coin.crossEntropyBits[bet][bet * 10] == coin.entropyBits[bet * 10])
    }
    #expect(coin.entropyBits[100] == 1 && coin.entropyBits[0] == 0 && coin.entropyBits[200] == 0)
    #expect(coin.crossEntropyBits[0][1] == .infinity)
  }

  @Test func `terms add up to cross-entropy and divergence`() throws {
    let terms = LessonTerms()
    let steps = (0...20).flatMap { a in (0...(20 - a)).map { [a, $0, 20 - a - $0] } }
    #expect(steps.count == 231)
    for p in steps.enumerated().filter({ $0.offset % 7 == 0 }).map(\.element) {
      for q in steps {
        let truth = try Distribution(p.map { Double($0) / 20 })
        let model = try Distribution(q.map { Double($0) / 20 })
        let cross = zip(p, q).reduce(0) { $0 + terms.information[$1.0][$1.1] }
        let divergence = zip(p, q).reduce(0) { $0 + terms.divergence[$1.0][$1.1] }
        let expected = truth.crossEntropyBits(predictedBy: model)
        let lost = truth.divergenceBits(from: model)
        #expect(cross == expected || abs(cross - expected) < 1e-12, "\(p) \(q)")
        #expect(divergence == lost || abs(divergence - lost) < 1e-12, "\(p) \(q)")
      }
    }
  }

  @Test func `losses are those of the library, and 0.51 and 0.99 are both right`() {
    let losses = LessonLosses()
    for (index, row) in losses.rows.enumerated() {
      let probability = Double(index + 1) / 100
      #expect(row.probability == probability)
      #expect(
        row.crossEntropyNats == CrossEntropyLoss.binaryNats(label: 1, probability: probability)
      )
      #expect(abs(row.crossEntropyNats * bitsPerNat - row.crossEntropyBits) < 1e-12)
      #expect(abs(row.squaredError - (1 - probability) * (1 - probability)) < 1e-12)
      #expect(abs(row.crossEntropyGradient - (probability - 1)) < 1e-12)
      // A small step of the logit changes the loss by its gradient.
      let logit = log(probability / (1 - probability))
      let slope =
        (squaredError(logit: logit + 1e-5) - squaredError(logit: logit - 1e-5)) / 2e-5
      #expect(abs(row.squaredErrorGradient - slope) < 1e-7)
    }
    #expect(losses.row(51).accuracy == 1 && losses.row(99).accuracy == 1)
    #expect(losses.row(49).accuracy == 0)
    #expect(losses.row(51).crossEntropyBits > 60 * losses.row(99).crossEntropyBits)
  }

  private func squaredError(logit: Double) -> Double {
    SquaredErrorLoss.value(target: [0, 1], logits: [0, logit])
  }

  @Test func `the code is as long as the bits of its characters, and gives the passage`() throws {
    let code = try LessonSample.figures().code
    #expect(code.decoded == code.passage)
    #expect(code.characters.map(\.text).joined() == code.passage)
    let bits = code.characters.reduce(0) { $0 + $1.bits }
    #expect(abs(bits - code.surprisalBits - code.spellingBits) < 1e-6)
    #expect(abs(try #require(code.characters.last).bitsSoFar - bits) < 1e-9)
    let bytes = Int((bits / 8).rounded(.up))
    #expect((bytes...bytes + 1).contains(code.code.count))
    #expect(code.spellingBits > 0)
    #expect(code.characters.contains { $0.isUnknown && $0.text == "~" })
  }

  @Test func `longer n-grams know their own lines better and better`() throws {
    let rows = try LessonSample.figures().orders.rows
    #expect(rows.map(\.order) == Array(1...7))
    for (shorter, longer) in zip(rows, rows.dropFirst()) {
      #expect(
        longer.unsmoothedOnTraining.crossEntropyBits
          <= shorter.unsmoothedOnTraining.crossEntropyBits + 1e-6
      )
    }
    #expect(rows.allSatisfy { $0.unsmoothed.crossEntropyBits == .infinity })
    #expect(rows.allSatisfy { $0.smoothed.crossEntropyBits.isFinite })
    #expect(rows.map(\.samples.count) == [9, 9, 9, 9, 9, 0, 0])
  }
}

@Suite("lesson: exercises") struct LessonExerciseTests {
  private func exercises() throws -> [LessonExercise] { try LessonSample.figures().exercises }

  @Test func `answers are those found by hand`() throws {
    // 0.9 log2(10/9) + 0.1 log2 10; 2/3 2/3 1/2 1/2; its fourth root; (0.91^9 0.01)^(-1/10);
    // 2^(56/16); 1 - H(3/4); 1/0; 2^4.257.
    let answers = [
      0.468996, 1.0 / 9, pow(9, 0.25), pow(pow(0.91, 9) * 0.01, -0.1), pow(2, 3.5), 0.188722,
      .infinity, pow(2, 4.257),
    ]
    let exercises = try exercises()
    #expect(exercises.count == 8)
    for (exercise, answer) in zip(exercises, answers) {
      #expect(
        exercise.answer == answer || abs(exercise.answer - answer) < 1e-6,
        "\(exercise.title)"
      )
      #expect(exercise.solution.contains(LessonExercise.number(exercise.answer)))
    }
    #expect(LessonExercise.number(exercises[3].answer) == "1.725")
    #expect(exercises[7].mistakes.contains { abs($0.value - 70.61) < 0.05 })
  }

  @Test func `no mistake is near the answer or near another mistake`() throws {
    for exercise in try exercises() {
      let values = [exercise.answer] + exercise.mistakes.map(\.value)
      #expect(exercise.mistakes.count >= 3)
      for (index, value) in values.enumerated() {
        for other in values[..<index] where other.isFinite {
          #expect(
            abs(value - other) > 2 * LessonExercise.tolerance * max(value, other),
            "\(exercise.title): \(value), \(other)"
          )
        }
      }
    }
  }
}
