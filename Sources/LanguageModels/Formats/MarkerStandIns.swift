import Tokenization

/// Words such as `<UNK>` that stand for the markers which an ARPA file lacks.
///
/// The first spelling in other case stands for a marker, if the file does not list the marker
/// itself; all others are words of their own.
struct MarkerStandIns {
  private enum StandIn: Equatable {
    case undecided, none
    case word([UInt8])
  }

  private var standIns = [StandIn](repeating: .undecided, count: TokenID.specialSpellings.count)

  /// True if `word` is read as `marker`; `isListed` says whether the file lists the marker, and is
  /// asked once.
  mutating func contains(_ word: [UInt8], for marker: TokenID, isListed: () -> Bool) -> Bool {
    if standIns[marker.index] == .undecided {
      standIns[marker.index] = isListed() ? .none : .word(word)
    }
    return standIns[marker.index] == .word(word)
  }

  /// A sentence for each.
  var notes: [String] {
    zip(TokenID.specialSpellings, standIns).compactMap { marker, standIn in
      guard case .word(let word) = standIn else { return nil }
      return "the ARPA file has no \(marker); its \(String(decoding: word, as: UTF8.self)) is read "
        + "as that"
    }
  }
}
