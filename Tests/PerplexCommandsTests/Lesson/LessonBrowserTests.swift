import Foundation
import InformationTheory
import TestSupport
import Testing

@testable import Lesson

/// The page in a browser, its sliders, bars and exercises driven by script.
@Suite(
  "lesson: in a browser",
  .slow,
  .enabled(if: HeadlessBrowser.isThere, HeadlessBrowser.absence)
)
struct LessonBrowserTests {
  /// Functions that the tests' scripts share: move a slider, and read figures as numbers.
  private static let tools = """
    const at = (id) => document.getElementById(id);
    const text = (id) => at(id).textContent;
    const figure = (id) => text(id).replace("\\u2212", "-").replaceAll(",", "");
    const move = (id, value) => {
      at(id).value = value;
      at(id).dispatchEvent(new Event("input", { bubbles: true }));
    };
    """

  private func outcome(
    of script: String,
    width: Int = 1200
  ) throws -> [String: Any] {
    let page = try LessonSample.page()
    let outcome = try HeadlessBrowser.open(page, width: width, running: Self.tools + script)
    #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
    return outcome.object
  }

  /// Whether the page shows `expected`, to the four decimals that it has.
  private func shows(_ figure: String?, _ expected: Double) -> Bool {
    guard let figure else { return false }
    if expected == .infinity { return figure == "infinite" }
    guard let number = Double(figure) else { return false }
    return abs(number - expected) < 0.000_051
  }

  @Test func `the coin's sliders show entropy and cross-entropy`() throws {
    let settings = [(180, 15), (0, 0), (100, 10), (37, 3), (200, 0), (1, 0), (163, 20), (200, 20)]
    let script = """
      const rows = [];
      for (const [heads, bet] of \(settings.map { [$0.0, $0.1] })) {
        move("coin-heads", heads);
        move("coin-bet", bet);
        rows.push([figure("coin-entropy"), figure("coin-perplexity"), figure("coin-cross"),
          figure("coin-heads-value"), at("coin-plot-marker-0").getAttribute("cx")]);
      }
      return { rows };
      """
    let rows = try #require(try outcome(of: script)["rows"] as? [[String]])
    try #require(rows.count == settings.count)
    for (row, setting) in zip(rows, settings) {
      let heads = Double(setting.0) / 200
      let coin = try Distribution([heads, 1 - heads])
      let bet = try Distribution([Double(setting.1) / 20, 1 - Double(setting.1) / 20])
      #expect(shows(row[0], coin.entropyBits))
      #expect(shows(row[1], coin.perplexity))
      #expect(shows(row[2], coin.crossEntropyBits(predictedBy: bet)), "\(setting)")
      #expect(shows(row[3], heads))
    }
    #expect(Set(rows.map { $0[4] }).count > 5)
  }

  @Test func `bars move by slider and by pointer, and stay distributions`() throws {
    let script = """
      const rows = [];
      const read = () => rows.push({
        p: [0, 1, 2].map((bar) => Number(at("p-" + bar).value)),
        q: [0, 1, 2].map((bar) => Number(at("q-" + bar).value)),
        words: [0, 1, 2].map((bar) => text("q-" + bar + "-value")),
        figures: ["entropy", "divergence", "cross", "reverse"].map((name) => figure("belief-" + name)),
        note: text("belief-note"),
      });
      read();
      move("p-0", 13); read();
      move("q-2", 0); read();
      move("p-2", 0); read();
      move("q-1", 20); read();
      move("q-0", 7); read();
      const well = at("q-0-well");
      const frame = well.getBoundingClientRect();
      const point = (kind, share) => well.dispatchEvent(new PointerEvent(kind, {
        bubbles: true, pointerId: 1, buttons: 1, clientX: frame.left + 5,
        clientY: frame.bottom - share * frame.height }));
      point("pointerdown", 0.25); read();
      point("pointermove", 0.75); read();
      point("pointermove", 1.5); read();
      return { rows };
      """
    let rows = try #require(try outcome(of: script)["rows"] as? [[String: Any]])
    try #require(rows.count == 9)
    for row in rows {
      let p = try #require(row["p"] as? [Int])
      let q = try #require(row["q"] as? [Int])
      #expect(p.reduce(0, +) == 20 && q.reduce(0, +) == 20)
      let truth = try Distribution(p.map { Double($0) / 20 })
      let model = try Distribution(q.map { Double($0) / 20 })
      let figures = try #require(row["figures"] as? [String])
      #expect(shows(figures[0], truth.entropyBits))
      #expect(shows(figures[1], truth.divergenceBits(from: model)), "\(p) \(q)")
      #expect(shows(figures[2], truth.crossEntropyBits(predictedBy: model)))
      #expect(shows(figures[3], model.divergenceBits(from: truth)))
      let note = row["note"] as? String
      #expect((note == "") == (figures[1] != "infinite"))
      #expect(row["words"] as? [String] == q.map { String(format: "%.2f", Double($0) / 20) })
    }
    func steps(_ row: Int, _ name: String) -> [Int]? { rows[row][name] as? [Int] }
    #expect(steps(1, "p")?[0] == 13)
    #expect(steps(2, "q")?[2] == 0)
    #expect((rows[2]["note"] as? String)?.contains("rain to be impossible") == true)
    #expect(steps(4, "q") == [0, 20, 0])
    #expect(steps(6, "q")?[0] == 5 && steps(7, "q")?[0] == 15 && steps(8, "q")?[0] == 20)
  }

  @Test func `the slider of a prediction shows its losses`() throws {
    let script = """
      const rows = [];
      for (let hundredths = 1; hundredths < 100; hundredths += 1) {
        move("loss-probability", hundredths);
        rows.push(["loss-right", "loss-bits", "loss-nats", "loss-squared", "loss-gradient",
          "loss-squared-gradient"].map(figure));
      }
      return { rows };
      """
    let rows = try #require(try outcome(of: script)["rows"] as? [[String]])
    #expect(rows.count == 99)
    for (row, index) in zip(rows, 1...) {
      let probability = Double(index) / 100
      let nats = CrossEntropyLoss.binaryNats(label: 1, probability: probability)
      let logits = [0, log(probability / (1 - probability))]
      #expect(row[0] == (index > 50 ? "right" : "wrong"))
      #expect(shows(row[1], nats * bitsPerNat))
      #expect(shows(row[2], nats))
      #expect(shows(row[3], SquaredErrorLoss.value(target: [0, 1], logits: logits)))
      #expect(shows(row[4], CrossEntropyLoss.gradient(target: [0, 1], logits: logits)[1]))
      #expect(shows(row[5], SquaredErrorLoss.gradient(target: [0, 1], logits: logits)[1]))
    }
  }

  @Test func `floors, samples and the code move as the library computed them`() throws {
    let figures = try LessonSample.figures()
    let script = """
      const floors = [];
      for (let power = 1; power <= 12; power += 1) {
        move("floor", power);
        floors.push(text("floor-perplexity"));
      }
      const samples = [];
      for (let press = 0; press < 4; press += 1) {
        samples.push([1, 2, 3, 4, 5].map((order) => [0, 1, 2].map((n) => text(`sample-${order}-${n}`))));
        at("more-samples").click();
      }
      const bits = [];
      const count = Number(at("code-position").max);
      for (let position = 0; position <= count; position += 1) {
        move("code-position", position);
        bits.push([figure("code-bits"), document.querySelectorAll(".code .ahead").length,
          document.querySelectorAll(".chip.ahead").length]);
      }
      return { floors, samples, bits };
      """
    let object = try outcome(of: script)
    #expect(
      object["floors"] as? [String]
        == figures.zeros.flooredPerplexities.map { LessonPage.perplexity($0) }
    )
    let samples = try #require(object["samples"] as? [[[String]]])
    for press in 0..<4 {
      for order in 0..<5 {
        let expected = figures.orders.rows[order].samples[(press * 3 % 9)..<(press * 3 % 9 + 3)]
        #expect(samples[press][order] == expected.map { $0.isEmpty ? "(nothing)" : $0 })
      }
    }
    let bits = try #require(object["bits"] as? [[Any]])
    let characters = figures.code.characters
    #expect(bits.count == characters.count + 1)
    for (position, row) in bits.enumerated() {
      let expected = position == 0 ? 0 : characters[position - 1].bitsSoFar
      let shown = try #require((row[0] as? String).flatMap { Double($0) })
      #expect(abs(shown - expected) < 0.0051)
      #expect(row[2] as? Int == characters.count - position)
    }
    #expect(bits.first?[1] as? Int == figures.code.code.count)
    #expect(bits.last?[1] as? Int == 0)
  }

  @Test func `each exercise takes the right answer and names each mistake`() throws {
    let exercises = try LessonSample.figures().exercises
    func typed(_ value: Double) -> String {
      value.isInfinite ? "inf" : String(format: "%.5g", value)
    }
    let answers = exercises.map { [typed($0.answer)] + $0.mistakes.map { typed($0.value) } }
    let json = try JSONSerialization.data(withJSONObject: answers)
    let script = """
      const answers = \(String(decoding: json, as: UTF8.self));
      const told = answers.map((list, index) => list.map((answer) => {
        at("answer-" + index).value = answer;
        at("check-" + index).click();
        return text("feedback-" + index);
      }));
      const marks = answers.map((list, index) => {
        at("answer-" + index).value = list[0];
        at("answer-" + index).dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
        return at("feedback-" + index).className;
      });
      return { told, marks, count: text("exercise-count") };
      """
    let object = try outcome(of: script)
    let told = try #require(object["told"] as? [[String]])
    try #require(told.count == 8)
    for (exercise, words) in zip(exercises, told) {
      #expect(words[0] == exercise.praise)
      for (mistake, feedback) in zip(exercise.mistakes, words.dropFirst()) {
        #expect(feedback == "Not yet. " + mistake.words, "\(exercise.title)")
      }
    }
    #expect(object["marks"] as? [String] == Array(repeating: "feedback right", count: 8))
    #expect(object["count"] as? String == "8 of 8 solved.")
  }

  @Test func `answers are read as people write them`() throws {
    let cases = [
      (0, "0,469", "right"), (0, " 4.69e-1 ", "right"), (0, "0.4", "wrong"), (0, "", "unread"),
      (0, "about a half", "unread"), (0, "1,000.5", "unread"), (0, "-0.469", "wrong"),
      (0, "\u{2212}0.469", "wrong"), (0, "1.2", "wrong"), (1, "1/9", "right"),
      (1, "2 / 18", "right"), (1, ".1111", "right"), (1, "1/8.5", "wrong"), (1, "1/0", "wrong"),
      (1, "0/0", "unread"), (6, "∞", "right"), (6, "Infinity", "right"), (6, "+inf", "right"),
      (6, "-inf", "unread"), (6, "1e300", "wrong"), (3, "0.062", "wrong"),
    ]
    let json = try JSONSerialization.data(withJSONObject: cases.map { ["\($0.0)", $0.1] })
    let script = """
      return { told: \(String(decoding: json, as: UTF8.self)).map(([index, answer]) => {
        at("answer-" + index).value = answer;
        at("check-" + index).click();
        return [at("feedback-" + index).className, text("feedback-" + index)];
      }) };
      """
    let told = try #require(try outcome(of: script)["told"] as? [[String]])
    try #require(told.count == cases.count)
    for (words, expected) in zip(told, cases) {
      #expect(words[0] == "feedback \(expected.2)", "\(expected)")
    }
    #expect(told.last?[1].contains("never below 1") == true)
    #expect(told[6][1].contains("never negative") && told[7][1].contains("never negative"))
    #expect(told[8][1].contains("one bit at most"))
  }

  @Test func `on real text every control moves from end to end without a complaint`() throws {
    let corpus = "\(URL(fileURLWithPath: #filePath).path)/../../../../corpora/letters/held-out.txt"
    let path = URL(fileURLWithPath: corpus).standardized.path
    let lesson = try Workbench().run("lesson", path, "-o", "-")
    #expect(lesson.code == 0, "\(lesson.errors)")
    let script = """
      let count = 0;
      for (const slider of document.querySelectorAll("input[type=range]")) {
        for (const value of [slider.min, slider.max, slider.defaultValue]) {
          move(slider.id, value);
          count += 1;
        }
      }
      for (const button of document.querySelectorAll("button")) button.click();
      return { count, words: document.querySelector("main").innerText };
      """
    let outcome = try HeadlessBrowser.open(lesson.output, running: Self.tools + script)
    #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
    #expect(outcome.object["count"] as? Int == 33)
    let words = try #require(outcome.object["words"] as? String)
    for wrong in ["NaN", "undefined", "null", "[object"] { #expect(!words.contains(wrong)) }
    #expect(words.contains("Write a number, such as 1.73, 1/9 or inf."))
  }

  @Test(arguments: [500, 1200])
  func `nothing sticks out of the page, and figures without a script are those with one`(
    width: Int
  ) throws {
    let script = """
      const ids = ["coin-entropy", "coin-perplexity", "coin-cross", "belief-entropy",
        "belief-divergence", "belief-cross", "belief-reverse", "floor-perplexity", "code-bits",
        "code-bytes", "loss-bits", "loss-nats", "loss-squared", "loss-gradient",
        "loss-squared-gradient", "floor-value", "code-position-value", "coin-bet-value"];
      return {
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        hidden: [...document.querySelectorAll(".live-only")]
          .filter((part) => getComputedStyle(part).display === "none").length,
        figures: Object.fromEntries(ids.map((id) => [id, text(id)])),
      };
      """
    let object = try outcome(of: script, width: width)
    #expect(object["overflow"] as? Int == 0)
    #expect(object["hidden"] as? Int == 0)
    let figures = try #require(object["figures"] as? [String: String])
    let page = try LessonSample.page()
    for (id, figure) in figures {
      #expect(page.contains("id=\"\(id)\"") && figure != "")
      #expect(
        page.contains(">\(figure)<"),
        "\(id) is not \(figure) in the page as it is written"
      )
    }
  }
}
