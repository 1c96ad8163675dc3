import Files
/// stub
public class StubPredictor: BytePredictor {
  var counts = [Int](repeating: 1, count: 256)
  var total = 256
  public required init(parameters: [String: Int], memory: inout PredictorMemory)
    throws(PredictorError)
  {
    let b: Buffer<UInt64> = try memory.next("counts", count: 256)
    for i in 0..<256 { counts[i] = Int(b[i]); total += counts[i] }
    total -= 256
    total = counts.reduce(0, +)
  }
  public init() {}
  public var parameters: [String: Int] { [:] }
  public func writeMemory(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try counts.withUnsafeBytes { try write($0) }
  }
  public var memoryByteCount: Int { 2048 }
  public var learns = true
  public func beginText() {}
  public func train(_ text: Span<UInt8>) {
    for i in text.indices { counts[Int(text[i])] += 1; total += 1 }
  }
  public func finishTraining() { learns = false }
  public func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>) {
    for i in text.indices {
      let c = Int(text[i])
      scores[i] = ByteScore(
        surprisalBits: Double(total).logb() - Double(counts[c]).logb(),
        matchedLength: 1
      )
      if learns { counts[c] += 1; total += 1 }
    }
  }
  public func distribution(into probabilities: inout MutableSpan<Double>) {
    for i in 0..<256 { probabilities[i] = Double(counts[i]) / Double(total) }
  }
  public func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder) {}
  public func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder) {}
}
extension Double { func logb() -> Double { _stdlib_log2(self) } }
import Glibc
func _stdlib_log2(_ x: Double) -> Double { Glibc.log2(x) }
/// gated stub
public final class GatedNGram: StubPredictor {
  public init(order: Int, memoryByteCount: Int) { super.init() }
  public required init(parameters: [String: Int], memory: inout PredictorMemory)
    throws(PredictorError)
  { try super.init(parameters: parameters, memory: &memory) }
}
/// mixing stub
public final class ContextMixer: StubPredictor {
  public override init() { super.init() }
  public required init(parameters: [String: Int], memory: inout PredictorMemory)
    throws(PredictorError)
  { try super.init(parameters: parameters, memory: &memory) }
}
