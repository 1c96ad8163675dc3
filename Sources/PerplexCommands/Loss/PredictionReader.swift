import Files
import InformationTheory
import Records

/// Reads predictions, chunks of rows on several threads, and adds up their losses.
struct PredictionReader {
  /// The losses of a file.
  struct Result {
    var summary: LossSummary
    /// The losses of each class by itself, where several may be true.
    var multiLabel: MultiLabel?
    /// The student's loss to the teacher, where there is one.
    var distillation: DistillationSummary?
    var classes: [String]
    var isLogits: Bool
    var hasSoftTargets: Bool
    var normalizedRows: Int
    var ignoredRows: Int
    /// The labels in a file of their own that no row has.
    var unusedLabels: Int
    var weightColumn: String?
    var classWeights: [Double]
    var unreadColumns: [String]
    var repeatedSoftmax: RepeatedSoftmax.Finding?
  }

  /// The losses of classes that may be true together.
  struct MultiLabel {
    var classes: [LossSummary]
    /// The share of rows in which all classes are predicted right.
    var exactMatch: Double
  }

  let path: String
  let settings: PredictionTally.Settings
  let choice: ColumnChoice
  /// The label whose rows are left out.
  let ignored: String?
  /// The label whose probabilities the only column has.
  let positive: String?
  let labels: LabelFile?
  /// The file of the weights of classes.
  let classWeights: String?
  let threads: Int

  /// The form of rows.
  enum Form: Sendable {
    case delimited(PredictionColumns, delimiter: UInt8)
    case json(JSONForm)
    case array(NumberArray)
    /// Fields of which some are lists, and the form of the objects that they make.
    case lists(ListFields, JSONForm, delimiter: UInt8)
  }

  /// Reads the whole file; calls `progress` with the number of bytes read.
  ///
  /// The memory is that of a few chunks. The bytes alone decide where chunks end, and sums are
  /// added in the file's order, so the figures are the same on any number of threads.
  func read(progress: (Int) -> Void) throws -> Result {
    var chunks = try LineChunks(path)
    let beginning = try chunks.beginning()
    if NumberArray.isOne(beginning) {
      return try readArray(NumberArray(.whole(path), path: path), progress)
    }
    try RecordError.checkForm(of: beginning, path: path)
    if beginning.first(where: { ![32, 9, 10, 13].contains($0) }) == 0x5b {
      var elements = try chunks.elements()
      return try readObjects(progress) { try elements.next() }
    }
    return try readLines(&chunks, progress)
  }

  // MARK: Rows

  private func readLines(_ chunks: inout LineChunks, _ progress: (Int) -> Void) throws -> Result {
    guard let first = try chunks.next() else { throw empty }
    if var columns = try columns(first, &chunks)?.makeIterator() {
      return try readObjects(progress) { columns.next() }
    }
    let form = try form(of: first)
    let plan = try PredictionPlan(form, reader: self)
    var rows = 0
    var pending: (LineChunks.Chunk, isFirst: Bool)? = (first, true)
    let total = try sum(plan, progress) { () throws -> (work: LineWork, byteCount: Int)? in
      guard let (chunk, isFirst) = pending else { return nil }
      pending = try chunks.next().map { ($0, false) }
      let work = LineWork(chunk: chunk, firstPlace: rows, isFirst: isFirst)
      if plan.readsPlaces { rows += chunk.rowCount - (isFirst && plan.hasHeader ? 1 : 0) }
      return (work, chunk.bytes.count)
    } read: { (work: LineWork) throws -> PredictionTally in
      try self.read(work, plan)
    }
    return try result(total, plan)
  }

  var empty: RecordError {
    RecordError(path: path, "the file is empty; give a row for each prediction")
  }

  /// A chunk of lines, and the place of its first row among all.
  private struct LineWork: Sendable {
    var chunk: LineChunks.Chunk
    var firstPlace: Int
    var isFirst: Bool
  }

  /// Some objects of an array, and the place of the first among all.
  private struct ElementWork: Sendable {
    var chunk: JSONElements.Chunk
    var firstPlace: Int
  }

  /// Adds up the pieces that `next` gives with their sizes, in their order.
  private func sum<Work: Sendable>(
    _ plan: PredictionPlan,
    _ progress: (Int) -> Void,
    next: () throws -> (work: Work, byteCount: Int)?,
    read: @Sendable (Work) throws -> PredictionTally
  ) throws -> (tally: PredictionTally, unusedLabels: Int) {
    var total = plan.tally
    var used = [Bool](repeating: false, count: labels?.count ?? 0)
    while true {
      var pieces: [(work: Work, byteCount: Int)] = []
      while pieces.count < 2 * threads, let piece = try next() { pieces.append(piece) }
      guard !pieces.isEmpty else { break }
      let works = pieces.map(\.work)
      let parts = try Parallel.map(works.count, threads: threads) { try read(works[$0]) }
      for part in parts {
        for (place, row) in part.joined {
          guard !used[place] else {
            throw plan.error(row, "a second row of this name; a label is that of one row")
          }
          used[place] = true
        }
        total.merge(part)
      }
      if let row = total.contradictoryRow {
        throw plan.error(
          row,
          "labels are -1 and 0, which may both be the first class; --ignore -1 leaves out rows"
        )
      }
      for piece in pieces { progress(piece.byteCount) }
    }
    return (total, used.count { !$0 })
  }

  private func read(_ work: LineWork, _ plan: PredictionPlan) throws -> PredictionTally {
    var tally = plan.tally
    var line = work.chunk.firstLine
    var place = work.firstPlace
    let bytes = work.chunk.bytes
    do throws(RowError) {
      switch plan.form {
      case .delimited(let columns, let delimiter):
        var reader = PredictionRow(columns, plan.truth, delimiter: delimiter)
        var skips = work.isFirst && columns.hasHeader
        var position = 0
        while position < bytes.count {
          if try reader.fields.read(bytes.span, &position) {
            if !skips {
              try reader.read(bytes.span, place: place, row: line, into: &tally)
              place += 1
            }
            skips = false
          }
          line += 1
        }
      case .json(let form):
        let row = plan.objectReader
        for text in bytes.split(separator: 10, omittingEmptySubsequences: false) {
          if text.contains(where: { ![32, 9, 13].contains($0) }) {
            let object = try JSONRow.object(text)
            try form.read(object, row, plan.truth, place: place, row: line, into: &tally)
            place += 1
          }
          line += 1
        }
      case .lists(let lists, let form, let delimiter):
        var fields = DelimitedFields(delimiter: delimiter)
        var skips = work.isFirst
        var position = 0
        while position < bytes.count {
          if try fields.read(bytes.span, &position) {
            if !skips {
              let object = try lists.object(bytes.span, fields)
              try form.read(
                object,
                plan.objectReader,
                plan.truth,
                place: place,
                row: line,
                into: &tally
              )
              place += 1
            }
            skips = false
          }
          line += 1
        }
      case .array: preconditionFailure("an array has no lines")
      }
    } catch { throw RecordError(path: path, line: line, error.message) }
    return tally
  }

  // MARK: Arrays

  /// Reads objects that `next` gives, from an array or from columns.
  private func readObjects(
    _ progress: (Int) -> Void,
    next: () throws -> JSONElements.Chunk?
  ) throws -> Result {
    guard let first = try next() else { throw empty }
    let form: Form
    do throws(RowError) {
      var rows: [JSONItem] = []
      for element in first.elements.prefix(100) {
        rows.append(try JSONRow.object(first.bytes[element.range]))
      }
      form = .json(try JSONForm(rows, choice))
    } catch { throw RecordError(path: path, line: first.elements.first?.line, error.message) }
    let plan = try PredictionPlan(form, reader: self)
    var rows = 0
    var pending: JSONElements.Chunk? = first
    let total = try sum(plan, progress) {
      () throws -> (work: ElementWork, byteCount: Int)? in
      guard let chunk = pending else { return nil }
      pending = try next()
      defer { rows += chunk.elements.count }
      return (ElementWork(chunk: chunk, firstPlace: rows), chunk.bytes.count)
    } read: { (work: ElementWork) throws -> PredictionTally in
      var tally = plan.tally
      let row = plan.objectReader
      guard case .json(let form) = plan.form else { return tally }
      for (index, element) in work.chunk.elements.enumerated() {
        do throws(RowError) {
          let object = try JSONRow.object(work.chunk.bytes[element.range])
          try form.read(
            object,
            row,
            plan.truth,
            place: work.firstPlace + index,
            row: element.line,
            into: &tally
          )
        } catch { throw RecordError(path: path, line: element.line, error.message) }
      }
      return tally
    }
    return try result(total, plan)
  }

  private func readArray(_ array: NumberArray, _ progress: (Int) -> Void) throws -> Result {
    guard choice.classes.isEmpty, choice.weight == nil, choice.id == nil else {
      throw RecordError(
        path: path,
        "an array has no names of columns; leave out --classes, --weight and --id"
      )
    }
    guard labels != nil else {
      throw RecordError(
        path: path,
        "an array of predictions; --labels names the file of the labels"
      )
    }
    guard array.columnCount > 0 else { throw RecordError(path: path, "the array has no columns") }
    let plan = try PredictionPlan(.array(array), reader: self)
    let step = max(1, 65_536 / array.columnCount)
    var start = 0
    let total = try sum(plan, progress) { () throws -> (work: Range<Int>, byteCount: Int)? in
      guard start < array.rowCount else { return nil }
      let rows = start..<min(array.rowCount, start + step)
      start = rows.upperBound
      return (rows, rows.count * array.columnCount)
    } read: { (rows: Range<Int>) throws -> PredictionTally in
      var tally = plan.tally
      for row in rows {
        do throws(RowError) {
          let meaning = try plan.truth.read(id: nil, place: row, row: row + 1, into: &tally)
          if meaning == .ignored {
            tally.ignoredRows += 1
            continue
          }
          array.read(row: row, into: &tally.values)
          if let meaning {
            try tally.add(label: meaning, weight: 1, row: row + 1)
          } else {
            try tally.addTargets(weight: 1, row: row + 1)
          }
        } catch { throw plan.error(row + 1, error.message) }
      }
      return tally
    }
    return try result(total, plan)
  }

  // MARK: Results

  private func result(
    _ total: (tally: PredictionTally, unusedLabels: Int),
    _ plan: PredictionPlan
  ) throws -> Result {
    let tally = total.tally
    var summary = tally.tally.summary
    guard summary.rows > 0 else {
      throw RecordError(
        path: path,
        tally.ignoredRows > 0
          ? "all \(tally.ignoredRows) rows have the label that is left out"
          : "there is no row below the header; give one for each prediction"
      )
    }
    guard summary.weight > 0 else {
      throw RecordError(path: path, "the weights of all rows are 0; a mean needs one above it")
    }
    if labels != nil, plan.readsPlaces, total.unusedLabels > 0 {
      throw RecordError(
        path: path,
        "\(total.unusedLabels) more labels in \(labels?.path ?? "") than rows; --id joins by names"
      )
    }
    let rows = plan.settings.isMultiLabel ? summary.rows / plan.shape.classCount : summary.rows
    let multiLabel =
      plan.settings.isMultiLabel
      ? MultiLabel(
        classes: tally.classTallies.map(\.summary),
        exactMatch: Double(tally.exactRows) / Double(rows)
      ) : nil
    summary.rows = rows
    return Result(
      summary: summary,
      multiLabel: multiLabel,
      distillation: tally.distillation?.summary,
      classes: plan.truth.classes.names,
      isLogits: plan.settings.areLogits,
      hasSoftTargets: plan.hasTargets && !plan.settings.isMultiLabel,
      normalizedRows: tally.normalizedRows,
      ignoredRows: tally.ignoredRows,
      unusedLabels: total.unusedLabels,
      weightColumn: plan.weightColumn,
      classWeights: plan.settings.options.classWeights,
      unreadColumns: plan.unreadColumns,
      repeatedSoftmax: plan.settings.isMultiLabel
        ? nil
        : tally.repeatedSoftmax.finding(
          classCount: plan.shape.isPositiveOnly ? 1 : plan.shape.classCount
        )
    )
  }
}
