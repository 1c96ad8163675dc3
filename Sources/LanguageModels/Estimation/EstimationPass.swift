import Files

/// The second pass over a text: contexts are estimated and written, first the frequent ones, then
/// the blocks.
struct EstimationPass<Method: Smoothing>: Sendable {
  let method: Method
  let options: EstimationOptions
  let code: WordCode
  let rule: PruningRule?
  let leavesTails: Bool
  let census: BlockCensus.Result
  let plan: RegionPlan
  let lower: LowerProbabilities
  let writer: ModelWriter

  /// The memory with which a worker counts and estimates one block after the other.
  private struct Worker: ~Copyable {
    var scan: BlockScan
    var estimator: BlockEstimator<Method>
    var image = BlockImage()
  }

  private func worker(hasTails: Bool) -> Worker {
    Worker(
      scan: BlockScan(order: options.order, code: code, hasTails: hasTails),
      estimator: BlockEstimator(method, order: options.order, code: code, lower: lower)
    )
  }

  /// Estimates the frequent contexts, each after the shorter one, and writes them.
  func writeFrequent() throws {
    let contexts = census.contexts
    let starts = contexts.indices.filter { contexts[$0].depth == 1 } + [contexts.count]
    try Parallel.forEach(
      starts.count - 1,
      threads: options.threads,
      state: { _ in worker(hasTails: false) }
    ) { worker, turn in
      for index in starts[turn]..<starts[turn + 1] {
        let context = contexts[index]
        let group = Int(context.group)
        worker.scan.load(context, census.frequent.list(index))
        if let rule { worker.scan.prune(rule, Method.lowerOrderCounts, owners: contexts) }
        worker.estimator.estimate(
          worker.scan,
          frequent: index,
          word: context.word,
          parent: context.parent,
          entry: writer.entry(group),
          offsets: plan.frequent[index],
          into: &worker.image
        )
        try writer.write(worker.image, group)
      }
    }
  }

  /// Estimates the blocks of one pass over the text and writes them.
  func writeBlocks(_ blocks: HistoryBlocks) throws {
    try Parallel.forEach(
      blocks.blocks.count,
      threads: options.threads,
      state: { _ in worker(hasTails: leavesTails) }
    ) { worker, index in
      let block = blocks.blocks[index]
      worker.scan.scan(block, of: blocks)
      if let rule { worker.scan.prune(rule, Method.lowerOrderCounts, owners: census.contexts) }
      worker.estimator.estimate(
        worker.scan,
        owner: block.owner,
        entry: writer.entry(Int(block.group)),
        places: plan.blocks,
        block: blocks.firstBlock + index,
        into: &worker.image
      )
      try writer.write(worker.image, Int(block.group))
      options.progress(block.count)
    }
  }
}
