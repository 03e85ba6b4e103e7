function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const data = model.get("data");
  const { zs, limits } = data;
  const most = data.products.sigmoid[0].length;
  const ns = Array.from({ length: most }, (_, i) => i + 1);
  const view = plot(picture, {
    height: 320, x: [0, most + 1], y: limits, log: true,
    xlabel: "number of activations n", ylabel: "product of the slopes",
    label: "The product of n slopes against n, on a logarithmic axis. The line below says it.",
  });
  const edge = (at, style, words, dy) => {
    const line = view.line(`gbh-2 ${style}`);
    line.put([0, most + 1], [at, at]);
    line.node.style.strokeWidth = 1.5;
    view.text("gbh-2 gbh-halo", "end").put(most + 1, at, words, -4, dy);
  };
  edge(data.raises, "gbh-dashed", "below: too small to raise 1 in float32", -5);
  edge(data.smallest, "gbh-dotted", "below: 0 in float32", -5);
  const rest = view.line("gbh-1 gbh-dotted");
  const taken = view.line("gbh-1");
  const dots = ns.map(() => view.dot("gbh-1", 3));
  const here = view.dot("gbh-0", 6);
  const none = view.text("gbh-1 gbh-halo", "middle");

  pick(controls, model, "n", { label: "activations n", values: ns });
  pick(controls, model, "z", { label: "pre-activation z", values: zs });
  choice(controls, model, "kind", {
    label: "activation",
    choices: [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"]],
  });

  dragged(view.svg, (at) => {
    model.set("n", ns[nearest(ns.map(view.X), at)]);
  }, () => model.save_changes());

  follow(model, ["n", "z", "kind"], () => {
    const [n, kind, i] = [model.get("n"), model.get("kind"), nearest(zs, model.get("z"))];
    const products = data.products[kind][i];
    const product = products[n - 1];
    const slope = data.slopes[kind][i];
    rest.put(ns, products);
    taken.put(ns.slice(0, n), products.slice(0, n));
    dots.forEach((dot, k) => {
      const shown = k < n - 1 && products[k] > limits[0];
      dot.node.style.display = shown ? "" : "none";
      if (shown) dot.put(ns[k], products[k]);
    });
    // A product below the axes is told at their lower edge, and 0, which is infinitely far, amid.
    const inside = product > limits[0];
    here.node.style.display = inside ? "" : "none";
    if (inside) here.put(n, product);
    const words = product === 0 ? "product 0: no place on a logarithmic axis" : "↓ far below";
    if (product === 0) none.put(most / 2, 1e-25, words);
    else none.put(Math.min(most - 6, Math.max(6, n)), limits[0], inside ? "" : words, 0, -5);

    const name = { sigmoid: "σ", tanh: "tanh", relu: "relu" }[kind];
    const [still, zero] = [data.still[kind][i], data.zero[kind][i]];
    let held = "Added to 1 in float32, it still counts.";
    if (zero !== null && n >= zero) {
      held = slope === 0 ? "Nothing comes through." : `In float32 it is 0, from n = ${zero} on.`;
    } else if (still !== null && n >= still) {
      held = `Added to 1 in float32, it changes nothing, as from n = ${still} on.`;
    }
    const many = n === 1 ? "One factor" : `Product of ${n}`;
    say(`Slope ${name}′(${numbers(zs[i])}) = ${numbers(slope)}. ${many}: ${numbers(product, 3)}. `
      + held);
  });
}

export default { render };
