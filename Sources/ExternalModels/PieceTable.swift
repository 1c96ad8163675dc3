import Files
import Records

/// The bytes of each token of a vocabulary, by number, from a JSON file.
///
/// Three forms are read:
///
/// - a list of pieces in the order of their numbers, each a string or a list of bytes;
/// - what llama.cpp's `/tokenize` gives with `with_pieces`: `{"tokens": [{"id": 5, "piece": "a"}]}`;
/// - `vocab.json` of Hugging Face's tokenizers, `{"piece": id}`, in GPT-2's alphabet of bytes or with
///   SentencePiece's `▁` for a space.
struct PieceTable {
  private var pieces: [Int: [UInt8]] = [:]

  /// The bytes of the token `id`; nil if it has none.
  subscript(id: Int) -> [UInt8]? { pieces[id] }

  /// The number of pieces.
  var count: Int { pieces.count }

  /// Reads the file at `path`.
  init(path: String) throws {
    var stream = JSONStream(try Bytes.whole(path), path: path)
    guard let json = try stream.next() else {
      throw FileLine(path: path, number: 0).error(.logits(Self.remedy))
    }
    let root = json.root
    if root.kind == .array {
      for (id, item) in root.elements.enumerated() { pieces[id] = Self.bytes(of: item) }
    } else if let tokens = root["tokens"], tokens.kind == .array {
      for item in tokens.elements {
        guard let id = item["id"]?.integer, let piece = item["piece"] else { continue }
        pieces[id] = Self.bytes(of: piece)
      }
    } else {
      readNumbers(of: root.members)
    }
    guard !pieces.isEmpty else {
      throw FileLine(path: path, number: 1).error(.logits(Self.remedy))
    }
  }

  private static let remedy = "no vocabulary; write a JSON list of the pieces in order"

  private static func bytes(of item: JSONItem) -> [UInt8]? { item.string?.bytes ?? item.byteArray }

  private mutating func readNumbers(of members: [(name: JSONItem, value: JSONItem)]) {
    let isByteLevel = members.contains { $0.name.text?.unicodeScalars.first == "\u{120}" }
    let alphabet: TokenAlphabet = isByteLevel ? .byteLevel : .sentencePiece
    for (name, value) in members {
      guard let id = value.integer, let piece = name.string?.bytes else { continue }
      pieces[id] = alphabet.bytes(of: piece) ?? piece
    }
  }
}
