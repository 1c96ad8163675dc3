import InformationTheory
import TestSupport
import Testing

@testable import BytePrediction

@Suite struct GatedMemoryTests {
  static func trained(_ order: Int, limit: Int = 1 << 30) -> GatedNGram {
    let model = GatedNGram(order: order, memoryByteCount: limit)
    model.train((sentences(100) + randomBytes(1000)).span)
    model.finishTraining()
    return model
  }

  @Test(arguments: isWantedSlow ? [1, 2, 5, 10, 16] : [1, 5, 16])
  func `written and read again, a model says the same, frozen and learning`(order: Int) throws {
    let model = Self.trained(order)
    let again = try GatedNGram.reading(model.memoryImage(), model.parameters)
    #expect(again.parameters == model.parameters)
    let test = sentences(40, seed: 9) + randomBytes(500, seed: 9)
    model.beginText()
    #expect(again.learns == false)
    #expect(again.surprisals(test) == model.surprisals(test))
    (model.learns, again.learns) = (true, true)
    #expect(again.surprisals(test) == model.surprisals(test))
    #expect(again.memoryImage() == model.memoryImage())
    model.mixture.tree.checkInvariants()
    again.mixture.tree.checkInvariants()
  }

  @Test func `a model that learned nothing can be written and read`() throws {
    let model = GatedNGram(order: 3)
    let again = try GatedNGram.reading(model.memoryImage(), model.parameters)
    again.learns = true
    _ = again.surprisals(sentences(3))
    #expect(abs(again.probabilities().reduce(0, +) - 1) < 1e-12)
  }

  @Test func `when the memory is full, nothing is added, and what is there goes on counting`()
    throws
  {
    let limit = 3 << 20
    let model = GatedNGram(order: 8, memoryByteCount: limit)
    _ = model.surprisals(sentences(30))
    model.beginText()
    _ = model.surprisals(Array("the rain".utf8))
    let before = model.explanation(of: 32).orders[1].total
    _ = model.surprisals(randomBytes(60_000))
    #expect(model.isFull)
    #expect(model.memoryByteCount <= limit)
    model.mixture.tree.checkInvariants()
    let contexts = model.parameters["contexts"]
    let entries = model.parameters["entries"]
    let again = try GatedNGram.reading(model.memoryImage(), model.parameters)
    again.learns = true
    again.beginText()
    for model in [model, again] {
      for part in 0..<(isWantedSlow ? 20 : 5) {
        model.beginText()
        _ = model.surprisals(Array("the rain and more".utf8) + randomBytes(500, seed: UInt64(part)))
      }
      #expect(model.parameters["contexts"] == contexts)
      #expect(model.parameters["entries"] == entries)
      model.beginText()
      _ = model.surprisals(Array("the rain".utf8))
      #expect(model.explanation(of: 32).orders.reduce(0) { $0 + $1.total } > before)
      #expect(abs(model.probabilities().reduce(0, +) - 1) < 1e-12)
      model.mixture.tree.checkInvariants()
    }
    #expect(again.probabilities() == model.probabilities())
  }

  @Test(arguments: 0..<(isWantedSlow ? 8 : 5))
  func `damaged memory is refused or harmless, and never read out of bounds`(seed: Int) {
    var numbers = SplitMix64(seed: UInt64(seed))
    let order = 1 + seed % 5
    let model = GatedNGram(order: order)
    model.train(sentences(60).span)
    model.finishTraining()
    let image = model.memoryImage()
    // Contexts and entries come first, then gates, whose every value in range is as good.
    let end = min(image.count, 1 << 16)
    for _ in 0..<(isWantedSlow ? 12 : 6) {
      var damaged = image
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let place = Int.random(in: 0..<end, using: &numbers) & ~Int(numbers.next() & 3)
        damaged[place] = UInt8(truncatingIfNeeded: numbers.next())
      }
      guard let read = try? GatedNGram.reading(damaged, model.parameters) else { continue }
      read.mixture.tree.checkInvariants()
      _ = read.surprisals(sentences(5, seed: 10))
      read.learns = true
      _ = read.surprisals(sentences(10, seed: 11) + randomBytes(200))
    }
    for name in model.parameters.keys {
      var parameters = model.parameters
      for value in [-1, 0, 1, 17, 1000, 1 << 33, .max] {
        parameters[name] = value
        guard let read = try? GatedNGram.reading(image, parameters) else { continue }
        _ = read.surprisals(sentences(1))
      }
      parameters[name] = nil
      #expect(throws: PredictorError.self) { try GatedNGram.reading(image, parameters) }
    }
  }

  @Test func `memory that ends too early is refused`() {
    let model = Self.trained(3)
    let image = model.memoryImage()
    for part in 0..<8 {
      #expect(throws: PredictorError.self) {
        try GatedNGram.reading(Array(image[..<(image.count / 8 * part)]), model.parameters)
      }
    }
  }
}
