import Foundation
import LanguageModels
import Perplexity
import Testing
@Suite(.serialized) struct Timing {
  @Test func times() throws {
    let rows = try Golden.table(Golden.values! + "/srilm.tsv").filter { $0.count > 10 && $0[2] == "one" && $0[0].hasPrefix("brown") }
    let methods: [String: Method] = [
      "kni": Method(name: .modifiedKneserNey), "kn": Method(name: .modifiedKneserNey, usesBackOff: true),
      "ukni": Method(name: .kneserNey), "wbi": Method(name: .wittenBell), "wb": Method(name: .wittenBell, usesBackOff: true),
      "cd": Method(name: .absoluteDiscounting, usesBackOff: true, discount: 0.75),
      "cdi": Method(name: .absoluteDiscounting, discount: 0.75), "gt": Method(name: .katz, usesBackOff: true),
      "add1": Method(name: .additive, usesBackOff: true), "add01": Method(name: .additive, usesBackOff: true, alpha: 0.1)]
    for pair in ["brown", "brownchar"] {
      let p = pair == "brown" ? Pair.brown : .brownCharacters
      let data = try p.data()
      for r in rows where r[0] == pair {
        let m = try p.model(data, methods[r[1]]!, order: Int(r[3])!)
        let e = try p.evaluation(of: m)
        let ppl = e.perplexityExcludingOutOfVocabulary
        let known = e.knownTotal.log10
        print(r[0], r[1], r[3], r[10], ppl, String(format: "%.2e", ppl / Double(r[10])! - 1), "log10", r[9], known, m.description.notes)
      }
    }
  }
}
