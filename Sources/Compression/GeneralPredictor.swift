import BytePrediction
import Files

/// The predictor of a text that is compressed without a model: its settings, as the compressed text
/// keeps them.
public enum GeneralPredictor {
  /// The least and the most memory that the tables may take, in MiB.
  public static let memoryMebibytes: ClosedRange<UInt32> = 32...65_536

  /// The memory of the tables where nothing else is asked for, in MiB.
  public static let defaultMemoryMebibytes: UInt32 = 1024

  /// How a text is coded without a model; `isFast` for the smaller of the two settings.
  public static func method(isFast: Bool, memoryMebibytes: UInt32) -> CodingMethod {
    CodingMethod(preset: isFast ? 1 : 0, memoryMebibytes: memoryMebibytes)
  }

  /// A coder at the start of the text at `path`, which begins with nothing and learns from the text.
  ///
  /// - Throws: ``CompressionError/notEnoughMemory(path:needed:physical:)`` where the machine cannot have the tables.
  public static func coder(for method: CodingMethod, path: String) throws -> any TextCoder {
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
