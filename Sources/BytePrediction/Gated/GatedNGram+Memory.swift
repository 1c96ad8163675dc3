import Files

extension GatedNGram {
  /// The numbers that the size of the memory and the way of predicting follow from.
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

  /// Shows the memory to `write`, block by block, in the order that the initializer takes them.
  ///
  /// Only what is used is written: contexts, entries and gates. Like the end of training, it brings the
  /// frozen gate and the discounts to where learning is.
  public func writeMemory(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    learnPending()
    settle()
    try mixture.tree.write(write)
    try mixture.adaptiveGate.rows.withBytes(write)
    try mixture.adaptiveGate.odds.withBytes(write)
    try mixture.frozenGate.rows.withBytes(write)
    try mixture.frozenGate.odds.withBytes(write)
  }

  /// The model with the memory that ``writeMemory(_:)`` wrote under these ``parameters``; it does not
  /// learn unless told to.
  ///
  /// - Throws: ``PredictorError`` where the two make no sense. Nothing in the memory can make reading
  ///   go out of bounds.
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

  /// Fills `table` from the next block of `memory`, whose numbers are all in `range`.
  private static func fill<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ table: borrowing Table<Number>,
    _ name: String,
    _ memory: inout PredictorMemory,
    _ range: ClosedRange<Number>
  ) throws(PredictorError) {
    let numbers: Buffer<Number> = try memory.next(name, count: table.count)
    for index in 0..<table.count {
      guard range.contains(numbers[index]) else { throw PredictorError(name) }
      table[index] = numbers[index]
    }
  }
}
