function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { reach, view: wide, step, slopes } = model.get("data");
  const heights = [[-0.25, 2.25], [-0.08, 1.12]];
  const view = plot(picture, {
    height: 230, x: [-wide, wide], y: heights[0], ylabel: "f(x)",
    label: "A function with a kink at 0, and the secant of a central difference.",
  });
  const below = plot(picture, {
    height: 165, x: [-wide, wide], y: heights[1], ylabel: "error", xlabel: "x",
    label: "The error of the central difference at every x, for the present step.",
  });
  const bands = [view, below].map((within) => shape(within.marks, "rect", { class: "gbh-band" }));
  const curve = view.line("gbh-1");
  const tangent = view.line("gbh-0 gbh-dotted");
  const secant = view.line("gbh-2 gbh-dashed");
  const ends = [0, 1].map(() => shape(view.marks, "rect", {
    width: 10, height: 10, class: "gbh-dot gbh-2",
  }));
  const point = view.dot("gbh-0", 6);
  const error = below.line("gbh-2");
  const now = below.dot("gbh-0", 6);
  legend(picture, [
    ["gbh-2", "the two samples", "square"],
    ["gbh-2 gbh-dashed", "secant"],
    ["gbh-0 gbh-dotted", "true slope"],
    ["gbh-band", "x closer to the kink than h", "square"],
  ]);

  const exact = (value) => Number(value.toFixed(9));
  const format = (value) => exact(value).toString().replace("-", "−");
  slider(controls, model, "x", { label: "x", min: -reach, max: reach, step, format });
  slider(controls, model, "h", { label: "step h", min: 0.1, max: 1, step, format });
  choice(controls, model, "kind", {
    label: "function", choices: [["ReLU", "ReLU"], ["abs", "absolute value"]],
  });
  const move = (x) => model.set("x", exact(
    Math.min(reach, Math.max(-reach, Math.round(x / step) * step)),
  ));
  draggedIn(view, move, () => model.save_changes());

  follow(model, ["x", "h", "kind"], () => {
    const [x, h, kind] = [exact(model.get("x")), exact(model.get("h")), model.get("kind")];
    const [left, at, right] = slopes[kind];
    const f = (t) => (t > 0 ? right : left) * t;
    const slopeOf = (t) => (t > 0 ? right : t < 0 ? left : at);
    const numeric = (t) => exact((f(t + h) - f(t - h)) / (2 * h));
    const [a, b] = [exact(x - h), exact(x + h)];
    const [found, true_] = [numeric(x), slopeOf(x)];
    const gap = exact(Math.abs(found - true_));
    curve.put([-wide, 0, wide], [f(-wide), 0, f(wide)]);
    tangent.put([x - 0.9, x + 0.9], [f(x) - 0.9 * true_, f(x) + 0.9 * true_]);
    secant.put([a, b], [f(a), f(b)]);
    ends.forEach((node, n) => {
      const t = n ? b : a;
      set(node, { x: view.X(t) - 5, y: view.Y(f(t)) - 5 });
    });
    point.put(x, f(x));
    [view, below].forEach((within, n) => set(bands[n], {
      x: within.X(-h), width: within.X(h) - within.X(-h),
      y: within.Y(heights[n][1]), height: within.Y(heights[n][0]) - within.Y(heights[n][1]),
    }));
    // Beside 0, not at it: there the slope is a convention.
    const xs = [-wide, -h, -1e-6, 1e-6, h, wide];
    error.put(xs, xs.map((t) => Math.abs((f(t + h) - f(t - h)) / (2 * h) - slopeOf(t))));
    now.put(x, gap);

    const samples = `Samples at ${numbers(a)} and ${numbers(b)}: `
      + `central difference ${numbers(found)}, true slope ${numbers(true_)}`;
    const d = Math.abs(x);
    const half = (right - left) / 2;
    if (d >= h) {
      say(`${samples}, error ${numbers(gap)}. The kink is ${numbers(d)} away, not closer than the `
        + `step ${numbers(h)}: both samples lie on one straight piece.`);
    } else if (d === 0) {
      say(`${samples} by convention, error ${numbers(gap)}. On the kink itself there is no `
        + "derivative: the difference gives the mean of both slopes.");
    } else {
      say(`${samples}, error ${numbers(gap)} = ${numbers(half)} · (1 − d/h), since the kink is `
        + `d = ${numbers(d)} away, closer than the step h = ${numbers(h)}.`);
    }
  });
}

export default { render };
