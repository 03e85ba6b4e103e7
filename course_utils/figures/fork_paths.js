function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const data = model.get("data");
  const { xs, limits, labels } = data;
  const ends = [xs[0], xs[xs.length - 1]];
  const room = (ends[1] - ends[0]) * 0.03; // for the bars at both ends
  const view = plot(picture, {
    x: [ends[0] - room, ends[1] + room], y: limits, xlabel: "x", ylabel: "contribution to dp/dx",
    label: `The two paths of p = u v, ${labels.join(", ")}. The line below says their numbers.`,
  });
  view.line("gbh-0").put([ends[0] - room, ends[1] + room], [0, 0]);
  view.marks.lastChild.style.strokeWidth = 1;
  view.line("gbh-1 gbh-dashed").put(xs, data.through_u);
  view.line("gbh-2 gbh-dotted").put(xs, data.through_v);
  const sum = view.line("gbh-0");
  const bars = ["gbh-1", "gbh-2"].map((hue) => shape(view.marks, "rect", {
    class: `gbh-bar ${hue}`, width: 12,
  }));
  const letters = ["u", "v"].map((_, k) => view.text(`gbh-${k + 1} gbh-halo`, "middle"));
  const dot = view.dot("gbh-0", 6);
  const [, , third] = legend(picture, [
    ["gbh-1 gbh-dashed", `path through u: v · du/dx, with ${labels[0]}`],
    ["gbh-2 gbh-dotted", `path through v: u · dv/dx, with ${labels[1]}`],
    ["gbh-0", "slope of p, measured from values of p alone"],
  ]);

  pick(controls, model, "x", { label: "x", values: xs });
  const asked = prediction(controls, model, "guess", {
    label: "dp/dx at this x is",
    reveal() {
      model.set("guess_x", xs[nearest(xs, model.get("x"))]);
      model.save_changes();
      again.focus();
    },
  });
  const again = button(controls, "Hide the slope and predict anew", () => {
    model.set("guess", null);
    model.set("guess_x", null);
    model.save_changes();
    asked.input.value = "";
    asked.input.focus();
  });
  const form = asked.input.form;

  dragged(view.svg, (at) => {
    model.set("x", xs[nearest(xs.map(view.X), at)]);
  }, () => model.save_changes());

  const judge = (i, guess) => {
    const [a, b, total] = [data.through_u[i], data.through_v[i], data.total[i]];
    const off = Math.max(0.01 * Math.abs(total), 0.005);
    const is = (value) => Math.abs(guess - value) <= off;
    if (is(total)) return "Your prediction is right.";
    const said = `You predicted ${numbers(guess)}`;
    if (is(a) || is(b)) return `${said}: that is one path alone. The other one adds its part.`;
    if (is(a * b)) {
      return `${said}: that is the product of the two contributions. Along a path, multiply; over `
        + "all paths, add.";
    }
    if (is(data.du[i] * data.dv[i])) {
      return `${said}: that is du/dx · dv/dx. But while one factor moves, the other one is held.`;
    }
    if (is(data.du[i] + data.dv[i])) {
      return `${said}: that is du/dx + dv/dx. On its way to p each is multiplied by the other factor.`;
    }
    if (is(Math.abs(a) + Math.abs(b)) || is(a - b) || is(b - a)) {
      return `${said}: look at the signs. A negative contribution takes away.`;
    }
    return `${said}.`;
  };

  follow(model, ["x", "guess", "guess_x"], () => {
    const i = nearest(xs, model.get("x"));
    const [x, a, b, total] = [xs[i], data.through_u[i], data.through_v[i], data.total[i]];
    const guess = model.get("guess");
    const known = guess !== null && guess !== undefined;
    // Before the prediction both bars stand on 0; then the second one is put on the first.
    const base = known ? a : 0;
    [[0, a], [base, base + b]].forEach(([from, to], k) => {
      bars[k].classList.toggle("gbh-eases", known && model.get("guess_x") === x);
      const [high, low] = [Math.max(from, to), Math.min(from, to)].map((v) => view.Y(v));
      set(bars[k], { x: view.X(x) + (k ? 1 : -13), y: high, height: Math.max(1, low - high) });
      // The letter stands behind the foot of its bar.
      letters[k].put(x, from, "uv"[k], k ? 8 : -8, to < from ? -5 : 15);
    });
    sum.put(known ? xs : [], data.total);
    dot.put(x, total);
    for (const node of [sum.node, dot.node]) node.style.display = known ? "" : "none";
    third.node.hidden = again.hidden = again.disabled = !known;
    form.hidden = known;
    const parts = `At x = ${numbers(x)}: through u, v · du/dx = ${numbers(data.v[i])} · `
      + `${numbers(data.du[i])} = ${numbers(a)}; through v, u · dv/dx = ${numbers(data.u[i])} · `
      + `${numbers(data.dv[i])} = ${numbers(b)}.`;
    if (!known) {
      say(`${parts} What is the slope of p here?`);
      return;
    }
    const there = model.get("guess_x") === x ? ` ${judge(i, guess)}` : "";
    say(`${parts} Added: ${numbers(a + b)}. Slope of p, measured: ${numbers(total)}.${there}`);
  });
}

export default { render };
