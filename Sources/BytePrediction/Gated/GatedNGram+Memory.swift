extension GatedNGram {
  /// The numbers that determine the size of the memory and the predictions.
  public var parameters: [String: Int] {
    [
      "order": order,
      "memory": memoryLimitByteCount,
      "contexts": mixture.tree.contextCount,
      "entries": mixture.tree.entryCount,
      "learned": mixture.learnedCount,
      "full": isFull ? 1 : 0,
    ]
  }

  /// Shows the memory to `write`, table by table, in the order in which the initializer takes them.
  ///
  /// The tables are those in use: contexts, entries and gates. Like the end of training, this
  /// updates the frozen gate and the discounts.
  public func writeMemory(_ write: (RawSpan) throws -> Void) rethrows {
    learnChunk()
    settle()
    try mixture.tree.write(write)
    try mixture.adaptiveGate.rows.withBytes(write)
    try mixture.adaptiveGate.odds.withBytes(write)
    try mixture.frozenGate.rows.withBytes(write)
    try mixture.frozenGate.odds.withBytes(write)
  }

  /// The model with the memory that ``writeMemory(_:)`` wrote under these ``parameters``; it does
  /// not learn until ``learns`` is set.
  ///
  /// - Throws: ``PredictorError`` if the two make no sense. All numbers of the memory are
  ///   checked, so no access goes out of bounds.
  /// - Complexity: O(the number of contexts and entries).
  public convenience init(
    parameters: [String: Int],
    memory: inout PredictorMemory
  ) throws(PredictorError) {
    guard let order = parameters["order"], Self.orders.contains(order) else {
      throw PredictorError("order")
    }
    guard let limit = parameters["memory"], limit >= 0 else { throw PredictorError("memory") }
    guard let learnedCount = parameters["learned"], learnedCount >= 0 else {
      throw PredictorError("learned")
    }
    guard let full = parameters["full"], 0...1 ~= full else { throw PredictorError("full") }
    self.init(order: order, memoryByteCount: limit)
    mixture.learnedCount = learnedCount
    try mixture.tree.read(
      &memory,
      contextCount: parameters["contexts"] ?? 0,
      entryCount: parameters["entries"] ?? -1
    )
    mixture.tree.isFull = full == 1
    mixture.discounts.update(mixture.tree)
    let rowRange = -Gate.greatestRow...Gate.greatestRow
    try Self.fill(mixture.adaptiveGate.rows, "adaptive gate", &memory, rowRange)
    try Self.fill(mixture.adaptiveGate.odds, "adaptive gate", &memory, Gate.oddsRange)
    try Self.fill(mixture.frozenGate.rows, "frozen gate", &memory, rowRange)
    try Self.fill(mixture.frozenGate.odds, "frozen gate", &memory, Gate.oddsRange)
    mixture.followedGate.rows.copy(mixture.adaptiveGate.rows)
    mixture.followedGate.odds.copy(mixture.adaptiveGate.odds)
    mixture.beginText()
    isLearning = false
  }

  /// Fills `table` from the next table of `memory`, whose numbers must be in `range`.
  private static func fill<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ table: borrowing UncheckedBuffer<Number>,
    _ name: String,
    _ memory: inout PredictorMemory,
    _ range: ClosedRange<Number>
  ) throws(PredictorError) {
    let numbers: UncheckedBuffer<Number> = try memory.next(name, count: table.count)
    for index in 0..<table.count {
      guard range.contains(numbers[index]) else { throw PredictorError(name) }
      table[index] = numbers[index]
    }
  }
}
