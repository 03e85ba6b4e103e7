function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { xs, ys, slopes, label, limits, most } = model.get("data");
  const step = xs[1] - xs[0];
  const low = xs[0];
  const place = (x) => Math.min(xs.length - 1, Math.max(0, Math.round((x - low) / step)));
  const view = plot(picture, {
    x: [low, xs[xs.length - 1]], y: limits, xlabel: "x", ylabel: label,
    label: `The curve ${label} with a secant. The line below says its slope.`,
  });
  const curve = view.line("gbh-1");
  curve.put(xs, ys);
  const secant = view.line("gbh-2 gbh-dashed");
  const ends = [view.dot("gbh-2", 4), view.dot("gbh-2", 4)];
  const point = view.dot("gbh-0", 6);

  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + 1);
  const format = (v) => v.toFixed(decimals).replace(/0+$/, "").replace(/\.$/, "");
  slider(controls, model, "x", { label: "x", min: low, max: xs[xs.length - 1], step, format });
  slider(controls, model, "h", { label: "step h", min: step, max: most, step, format });
  choice(controls, model, "scheme", {
    label: "difference",
    choices: [["forward", "forward: from x to x + h"], ["central", "central: from x − h to x + h"]],
  });

  follow(model, ["x", "h", "scheme"], () => {
    const i = place(model.get("x"));
    const k = Math.max(1, Math.round(model.get("h") / step));
    const a = place(xs[model.get("scheme") === "central" ? Math.max(0, i - k) : i]);
    const b = Math.min(xs.length - 1, i + k);
    const slope = (ys[b] - ys[a]) / (xs[b] - xs[a]);
    const reach = [low, xs[xs.length - 1]];
    secant.put(reach, reach.map((x) => ys[a] + slope * (x - xs[a])));
    ends[0].put(xs[a], ys[a]);
    ends[1].put(xs[b], ys[b]);
    point.put(xs[i], ys[i]);
    const gap = slope - slopes[i];
    const central = model.get("scheme") === "central";
    const cut = b < i + k || (central && a > i - k)
      ? " The step is cut off at the edge of the picture." : "";
    say(`Slope of the secant ${numbers(slope)}. Slope of the curve ${numbers(slopes[i])}. `
      + `They differ by ${numbers(Math.abs(gap) < 1e-9 ? 0 : gap, 3)}.${cut}`);
  });
}

export default { render };
