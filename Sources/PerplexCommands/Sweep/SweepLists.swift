import LanguageModels
import Terminal

/// Orders with commas between them, and ranges of them: `1,2,3` or `1-5`.
struct OrderList: ArgumentValue {
  /// The orders, ascending, each once.
  var values: [Int]

  static let placeholder = "N,N-N,..."
  static let expectation = "orders from 1 to 16 with commas between them, such as 1-5 or 2,3,5"

  init(_ values: [Int]) { self.values = values }

  init?(argument: String) {
    var orders: Set<Int> = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let low = ends[0], let high = ends[ends.count - 1], low <= high,
        low >= 1, high <= NGramOrder.maximum
      else { return nil }
      orders.formUnion(low...high)
    }
    values = orders.sorted()
  }

  var argument: String {
    guard let first = values.first, let last = values.last, values.count > 2,
      values == Array(first...last)
    else { return values.map(String.init).joined(separator: ",") }
    return "\(first)-\(last)"
  }
}

/// Smoothing methods with commas between them, or `all`.
struct SmoothingList: ArgumentValue {
  /// The methods, in the order given, each once.
  var values: [SmoothingMethod]

  static let placeholder = "NAME,NAME,..."
  static let expectation =
    "'all', or some of \(SmoothingMethod.choices.joined(separator: ", ")) with commas between them"

  init(_ values: [SmoothingMethod]) { self.values = values }

  init?(argument: String) {
    if argument == "all" {
      values = SmoothingMethod.allCases
      return
    }
    values = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let method = SmoothingMethod(rawValue: String(name)) else { return nil }
      if !values.contains(method) { values.append(method) }
    }
  }

  var argument: String { values.map(\.rawValue).joined(separator: ",") }
}

/// The sizes of the training text, with commas between: `10%,50%,100%`, tokens or lines.
struct SizeList: ArgumentValue {
  /// A size as it was written, and what it means.
  struct Size: Equatable {
    var name: String
    var length: TrainingLength
  }

  /// The sizes, in the order given.
  var values: [Size]

  static let placeholder = "SIZE,SIZE,..."
  static let expectation =
    "shares above 0% and at most 100%, tokens or lines, such as 10%,100% or 5000,20000 or 500lines"

  init(_ values: [Size]) { self.values = values }

  /// All of the text.
  static let whole = SizeList([Size(name: "100%", length: .share(1))])

  /// Shares at about equal ratios.
  static let learning = SizeList(
    [1, 3, 10, 30, 100].map { Size(name: "\($0)%", length: .share(Double($0) / 100)) }
  )

  init?(argument: String) {
    values = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let length = Self.length(part) else { return nil }
      values.append(Size(name: String(part), length: length))
    }
  }

  private static func length(_ word: Substring) -> TrainingLength? {
    if word.hasSuffix("%") {
      guard let percent = Double(argument: String(word.dropLast())), percent > 0, percent <= 100
      else { return nil }
      return .share(percent / 100)
    }
    let isLines = word.hasSuffix("lines")
    guard let count = Int(isLines ? word.dropLast(5) : word), count >= 1 else { return nil }
    return isLines ? .lines(count) : .tokens(count)
  }

  var argument: String { values.map(\.name).joined(separator: ",") }
}

/// The baseline of a sweep: a method, or a method and an order.
struct BaselineName: ArgumentValue {
  var method: SmoothingMethod
  /// The order; that of each model itself where nil.
  var order: Int?

  static let placeholder = "NAME[:N]"
  static let expectation =
    "a smoothing method, or one with an order, such as jelinek-mercer or modified-kneser-ney:3"
  static let completion = Completion.words(SmoothingMethod.choices)

  init(method: SmoothingMethod, order: Int? = nil) {
    self.method = method
    self.order = order
  }

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let method = SmoothingMethod(rawValue: String(parts[0])) else {
      return nil
    }
    self.method = method
    if parts.count == 2 {
      guard let order = Int(parts[1]), order >= 1 else { return nil }
      self.order = order
    }
  }

  var argument: String { method.rawValue + (order.map { ":\($0)" } ?? "") }
}
