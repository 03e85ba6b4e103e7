function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { norms, words, limit } = model.get("data");
  // Told apart by dash and by shape, not by colour alone.
  const mark = (parent, style, form, x, y) => (form === "square"
    ? shape(parent, "rect", { class: `gbh-dot ${style}`, x: x - 4, y: y - 4, width: 8, height: 8 })
    : shape(parent, "circle", { class: `gbh-dot ${style}`, cx: x, cy: y, r: 3.5 }));
  legend(picture, [
    ["gbh-2", "gradient, norm of dZ", "squares"],
    ["gbh-1 gbh-dashed", "activations, norm of A", "rounds"],
    ["gbh-0 gbh-dotted", `a factor ${limit} from the last gradient`],
  ]);
  const place = element(picture, "div");

  choice(controls, model, "activation", {
    label: "activation", choices: ["sigmoid", "tanh", "relu"].map((name) => [name, name]),
  });
  choice(controls, model, "init", { label: "weights", choices: Object.entries(words) });
  choice(controls, model, "depth", {
    label: "layers",
    choices: Object.keys(Object.values(norms)[0].gradients).map((depth) => [depth, depth]),
  });

  follow(model, ["activation", "init", "depth"], () => {
    const depth = model.get("depth");
    const found = norms[`${model.get("activation")} ${model.get("init")}`];
    const gradients = found.gradients[depth];
    const activations = found.activations.slice(0, Number(depth));
    const last = gradients.at(-1);
    const all = [...gradients, ...activations].filter((v) => v > 0);
    // At least seven powers of ten, so that a level line looks level.
    const y = [Math.min(1e-4, ...all) / 2, Math.max(1e3, ...all) * 2];
    place.replaceChildren();
    const view = plot(place, {
      x: [0, Number(depth) + 1], y, log: true, height: 280,
      xlabel: "layer (the input is at the left, the loss at the right)",
      label: "Norms of gradients and activations by layer. The line below tells them.",
    });
    for (const factor of [limit, 1 / limit]) {
      view.line("gbh-0 gbh-dotted").put([0, Number(depth) + 1], [last * factor, last * factor]);
    }
    const layers = gradients.map((_, i) => i + 1);
    const drawn = [
      [activations, "gbh-1 gbh-dashed", "round"],
      [gradients, "gbh-2", "square"],
    ];
    for (const [values, style, form] of drawn) {
      view.line(style).put(layers, values);
      layers.forEach((k, i) => {
        if (values[i] > 0) mark(view.marks, style.split(" ")[0], form, view.X(k), view.Y(values[i]));
      });
    }
    const ratio = gradients[0] / last;
    const word = ratio < 1 / limit ? `vanishes: the ratio is below 1/${limit}`
      : ratio > limit ? `explodes: the ratio is above ${limit}`
        : `keeps its size: the ratio is between 1/${limit} and ${limit}`;
    say(`Norm of dZ: ${numbers(gradients[0], 3)} in the first layer, ${numbers(last, 3)} in the last; `
      + `ratio first to last ${numbers(ratio, 3)}. The gradient ${word}. The activations go from `
      + `${numbers(activations[0], 3)} to ${numbers(activations.at(-1), 3)}.`);
  });
}

export default { render };
