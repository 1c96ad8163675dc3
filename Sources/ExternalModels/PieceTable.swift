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
    for (name, value) in members {
      guard let id = value.integer, let piece = name.text else { continue }
      pieces[id] = isByteLevel ? Self.bytesOfLetters(piece) : Self.bytesOfPiece(piece)
    }
  }

  /// The bytes of a piece in GPT-2's alphabet of byte letters; another piece keeps its own bytes.
  private static func bytesOfLetters(_ piece: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in piece.unicodeScalars {
      guard let byte = letters[scalar.value] else { return Array(piece.utf8) }
      bytes.append(byte)
    }
    return bytes
  }

  /// GPT-2's letters: printable bytes are their own letters, others get U+0100 and up, in order.
  private static let letters: [UInt32: UInt8] = {
    var letters: [UInt32: UInt8] = [:]
    var next: UInt32 = 0x100
    for byte in UInt8.min...UInt8.max {
      if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 {
        letters[UInt32(byte)] = byte
      } else {
        letters[next] = byte
        next += 1
      }
    }
    return letters
  }()

  /// The bytes of a piece of SentencePiece: `▁` is a space, `<0x0A>` a byte.
  private static func bytesOfPiece(_ piece: String) -> [UInt8] {
    if piece.utf8.count == 6, piece.hasPrefix("<0x"), piece.hasSuffix(">"),
      let byte = UInt8(piece.dropFirst(3).dropLast(), radix: 16)
    {
      return [byte]
    }
    return piece.unicodeScalars.flatMap { $0 == "\u{2581}" ? [32] : Array(String($0).utf8) }
  }
}
