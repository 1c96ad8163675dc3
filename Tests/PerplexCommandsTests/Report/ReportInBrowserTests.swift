import Foundation
import TestSupport
import Testing

@Suite(
  "A report in a browser",
  .slow,
  .enabled(if: HeadlessBrowser.isThere, HeadlessBrowser.absence)
)
struct ReportInBrowserTests {
  @Test("pointer and arrow keys tell of a token what the library found")
  func tells() throws {
    let bench = try reportBench()
    let page = bench.report("@three", "@one", "--on", "@test.txt", "-o", "-").output
    let outcome = try HeadlessBrowser.open(
      page,
      running: """
        const map = document.querySelector(".map");
        const tokens = map.querySelectorAll("i");
        const panel = document.querySelector(".panel");
        tokens[2].dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        const pointed = panel.textContent;
        const quiet = panel.getAttribute("aria-live");
        const press = (key) =>
          map.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        press("ArrowRight");
        const right = document.querySelector(".map i[id]").textContent;
        press("ArrowDown");
        const down = document.querySelector(".map i[id]").parentElement.textContent;
        press("End");
        const end = document.querySelector(".map i[id]").number;
        press("ArrowRight");
        return {
          pointed, quiet, right, down, end, count: tokens.length,
          bits: data.models[0].bits[2], spoken: panel.getAttribute("aria-live"),
          alternatives: panel.querySelectorAll("li").length,
        };
        """
    )
    #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
    let told = outcome.object
    let bits = try #require(told["bits"] as? Double)
    let pointed = try #require(told["pointed"] as? String)
    #expect(pointed.hasPrefix("sang: \(String(format: "%.2f", bits)) bits, probability "))
    #expect(pointed.contains("bits were expected here"))
    #expect(told["quiet"] as? String == "off")
    #expect(told["spoken"] as? String == "polite")
    #expect(told["right"] as? String == "<")
    #expect((told["down"] as? String)?.hasSuffix("\u{21B5}") == true)
    #expect(told["end"] as? Int == (told["count"] as? Int).map { $0 - 1 })
    #expect(told["alternatives"] as? Int == 5)
  }

  @Test("one model is shown at a time, and cheap tokens fade")
  func tools() throws {
    let bench = try reportBench()
    let page = bench.report("@three", "@one", "--on", "@test.txt", "-o", "-").output
    let outcome = try HeadlessBrowser.open(
      page,
      width: 390,
      running: """
        const seen = () => Array.from(document.querySelectorAll(".reading")).map((s) => !s.hidden);
        const before = seen();
        const choice = document.querySelector("#tools select");
        choice.value = "1";
        choice.dispatchEvent(new Event("change"));
        const fade = document.querySelector("#tools input");
        fade.value = "7";
        fade.dispatchEvent(new Event("input"));
        const faded = Array.from(document.querySelectorAll(".map i"))
          .map((token) => Number(getComputedStyle(token).opacity));
        return {
          before, after: seen(), told: document.querySelector("#tools output").textContent,
          opacities: Array.from(new Set(faded)).length,
          overflow: document.documentElement.scrollWidth - window.innerWidth,
        };
        """
    )
    #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
    #expect(outcome.object["before"] as? [Bool] == [true, false])
    #expect(outcome.object["after"] as? [Bool] == [false, true])
    #expect(outcome.object["told"] as? String == "below 15 bits")
    #expect((outcome.object["overflow"] as? Int ?? 1) <= 0)
  }
}
