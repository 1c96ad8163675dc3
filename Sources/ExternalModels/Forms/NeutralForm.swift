import Records

/// This program's own form: a text and its tokens in one object.
///
/// ```
/// {"id": "a", "text": "Oda ran.", "unit": "nat",
///  "tokens": [{"t": "Oda", "lp": null, "s": 0, "e": 3}, {"t": " ran", "lp": -2.5, "s": 3, "e": 7},
///             {"t": ".", "lp": -0.7, "s": 7, "e": 8}]}
/// ```
///
/// `"key": "surprisal"` in the first object says that the numbers are surprisals, −log p. A first
/// token with `surprisal` in place of `lp` says the same.
enum NeutralForm: ObjectForm {
  static let name = "object with tokens"

  static func isForm(_ item: JSONItem) -> Bool {
    guard let tokens = item["tokens"], tokens.kind == .array else { return false }
    guard let first = tokens.elements.first(where: { _ in true }) else { return true }
    return first.kind == .object
  }

  static func documents(
    in item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> [ExternalDocument] {
    let unit = try unit(of: item, location, &facts)
    let isSurprisal = try isSurprisal(item, location, &facts)
    var builder = DocumentBuilder(location, unit: unit, isSurprisal: isSurprisal)
    builder.setText(item["text"])
    guard let tokens = item["tokens"] else { return [] }
    var position: Int? = 0
    for token in tokens.elements {
      if let alternatives = token["top"] {
        try builder.checkAlternatives(
          alternatives.elements.lazy.map { $0.kind == .object ? $0["lp"] ?? $0["surprisal"] : $0 }
        )
      }
      try append(token, at: &position, to: &builder)
    }
    return [builder.document]
  }

  private static func unit(
    of item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> LogUnit {
    guard let named = item["unit"] else {
      if let unit = facts.unit { return unit.value }
      throw location.error(
        .missing("'unit'", form: .neutral, remedy: "write \"unit\": \"nat\", \"bit\" or \"log10\"")
      )
    }
    guard let unit = named.text.flatMap({ LogUnit(rawValue: $0) }) else {
      throw location.error(.unknownUnit(named.text ?? named.summary))
    }
    if let first = facts.unit, first.value != unit {
      throw location.error(.mixedUnits(unit, first: first.value, line: first.line))
    }
    if facts.unit == nil { facts.unit = (unit, location.number) }
    return unit
  }

  /// True if the numbers are surprisals: the first object says so for all.
  private static func isSurprisal(
    _ item: JSONItem,
    _ location: FileLine,
    _ facts: inout FileFacts
  ) throws(ExternalModelError) -> Bool {
    let names = ["log-probability", "surprisal"]
    guard let key = item["key"] else {
      if facts.key == nil {
        let first = item["tokens"]?.elements.first { _ in true }
        facts.key = (first?["lp"] == nil && first?["surprisal"] != nil, location.number)
      }
      return facts.key?.isSurprisal ?? false
    }
    guard let index = key.text.flatMap({ names.firstIndex(of: $0) }) else {
      throw location.error(.unknownKey(key.text ?? key.summary))
    }
    if let first = facts.key, first.isSurprisal != (index == 1) {
      throw location.error(
        .mixedKeys(names[index], first: names[1 - index], line: first.line)
      )
    }
    facts.key = (index == 1, location.number)
    return index == 1
  }

  /// Appends `token`, whose offsets must begin at `position` if it has no spelling.
  private static func append(
    _ token: JSONItem,
    at position: inout Int?,
    to builder: inout DocumentBuilder
  ) throws(ExternalModelError) {
    let number = builder.tokenNumber
    guard let score = token["lp"] ?? token["surprisal"] else {
      throw builder.location.error(
        .missing("'lp' in token \(number)", form: .neutral, remedy: "write null where it has none")
      )
    }
    let logProbability = try builder.logProbability(score)
    let bytes = token["b"]?.isNull == true ? nil : token["b"]
    let spelling = token["t"]?.string
    if token["special"]?.boolean == true {
      return try builder.append(spelling, bytes: bytes, logProbability, isSpecial: true)
    }
    let written = try builder.written(spelling, bytes)
    let end = token["e"]?.integer
    if written.spelling == .exact {
      // Offsets repeat what the spelling says, and some programs count other units.
      position = (token["s"]?.integer ?? position).map { $0 + written.bytes.count }
      return builder.append(written.bytes, .exact, logProbability)
    }
    if let start = token["s"]?.integer {
      if spelling == nil { try check("s", start, position, builder) }
      position = start
    }
    if let end, let start = position {
      if spelling == nil { try check("e", end, max(start, end), builder) }
      builder.append(written.bytes, .counted, logProbability, byteCount: max(0, end - start))
    } else if bytes != nil || spelling != nil {
      builder.append(written.bytes, written.spelling, logProbability)
    } else {
      throw builder.location.error(.noSpelling(token: number))
    }
    position = end
  }

  /// Rejects offsets that contradict the tokens before them.
  private static func check(
    _ key: String,
    _ found: Int,
    _ expected: Int?,
    _ builder: DocumentBuilder
  ) throws(ExternalModelError) {
    guard let expected, expected != found else { return }
    throw builder.location.error(
      .offset(token: builder.tokenNumber, key: key, found: found, expected: expected)
    )
  }
}
