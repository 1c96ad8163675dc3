import LanguageModels

/// Which models a sweep makes: every order with every method on every beginning of the text.
struct SweepGrid {
  /// One of the models.
  struct Place: Hashable {
    /// Its index among the sizes, the smallest first.
    var size: Int
    var method: SmoothingMethod
    var order: Int

    /// `modified-kneser-ney:3`.
    var name: String { "\(method.rawValue):\(order)" }
  }

  /// How much of the training text is taken.
  struct Size: Equatable {
    /// As it was asked for: `10%`.
    var name: String
    var prefix: TrainingPrefix
  }

  let orders: [Int]
  let methods: [SmoothingMethod]
  /// The sizes, ascending, each once.
  let sizes: [Size]
  let baseline: BaselineName
  /// What additive smoothing adds to each count.
  let alpha: Double

  /// The models, the smallest texts first, there by method and then by order.
  var places: [Place] {
    sizes.indices.flatMap { size in
      methods.flatMap { method in
        orders.map { Place(size: size, method: method, order: $0) }
      }
    }
  }

  /// What the model at `place` is compared with, one of the same size of text.
  func baseline(of place: Place) -> Place {
    Place(size: place.size, method: baseline.method, order: baseline.order ?? place.order)
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

/// Texts that a sweep cannot be made on.
enum SweepError: Error, Equatable, CustomStringConvertible {
  /// A size is more than there is.
  case tooLarge(size: String, texts: String, tokenCount: Int, lineCount: Int)
  /// The held-out text was another one when this model scored it.
  case changed(model: String)

  /// One line with the remedy.
  var description: String {
    switch self {
    case .tooLarge(let size, let texts, let tokenCount, let lineCount):
      "\(texts): the text has \(tokenCount) tokens in \(lineCount) lines, less than the size "
        + "'\(size)'; ask for less with '--sizes', or in per cent"
    case .changed(let model):
      "the held-out text was changed before \(model) scored it; it must not change during a sweep"
    }
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
        throw SweepError.tooLarge(
          size: size.name,
          texts: texts,
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
