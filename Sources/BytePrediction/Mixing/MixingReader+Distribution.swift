extension MixingReader {
  /// The probabilities of all bytes, by the 255 decisions; reads nothing.
  func distribution(
    _ set: MixingSet,
    _ model: ContextMixer,
    into probabilities: inout MutableSpan<Double>
  ) {
    beginByte(set, model)
    var nodes = [Double](repeating: 1, count: 512)
    var masses = nodes
    for depth in 0..<8 {
      for node in (1 << depth)..<(2 << depth) {
        if depth == 4 { beginLower(model.contexts, upper: node) }
        if depth > 4 { continue }
        fillNodes(node, depth, set, &nodes, &masses)
      }
    }
    for byte in 0..<256 { probabilities[byte] = nodes[256 + byte] }
  }

  /// Splits the probability of `node` into those of the two nodes after it, and from the middle of
  /// the byte on goes on with those.
  ///
  /// `masses` are the probabilities that the mixer alone gives to the nodes.
  private func fillNodes(
    _ node: Int,
    _ depth: Int,
    _ set: MixingSet,
    _ nodes: inout [Double],
    _ masses: inout [Double]
  ) {
    let ofOne = predict(BitPosition(node: node, bitIndex: depth), set)
    let blended = blend(ofOne, node, mixerMass: masses[node])
    for bit: UInt32 in 0...1 {
      let next = node << 1 | Int(bit)
      masses[next] = masses[node] * Self.mass(ofOne, bit)
      nodes[next] = nodes[node] * Self.mass(blended, bit)
    }
    guard 4..<7 ~= depth else { return }
    fillNodes(node << 1, depth + 1, set, &nodes, &masses)
    fillNodes(node << 1 | 1, depth + 1, set, &nodes, &masses)
  }
}
