import Pages
import Terminal

extension LessonPage {
  var exercises: HTML {
    HTML("p") {
      """
      An answer is right if it is within \
      \(NumberFormat.percent(LessonExercise.tolerance)) of the exact one: give three digits or more. \
      Fractions such as 1/9, a decimal comma and inf are allowed.
      """
    }
      + HTML("p", ["class": "live-only", "id": "exercise-count", "aria-live": "polite"]) {
        "0 of \(figures.exercises.count) solved."
      }
      + HTML("ol", ["class": "exercises"]) {
        for (index, exercise) in figures.exercises.enumerated() { item(exercise, index) }
      }
  }

  private func item(_ exercise: LessonExercise, _ index: Int) -> HTML {
    HTML("li", ["id": "exercise-\(index)"]) {
      HTML("h3") { exercise.title }
      HTML("p") { exercise.task }
      HTML("div", ["class": "answer live-only"]) {
        HTML("label", ["for": "answer-\(index)"]) { exercise.label }
        HTML(
          "input",
          [
            "type": "text", "id": "answer-\(index)", "inputmode": "text", "autocomplete": "off",
            "size": "10", "aria-describedby": "feedback-\(index)",
          ]
        )
        HTML("button", ["type": "button", "id": "check-\(index)"]) { "Check" }
      }
      HTML("p", ["id": "feedback-\(index)", "class": "feedback", "aria-live": "polite"])
      HTML("details") {
        HTML("summary") { "How to find it" }
        HTML("p") { exercise.solution }
      }
    }
  }
}
