import Pages
import TestSupport
import Testing

@Suite(
  "The browser that tests use",
  .slow,
  .enabled(if: HeadlessBrowser.isThere, HeadlessBrowser.absence)
)
struct HeadlessBrowserTests {
  private let page = Page(
    title: "t",
    script: PageScript(
      program: """
        const data = JSON.parse(document.getElementById("data").textContent);
        document.getElementById("sum").textContent = data.numbers.reduce((a, b) => a + b, 0);
        """,
      data: #"{"numbers":[1,2,3.5]}"#
    )
  ) { HTML("p", ["id": "sum"]) }

  @Test("a page's script runs on its data")
  func runs() throws {
    let outcome = try HeadlessBrowser.open(
      page.markup,
      running: "return { sum: document.getElementById('sum').textContent };"
    )
    #expect(outcome.object["sum"] as? String == "6.5")
    #expect(outcome.complaints.isEmpty)
  }

  @Test("errors, and whatever would be loaded, are complaints")
  func complains() throws {
    let outcome = try HeadlessBrowser.open(
      page.markup,
      running: """
        console.error("told");
        const image = document.createElement("img");
        image.src = "https://example.invalid/a.png";
        document.body.append(image);
        throw new Error("thrown");
        """
    )
    #expect(outcome.complaints.contains("error: told"))
    #expect(outcome.complaints.contains("Error: thrown"))
  }
}
