extension MixingReader {
  /// The probabilities of all bytes: a walk through the 255 decisions, which changes nothing.
  func distribution(
    _ set: MixingSet,
    _ model: ContextMixer,
    into probabilities: inout MutableSpan<Double>
  ) {
    beginByte(set, model)
    var nodes = [Double](repeating: 1, count: 512)
    for depth in 0..<8 {
      for node in (1 << depth)..<(2 << depth) {
        if depth == 4 { beginLower(model.contexts, upper: node) }
        if depth > 4 { continue }
        fillNodes(node, depth, set, &nodes)
      }
    }
    for byte in 0..<256 { probabilities[byte] = nodes[256 + byte] }
  }

  /// Splits the probability of `node` into those of the two after it, and from the middle of the
  /// byte on all that follow.
  private func fillNodes(_ node: Int, _ depth: Int, _ set: MixingSet, _ nodes: inout [Double]) {
    let ofOne = Double(predict(BitPlace(node: node, bitIndex: depth), set)) * 0x1p-32
    nodes[node << 1] = nodes[node] * (1 - ofOne)
    nodes[node << 1 | 1] = nodes[node] * ofOne
    guard 4..<7 ~= depth else { return }
    fillNodes(node << 1, depth + 1, set, &nodes)
    fillNodes(node << 1 | 1, depth + 1, set, &nodes)
  }
}
