import BytePrediction

/// The predictor of a text that is compressed without a model: its settings, as the compressed text
/// keeps them.
public enum GeneralPredictor {
  /// The least and the most memory that the tables may take, in MiB.
  public static let memoryMebibytes: ClosedRange<UInt32> = 16...65_536

  /// The memory of the tables where nothing else is asked for, in MiB.
  public static let defaultMemoryMebibytes: UInt32 = 1024

  /// How a text is coded without a model; `isFast` for the smaller of the two settings.
  public static func method(isFast: Bool, memoryMebibytes: UInt32) -> CodingMethod {
    CodingMethod(preset: isFast ? 1 : 0, memoryMebibytes: memoryMebibytes)
  }

  /// A coder at the start of a text, which begins with nothing and learns from the text.
  public static func coder(for method: CodingMethod) -> any TextCoder {
    let mixer = ContextMixer(
      textByteCount: nil,
      memoryByteCount: Int(method.memoryMebibytes) << 20,
      preset: method.preset == 0 ? .strong : .fast
    )
    mixer.learns = true
    return ByteCoder(mixer)
  }
}
