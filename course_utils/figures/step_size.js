function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { x, hs, curves, limits, untrue } = model.get("data");
  const view = plot(picture, {
    height: 330, x: [hs[0], hs[hs.length - 1]], y: limits, log: true, xlog: true,
    xlabel: "step h", ylabel: "error of the derivative",
    label: "The error of a numerical derivative against its step. The line below says it.",
  });
  const truncation = view.line("gbh-3 gbh-dashed");
  const rounding = view.line("gbh-2 gbh-dotted");
  const best = view.line("gbh-4 gbh-dashdot");
  const errors = view.line("gbh-1");
  errors.node.style.strokeWidth = 1.5;
  const dot = view.dot("gbh-0", 6);
  const none = view.text("gbh-0 gbh-halo", "middle");
  const [, cutting, , marked] = legend(picture, [
    ["gbh-1", "error, computed"],
    ["gbh-3 gbh-dashed", "theory: truncation"],
    ["gbh-2 gbh-dotted", "theory: rounding"],
    ["gbh-4 gbh-dashdot", "theory’s best h"],
  ]);

  const tell = (v) => v.toExponential(1).replace("-", "\u2212").replace(".0e", "e")
    .replace("e+0", "");
  pick(controls, model, "h", { label: "step h", values: hs, format: tell });
  if (Object.keys(curves).length > 1) {
    choice(controls, model, "function", {
      label: "function", choices: Object.keys(curves).map((name) => [name, name]),
    });
  }
  choice(controls, model, "scheme", {
    label: "scheme",
    choices: [
      ["forward", "forward: (f(x + h) − f(x)) / h"],
      ["central", "central: (f(x + h) − f(x − h)) / 2h"],
      ["complex", "complex step: Im f(x + ih) / h"],
    ],
  });
  choice(controls, model, "dtype", {
    label: "numbers", choices: [["float64", "float64"], ["float32", "float32"]],
  });
  dragged(view.svg, (at) => {
    const places = hs.map(view.X);
    model.set("h", hs[nearest(places, at)]);
  }, () => model.save_changes());

  follow(model, ["h", "function", "scheme", "dtype"], () => {
    const [name, scheme, dtype] = ["function", "scheme", "dtype"].map((t) => model.get(t));
    const curve = curves[name][dtype][scheme];
    const i = nearest(hs.map(Math.log10), Math.log10(model.get("h")));
    const shown = { errors, truncation, rounding, best, dot };
    for (const part of Object.values(shown)) part.node.style.display = curve ? "" : "none";
    marked.node.hidden = !curve?.best;
    cutting.node.hidden = !curve?.truncation[i];
    none.put(1e-8, 1e-8, curve ? "" : "This function has no complex step.");
    const way = { forward: "Forward", central: "Central", complex: "Complex step" }[scheme];
    const start = `${way}, ${dtype}, x = ${numbers(x)}, h = ${tell(hs[i])}:`;
    if (!curve) {
      say(`${start} no value, since ${name} does not take complex numbers through.`);
      return;
    }
    const floor = Math.max(limits[0], curve.known);
    const seen = curve.errors.map((e, k) => [hs[k], e]).filter(([, e]) => e !== null);
    errors.put(seen.map(([h]) => h), seen.map(([, e]) => Math.max(e, floor)));
    truncation.put(hs, curve.truncation);
    rounding.put(hs, curve.rounding);
    best.put(curve.best ? [curve.best, curve.best] : [], limits);
    const error = curve.errors[i];
    dot.node.style.display = error === null ? "none" : "";
    if (error !== null) dot.put(hs[i], Math.max(error, floor));

    let told = `error ${tell(error ?? 1)}.`;
    if (error === null) told = "no finite value.";
    else if (error <= floor) told = `error below ${tell(floor)}, all that float64 can tell.`;
    const [cut, round] = [curve.truncation[i], curve.rounding[i]];
    // Whether a step is lost when it is added to x, in the dtype that is chosen.
    const held = dtype === "float32" ? Math.fround : (v) => v;
    const lost = scheme !== "complex" && held(x + hs[i]) === x && held(x - hs[i]) === x;
    let why = cut > round ? " Truncation prevails: h is large." : " Rounding prevails: h is small.";
    if (scheme === "complex" && cut <= round) {
      why = " Nothing is subtracted, so a small h costs nothing.";
    }
    if (lost) why = " x + h is rounded to x, so the difference is 0.";
    if (error === null) why = "";
    if (untrue.includes(name)) {
      why = " No h brings the error near 0: the derivative that was given is not true.";
    }
    const mark = curve.best ? ` Theory’s best h: ${tell(curve.best)}.` : "";
    say(`${start} ${told}${why}${mark}`);
  });
}

export default { render };
