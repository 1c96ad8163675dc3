import BytePrediction
import Files

/// The predictor for compression without a model, and its settings in a compressed text.
package enum GeneralPredictor {
  /// The range of memory for the tables, in MiB.
  package static let memoryMebibytes: ClosedRange<UInt32> = 32...65_536

  /// The default memory for the tables, in MiB.
  package static let defaultMemoryMebibytes: UInt32 = 1024

  /// The method that codes a text without a model; `isFast` selects the smaller preset.
  package static func method(isFast: Bool, memoryMebibytes: UInt32) -> CodingMethod {
    CodingMethod(preset: isFast ? 1 : 0, memoryMebibytes: memoryMebibytes)
  }

  /// An untrained coder at the start of the text at `path`; it learns from the text.
  ///
  /// - Throws: ``CompressionError/notEnoughMemory(path:needed:physical:)`` if the tables exceed the
  ///   machine's memory.
  package static func coder(for method: CodingMethod, path: String) throws -> any TextCoder {
    let bound = Int(method.memoryMebibytes) << 20
    let (textNeed, overflows) = (method.textByteCount ?? bound).multipliedReportingOverflow(
      by: 1024
    )
    let need = overflows ? bound : min(bound, textNeed &+ (64 << 20))
    let physical = Platform.memoryByteCount
    if need > physical {
      throw CompressionError.notEnoughMemory(
        path: path,
        needed: need >> 20,
        physical: physical >> 20
      )
    }
    let mixer = ContextMixer(
      textByteCount: method.textByteCount,
      memoryByteCount: bound,
      preset: method.preset == 0 ? .strong : .fast
    )
    mixer.learns = true
    return ByteCoder(mixer)
  }
}
