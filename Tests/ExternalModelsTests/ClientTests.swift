import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

/// Files that real clients wrote; see `Fixtures/README.md`.
@Suite struct ClientTests {
  private func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/"
    return Array(try Data(contentsOf: URL(filePath: folder + name)))
  }

  @Test func `log-probabilities from PyTorch add up to what they do there`() throws {
    let text = try fixture("stories.txt")
    let scored = try scored(try fixture("transformers.jsonl"), on: text)
    #expect(scored.evaluation.measure.tokens == 166)
    #expect(abs(scored.evaluation.total.bits + 1686.3964159227135) < 1e-9)
    #expect(scored.evaluation.measure.unscoredBytes == 3)
    #expect(abs(scored.evaluation.bitsPerByte - (1686.3964159227135 + 24) / 313) < 1e-9)
    #expect(scored.parts.flatMap(\.encoded.text) == text)
    #expect(scored.notes.isEmpty)
  }

  @Test func `tokens that were decoded one by one are found in the text`() throws {
    let text = "Oda’s café — naïve 😀\nEnd.\n"
    let scored = try scored(try fixture("replaced.jsonl"), on: Array(text.utf8))
    #expect(scored.evaluation.measure.tokens == 30)
    #expect(abs(scored.evaluation.total.bits + 318.47041354828576) < 1e-9)
    // The 14 cut tokens are single bytes.
    #expect(scored.notes == ["14 tokens written with incomplete bytes, completed from the text"])
    #expect(scored.parts[0].encoded.ranges.count { $0.count == 1 } >= 14)
  }

  @Test func `samples of lm-eval add up to the log-likelihoods in them`() throws {
    let scored = try scored(try fixture("lm-eval.jsonl"), on: try fixture("stories.txt"))
    let nats = -328.1986083984375 - 412.38006591796875 - 406.8926696777344
    #expect(abs(scored.evaluation.total.nats - nats) < 1e-9)
    #expect(scored.evaluation.measure.tokens == 3)
    #expect(scored.evaluation.measure.unscoredBytes == 3)
    // What lm-eval gives as bits_per_byte, which knows nothing of the line ends.
    let bits = scored.evaluation.total.surprisalBits
    #expect(abs(bits / Double(scored.evaluation.measure.bytes - 3) - 5.3402) < 5e-5)
  }

  @Test(arguments: [
    ("llama-server.json", " bay with with with with with withayre", 43.16010427128994),
    ("llama-completions.json", " bay with with with with with withayre", 43.16010427128994),
    ("llama-server-post.json", " bay with with with with with withayre", 30.48224844997096),
    ("llama-chat.json", "  in in for with with was hader st", 57.39426419235417),
  ])
  func `answers of llama.cpp's server are scored`(name: String, text: String, bits: Double) throws {
    let scored = try scored(try fixture(name), on: Array(text.utf8))
    #expect(scored.evaluation.measure.tokens == 10)
    #expect(abs(scored.evaluation.total.bits + bits) < 1e-9)
    #expect(scored.notes.isEmpty == !name.contains("post"))
  }
}
