import LanguageModels

/// The models of a sweep: every order with every method on every beginning of the text.
struct SweepGrid {
  /// A model to train.
  struct Model: Hashable {
    /// Its index among the sizes, the smallest first.
    var size: Int
    var method: SmoothingMethod
    var order: Int

    /// `modified-kneser-ney:3`.
    var name: String { "\(method.rawValue):\(order)" }
  }

  /// A size of the training text.
  struct Size: Equatable {
    /// The size as given on the command line: `10%`.
    var name: String
    var prefix: TrainingPrefix
  }

  let orders: [Int]
  let methods: [SmoothingMethod]
  /// The sizes, ascending, each once.
  let sizes: [Size]
  let baseline: BaselineName
  /// The alpha of additive smoothing.
  let alpha: Double

  /// The models, the smallest texts first, there by method and then by order.
  var models: [Model] {
    sizes.indices.flatMap { size in
      methods.flatMap { method in
        orders.map { Model(size: size, method: method, order: $0) }
      }
    }
  }

  /// The baseline of `model`, trained on the same size of text.
  func baseline(of model: Model) -> Model {
    Model(size: model.size, method: baseline.method, order: baseline.order ?? model.order)
  }

  /// The baseline where none was asked for: Chen and Goodman's, Jelinek-Mercer at the model's own
  /// order, or else the first method; of a single method its lowest order.
  static func defaultBaseline(_ methods: [SmoothingMethod], orders: [Int]) -> BaselineName {
    let proper = methods.filter(\.isNormalized)
    guard proper.count > 1 else {
      return BaselineName(method: proper.first ?? methods[0], order: orders[0])
    }
    return BaselineName(method: proper.contains(.jelinekMercer) ? .jelinekMercer : proper[0])
  }
}

extension SweepGrid {
  /// The sizes asked for as beginnings of `data`, ascending; those that come to the same are one.
  static func sizes(_ list: SizeList, of data: TrainingData, texts: String) throws -> [Size] {
    let lengths = list.values.map(\.length) + [.share(1)]
    let prefixes = try data.prefixes(lengths)
    var sizes: [Size] = []
    for (size, prefix) in zip(list.values, prefixes) {
      guard let prefix else {
        throw CommandError.inputTooShort(
          texts,
          size: size.name,
          tokenCount: data.tokenCount,
          lineCount: prefixes[lengths.count - 1]?.lineCount ?? 0
        )
      }
      // The last name is that of the most that comes to the same.
      sizes.removeAll { $0.prefix == prefix }
      sizes.append(Size(name: size.name, prefix: prefix))
    }
    return sizes.sorted { $0.prefix.tokenCount < $1.prefix.tokenCount }
  }
}
