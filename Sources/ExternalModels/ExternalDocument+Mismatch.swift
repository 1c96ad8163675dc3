extension ExternalDocument {
  /// The likely cause of a token that does not match the rest of the text.
  func cause(
    of token: Int,
    _ spelling: ArraySlice<UInt8>,
    on rest: ArraySlice<UInt8>
  ) -> ExternalModelError.Mismatch.Cause {
    if isNumbered(spelling) { return .numbers }
    if looksEncoded(spelling) { return .alphabet }
    let written = String(decoding: spelling, as: UTF8.self)
    let text = String(decoding: rest.prefix(4 * spelling.count + 4), as: UTF8.self)
    if !written.isEmpty, text.hasPrefix(written) { return .normalization }
    if !written.isEmpty, text.lowercased().hasPrefix(written.lowercased()) { return .letterCase }
    if spelling.contains(13), rest.starts(with: spelling.filter { $0 != 13 }) {
      return .carriageReturns
    }
    let visible = spelling.drop { $0 == 32 }
    if !visible.isEmpty, rest.drop(while: { $0 == 32 }).starts(with: visible) { return .spaces }
    return isAnswer && token == 0 ? .answer : .changed
  }

  /// True for vLLM's `token_id:607`, its tokens with `return_tokens_as_token_ids`.
  private func isNumbered(_ spelling: ArraySlice<UInt8>) -> Bool {
    let name = "token_id:".utf8
    return spelling.starts(with: name)
      && spelling.dropFirst(name.count).allSatisfy { 48...57 ~= $0 }
  }

  /// True if some token has the sign of a tokenizer's alphabet for a space or a line end.
  var looksEncoded: Bool { Self.hasSigns(spelling[...]) }

  private static func hasSigns(_ spelling: ArraySlice<UInt8>) -> Bool {
    String(decoding: spelling, as: UTF8.self).unicodeScalars.contains {
      $0 == "\u{120}" || $0 == "\u{10A}" || $0 == "\u{2581}"
    }
  }

  /// True if the token has letters that stand for bytes or spaces in a tokenizer's alphabet.
  private func looksEncoded(_ spelling: ArraySlice<UInt8>) -> Bool {
    if isDecoded { return false }
    if Self.hasSigns(spelling) { return true }
    // Letters of bytes that spell other characters, as `å¤©` spells `天`.
    guard let bytes = TokenAlphabet.byteLevel.bytes(of: spelling), bytes.count < spelling.count
    else {
      return false
    }
    return String(validating: bytes, as: UTF8.self) != nil
  }
}
