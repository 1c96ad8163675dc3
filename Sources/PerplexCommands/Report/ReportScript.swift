/// The script of a report: a token's figures under the pointer or the arrow keys, models one at a
/// time, cheap tokens faded.
///
/// It computes nothing; all it shows stands in the page's data.
let reportScript: StaticString = """
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const percent = (share) => {
    const value = 100 * share;
    return (value >= 1 ? value.toFixed(1) : value === 0 ? "0" : value.toPrecision(2)) + " %";
  };

  function describe(model, n, token) {
    const bits = model.bits[n];
    const facts = [];
    if (bits === null) {
      facts.push("no score");
    } else {
      facts.push(bits === "inf" ? "probability zero: infinite surprisal"
        : bits.toFixed(2) + " bits, probability " + model.probability[n]);
      if (token.classList.contains("unknown")) facts.push("out of vocabulary");
      if (model.order[n] > 0) facts.push("found with an n-gram of " + model.order[n]);
    }
    if (model.rank[n] !== null) facts.push("number " + model.rank[n] + " of the likeliest");
    if (model.expected[n] !== null) {
      facts.push(model.expected[n].toFixed(2) + " bits were expected here");
    }
    const word = make("strong", { textContent: token.textContent.trim() || "white space" });
    const lines = [make("p", {}, word, ": " + facts.join("; ") + ".")];
    const others = model.alternatives[n];
    if (others && others.length > 0) {
      const list = make("ol");
      for (let k = 0; k < others.length; k += 2) {
        const bar = make("span", { className: "bar" });
        bar.style.width = 8 * others[k + 1] + "rem";
        list.append(make("li", {},
          make("span", { textContent: model.words[others[k]] }),
          " " + percent(others[k + 1]) + " ", bar));
      }
      lines.push(list);
    }
    return lines;
  }

  for (const map of document.querySelectorAll(".map")) {
    const model = data.models[Number(map.dataset.model)];
    const tokens = Array.from(map.getElementsByTagName("i"));
    tokens.forEach((token, n) => { token.number = n; });
    const panel = make("div", { className: "panel", id: "panel-" + map.dataset.model });
    panel.setAttribute("role", "status");
    panel.append(make("p", { className: "quiet",
      textContent: "Point at a token, or go to the text and use the arrow keys." }));
    map.after(panel);
    let current = -1;
    const show = (n, announces) => {
      if (n < 0 || n >= tokens.length || n === current) return;
      if (current >= 0) tokens[current].removeAttribute("id");
      current = n;
      tokens[n].id = "current-" + map.dataset.model;
      panel.setAttribute("aria-live", announces ? "polite" : "off");
      panel.replaceChildren(...describe(model, n, tokens[n]));
    };
    const follow = (event) => {
      if (event.target.number !== undefined) show(event.target.number, false);
    };
    map.addEventListener("pointerover", follow);
    map.addEventListener("click", follow);
    map.addEventListener("keydown", (event) => {
      const line = current >= 0 ? tokens[current].parentElement : null;
      const lineOf = (other) => {
        while (other && !other.querySelector("i")) other = other[sibling];
        return other ? other.querySelector("i").number : current;
      };
      let sibling = "nextElementSibling";
      let next;
      if (event.key === "ArrowRight") next = current + 1;
      else if (event.key === "ArrowLeft") next = current - 1;
      else if (event.key === "ArrowDown") next = line ? lineOf(line.nextElementSibling) : 0;
      else if (event.key === "ArrowUp") {
        sibling = "previousElementSibling";
        next = line ? lineOf(line.previousElementSibling) : 0;
      } else if (event.key === "Home") next = 0;
      else if (event.key === "End") next = tokens.length - 1;
      else return;
      event.preventDefault();
      show(next, true);
      if (current >= 0) tokens[current].scrollIntoView({ block: "nearest" });
    });
  }

  const sections = Array.from(document.querySelectorAll(".reading"));
  const tools = document.getElementById("tools");
  if (sections.length > 1) {
    const choice = make("select");
    sections.forEach((section, n) => {
      choice.append(make("option", { value: n, textContent: data.models[n].name }));
    });
    const update = () => sections.forEach((section, n) => {
      section.hidden = n !== Number(choice.value);
    });
    choice.addEventListener("change", update);
    update();
    tools.append(make("label", {}, "Model ", choice));
  }
  const fade = make("input", { type: "range", min: 0, max: data.thresholds.length, value: 0 });
  const told = make("output", { textContent: "none" });
  fade.addEventListener("input", () => {
    const level = Number(fade.value);
    told.textContent = level === 0 ? "none" : "below " + data.thresholds[level - 1] + " bits";
    for (const map of document.querySelectorAll(".map")) {
      map.className = level === 0 ? "map" : "map fade" + level;
    }
  });
  tools.append(make("label", {}, "Fade tokens ", fade, " ", told));
  """
