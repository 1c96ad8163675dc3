/// The script of the lesson's page.
///
/// It looks figures up in tables, and adds those of sums; it has no other formula.
///
/// The reader's input goes to the page as text and never as markup.
let lessonScript: StaticString = """
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  const say = (id, words) => { find(id).textContent = words; };
  const number = (value) => value === "inf" ? Infinity : value;
  const fixed = (value, decimals = 4) => {
    if (!Number.isFinite(value)) return "infinite";
    const words = value.toFixed(decimals);
    return words.replace("-", Number(words) === 0 ? "" : "\\u2212");
  };
  const whenMoved = (ids, update) => {
    for (const id of ids) find(id).addEventListener("input", update);
    update();
  };
  document.documentElement.classList.add("live");

  // A coin.
  whenMoved(["coin-heads", "coin-bet"], () => {
    const coin = data.coin;
    const step = Number(find("coin-heads").value);
    const bet = Number(find("coin-bet").value);
    say("coin-heads-value", fixed(step / coin.steps, 3));
    say("coin-bet-value", fixed(bet / coin.betSteps, 2));
    say("coin-entropy", fixed(coin.entropy[step]));
    say("coin-perplexity", fixed(coin.perplexity[step]));
    say("coin-cross", fixed(number(coin.cross[bet][step])));
    const marker = find("coin-plot-marker-0");
    marker.setAttribute("cx", coin.x[step]);
    marker.setAttribute("cy", coin.y[step]);
  });

  // Two distributions.
  const belief = data.belief;
  const steps = { p: [], q: [] };
  const sum = (table, first, second) =>
    first.reduce((total, p, outcome) => total + number(table[p][second[outcome]]), 0);
  const showBelief = () => {
    const { p, q } = steps;
    const entropy = sum(belief.information, p, p);
    const divergence = sum(belief.divergence, p, q);
    const width = (bits) => Math.min(100, bits / belief.stackBits * 100) + "%";
    say("belief-entropy", fixed(entropy));
    say("belief-divergence", fixed(divergence));
    say("belief-cross", fixed(sum(belief.information, p, q)));
    say("belief-reverse", fixed(sum(belief.divergence, q, p)));
    find("stack-entropy").style.width = width(entropy);
    find("stack-divergence").style.width = Number.isFinite(divergence)
      ? width(divergence) : "calc(100% - " + width(entropy) + ")";
    find("stack-divergence").classList.toggle("infinite", !Number.isFinite(divergence));
    const impossible = belief.outcomes.filter((name, outcome) => p[outcome] > 0 && q[outcome] === 0);
    say("belief-note", impossible.length === 0 ? ""
      : "Infinite: Q holds " + impossible.join(" and ") + " to be impossible, and P does not.");
  };
  // The others share what is left in proportion to what they had.
  const setBar = (name, outcome, value) => {
    const bars = steps[name];
    const others = [0, 1, 2].filter((other) => other !== outcome);
    const left = belief.steps - value;
    const had = bars[others[0]] + bars[others[1]];
    bars[outcome] = value;
    bars[others[0]] = Math.round(had === 0 ? left / 2 : left * bars[others[0]] / had);
    bars[others[1]] = left - bars[others[0]];
    showBars(name);
    showBelief();
  };
  const showBars = (name) => steps[name].forEach((value, outcome) => {
    const id = name + "-" + outcome;
    find(id).value = value;
    find(id + "-fill").style.height = value / belief.steps * 100 + "%";
    say(id + "-value", fixed(value / belief.steps, 2));
  });
  for (const name of ["p", "q"]) {
    for (const outcome of [0, 1, 2]) {
      const slider = find(name + "-" + outcome);
      const well = find(name + "-" + outcome + "-well");
      steps[name].push(Number(slider.defaultValue));
      slider.addEventListener("input", () => setBar(name, outcome, Number(slider.value)));
      const drag = (event) => {
        const frame = well.getBoundingClientRect();
        const share = (frame.bottom - event.clientY) / frame.height;
        const value = Math.round(belief.steps * Math.min(1, Math.max(0, share)));
        if (value !== steps[name][outcome]) setBar(name, outcome, value);
      };
      well.addEventListener("pointerdown", (event) => {
        // A pointer that is made up by a script cannot be captured.
        try { well.setPointerCapture(event.pointerId); } catch { }
        drag(event);
      });
      well.addEventListener("pointermove", (event) => { if (event.buttons & 1) drag(event); });
    }
    showBars(name);
  }
  showBelief();

  // Samples.
  let firstSample = 0;
  find("more-samples").addEventListener("click", () => {
    firstSample = (firstSample + data.shownSamples) % data.samples[0].length;
    data.samples.forEach((samples, order) => {
      for (let index = 0; index < data.shownSamples; index += 1) {
        say("sample-" + (order + 1) + "-" + index, samples[firstSample + index] || "(nothing)");
      }
    });
  });

  // A number in the place of zero.
  if (data.floors.length > 0) {
    whenMoved(["floor"], () => {
      const power = Number(find("floor").value);
      say("floor-value", "1e-" + power);
      say("floor-perplexity", data.floors[power - 1]);
    });
  }

  // Bits as bytes.
  whenMoved(["code-position"], () => {
    const count = data.code.length - 1;
    const position = Number(find("code-position").value);
    const bits = number(data.code[position]);
    say("code-position-value", position + " of " + count);
    say("code-bits", fixed(bits, 2));
    say("code-bytes", fixed(bits / 8, 2));
    for (let index = 0; index < count; index += 1) {
      find("chip-" + index).classList.toggle("ahead", index >= position);
    }
    const settled = position === count ? Infinity : Math.floor(bits / 8);
    for (let index = 0; find("byte-" + index); index += 1) {
      find("byte-" + index).classList.toggle("ahead", index >= settled);
    }
  });

  // Losses.
  whenMoved(["loss-probability"], () => {
    const hundredths = Number(find("loss-probability").value);
    const row = data.losses[hundredths - 1];
    say("loss-probability-value", fixed(hundredths / 100, 2));
    say("loss-right", row.right ? "right" : "wrong");
    say("loss-bits", fixed(row.bits));
    say("loss-nats", fixed(row.nats));
    say("loss-squared", fixed(row.squared));
    say("loss-gradient", fixed(row.gradient));
    say("loss-squared-gradient", fixed(row.squaredGradient));
    row.y.forEach((y, curve) => {
      find("loss-plot-marker-" + curve).setAttribute("cx", row.x);
      find("loss-plot-marker-" + curve).setAttribute("cy", y);
    });
  });

  // Exercises.
  const parsed = (text) => {
    const words = text.trim().toLowerCase().replace(/\\u2212/g, "-").replace(",", ".");
    if (/^\\+?(inf|infinity|infinite|\\u221e)$/.test(words)) return Infinity;
    const decimal = "[-+]?(?:\\\\d+\\\\.?\\\\d*|\\\\.\\\\d+)(?:e[-+]?\\\\d+)?";
    const match = new RegExp("^(" + decimal + ")(?:\\\\s*/\\\\s*(" + decimal + "))?$").exec(words);
    if (match === null) return NaN;
    return match[2] === undefined ? Number(match[1]) : Number(match[1]) / Number(match[2]);
  };
  const isNear = (value, target, tolerance) => value === target
    || Number.isFinite(target) && Math.abs(value - target) <= tolerance * Math.abs(target);
  const verdict = (exercise, text) => {
    if (text.trim() === "") return ["unread", "Write a number, such as 1.73, 1/9 or inf."];
    const value = parsed(text);
    if (Number.isNaN(value)) {
      return ["unread", "That is not a number: write one such as 1.73, 1/9 or inf."];
    }
    if (isNear(value, number(exercise.answer), exercise.tolerance)) return ["right", exercise.praise];
    const mistake = exercise.mistakes.find(
      (mistake) => isNear(value, number(mistake.value), exercise.tolerance));
    if (mistake !== undefined) return ["wrong", "Not yet. " + mistake.words];
    if (exercise.least !== null && value < exercise.least.value) {
      return ["wrong", "Not yet. " + exercise.least.words];
    }
    if (exercise.most !== null && value > exercise.most.value) {
      return ["wrong", "Not yet. " + exercise.most.words];
    }
    return ["wrong", "Not yet; this is not one of the common mistakes. Try again, or see how to find it."];
  };
  const solved = new Set();
  data.exercises.forEach((exercise, index) => {
    const check = () => {
      const [kind, words] = verdict(exercise, find("answer-" + index).value);
      say("feedback-" + index, words);
      find("feedback-" + index).className = "feedback " + kind;
      if (kind === "right") solved.add(index);
      say("exercise-count", solved.size + " of " + data.exercises.length + " solved.");
    };
    find("check-" + index).addEventListener("click", check);
    find("answer-" + index).addEventListener("keydown", (event) => {
      if (event.key === "Enter") check();
    });
  });
  """
