/// The gated n-gram model as an input of the mixer: its distribution, summed up for each bit.
final class GatedInput {
  let model: GatedNGram
  /// The probability of all bytes that begin with the bits of a node (1...255); those of bytes
  /// from 256 on.
  let sums = AlignedMemory<Float>(zeroed: 512)
  /// One more than the length of the longest known context.
  private(set) var knownOrder = 0
  private var situation = OrderMixture.Situation()
  private let scratch = Table<Double>(repeating: 0, count: 256)

  init(_ model: GatedNGram) { self.model = model }

  /// A place in a text, to go back to.
  final class Mark {
    fileprivate let place: (Int, Int, GateHistory)
    fileprivate let path: Table<UInt32>

    fileprivate init(place: (Int, Int, GateHistory), path: consuming Table<UInt32>) {
      self.place = place
      self.path = path
    }
  }

  func mark() -> Mark {
    let path = Table<UInt32>(repeating: 0, count: model.mixture.path.count)
    path.copy(model.mixture.path)
    return Mark(
      place: (
        model.mixture.knownLength, model.mixture.length, model.mixture.history
      ),
      path: path
    )
  }

  func goBack(to mark: Mark) {
    model.mixture.knownLength = mark.place.0
    model.mixture.length = mark.place.1
    model.mixture.history = mark.place.2
    model.mixture.path.copy(mark.path)
  }

  /// Begins a block that the frozen gate is trained on before its bytes are counted.
  func beginHeldOut() {
    model.mixture.frozenGate.follow(model.mixture.adaptiveGate, since: model.mixture.followedGate)
  }

  /// Predicts the next byte, by the gate for `learns`.
  func predict(learns: Bool) {
    situation = model.mixture.situation(learns: learns)
    knownOrder = situation.known + 1
    model.mixture.fillDistribution(scratch, situation)
    let sums = sums.base
    for byte in 0..<256 { sums[256 + byte] = Float(scratch[byte]) }
    // Level by level, eight nodes at a time, down to eight; those before that one by one.
    let vectors = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD8<Float>.self)
    var place = 31
    while place > 1 {
      let first = vectors[place << 1]
      let second = vectors[place << 1 | 1]
      vectors[place] = SIMD8(
        lowHalf: first.evenHalf + first.oddHalf,
        highHalf: second.evenHalf + second.oddHalf
      )
      place -= 1
    }
    var node = 15
    while node > 0 {
      sums[node] = sums[node << 1] + sums[node << 1 | 1]
      node -= 1
    }
  }

  /// Moves past `byte`: counts it if it `learns`; trains the frozen gate if that is held out.
  func advance(_ byte: UInt8, learns: Bool, trainsFrozenGate: Bool) {
    if trainsFrozenGate {
      model.mixture.train(
        model.mixture.frozenGate,
        byte,
        model.mixture.probability(byte, situation),
        situation
      )
      model.mixture.move(byte, situation)
    } else {
      model.mixture.advance(byte, situation, learns: learns)
    }
  }
}
