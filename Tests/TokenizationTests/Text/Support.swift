import TestSupport
import Testing
import Tokenization

/// The blocks of a file of `bytes`.
func fileBlocks(
  _ bytes: [UInt8],
  isRaw: Bool = false,
  invalidUTF8: TextReader.InvalidUTF8 = .refuse,
  delivery: TextReader.Delivery = .blocks
) throws -> [TextChunk] {
  let folder = try TestFolder()
  try folder.write(bytes, to: "t")
  var reader = try TextReader(
    .file(folder.file("t")),
    isRaw: isRaw,
    invalidUTF8: invalidUTF8,
    delivery: delivery
  )
  var blocks: [TextChunk] = []
  while let block = try reader.next() { blocks.append(block) }
  let end = try reader.next()
  #expect(end == nil, "after the last block there is none")
  return blocks
}

/// Lines of letters, each of `lineLength` bytes and its end, `byteCount` bytes or some more.
func longText(_ byteCount: Int, lineLength: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  while bytes.count < byteCount {
    let letter = UInt8(97 + bytes.count / (lineLength + 1) % 26)
    bytes += [UInt8](repeating: letter, count: lineLength) + [10]
  }
  return bytes
}
