/// The gated n-gram model as an input of the mixer: its distribution, summed for each bit.
final class GatedInput {
  let model: GatedNGram
  /// At a node (1...255), the probability of all bytes that begin with its bits; from 256 on, the
  /// probabilities of the bytes.
  let sums = UncheckedBuffer<Float>(zeroed: 512)
  /// One more than the length of the longest known context.
  private(set) var knownOrder = 0
  private var situation = OrderMixture.Situation()
  private let scratch = UncheckedBuffer<Double>(zeroed: 256)

  init(_ model: GatedNGram) { self.model = model }

  /// A position in a text, to go back to.
  final class Mark {
    fileprivate let state: (Int, Int, GateHistory)
    fileprivate let path: UncheckedBuffer<UInt32>

    fileprivate init(
      state: (Int, Int, GateHistory),
      path: consuming UncheckedBuffer<UInt32>
    ) {
      self.state = state
      self.path = path
    }
  }

  /// The present position.
  func mark() -> Mark {
    let path = UncheckedBuffer<UInt32>(zeroed: model.mixture.path.count)
    path.copy(model.mixture.path)
    return Mark(
      state: (model.mixture.knownLength, model.mixture.length, model.mixture.history),
      path: path
    )
  }

  /// Goes back to `mark`; nothing may have been counted since.
  func goBack(to mark: Mark) {
    model.mixture.knownLength = mark.state.0
    model.mixture.length = mark.state.1
    model.mixture.history = mark.state.2
    model.mixture.path.copy(mark.path)
  }

  /// Begins a chunk that trains the frozen gate before its bytes are counted.
  func beginHeldOut() {
    model.mixture.frozenGate.follow(model.mixture.adaptiveGate, since: model.mixture.followedGate)
  }

  /// Predicts the next byte, by the gate for `learns`.
  func predict(learns: Bool) {
    situation = model.mixture.situation(learns: learns)
    knownOrder = situation.known + 1
    model.mixture.fillDistribution(scratch, situation)
    for byte in 0..<256 { sums[256 + byte] = Float(scratch[byte]) }
    // Level by level, eight nodes at a time, down to eight; those before that one by one.
    var node = 31 * 8
    while node > 8 {
      let first = sums.lanes(node << 1)
      let second = sums.lanes(node << 1 + 8)
      sums.setLanes(
        node,
        SIMD8(
          lowHalf: first.evenHalf + first.oddHalf,
          highHalf: second.evenHalf + second.oddHalf
        )
      )
      node -= 8
    }
    node = 15
    while node > 0 {
      sums[node] = sums[node << 1] + sums[node << 1 | 1]
      node -= 1
    }
  }

  /// Moves past `byte`; counts it if it `learns`, or trains the frozen gate on it instead.
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
