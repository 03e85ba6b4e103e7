const NAMES = { sigmoid: "σ", tanh: "tanh", relu: "relu" };

function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { zs, curves, limits } = model.get("data");
  const reach = [zs[0], zs[zs.length - 1]];
  const met = {}; // for each kind, where the largest slope was that the learner came across
  let parts;

  // Each activation has axes of its own, while the slopes share theirs and can be compared.
  const draw = (kind) => {
    picture.textContent = "";
    const { y, slope } = curves[kind];
    const value = plot(picture, {
      height: 230, x: reach, y: limits[kind], ylabel: `${NAMES[kind]}(z)`,
      label: `The curve of ${kind} with its tangent. The line below says its slope.`,
    });
    value.line("gbh-1").put(zs, y);
    const rate = plot(picture, {
      height: 220, x: reach, y: [-0.1, 1.1], xlabel: "z", ylabel: `slope ${NAMES[kind]}′(z)`,
      label: `The slope of ${kind} at every z.`,
    });
    // Where the slope jumps there is no line between its two values.
    const cut = slope.findIndex((s, i) => i > 0 && Math.abs(s - slope[i - 1]) > 0.5);
    const ends = cut < 0 ? [0, zs.length] : [0, cut, zs.length];
    for (let k = 1; k < ends.length; k++) {
      rate.line("gbh-2").put(zs.slice(ends[k - 1], ends[k]), slope.slice(ends[k - 1], ends[k]));
    }
    parts = {
      value, rate, kind,
      tangent: value.line("gbh-2 gbh-dashed"),
      drops: [value.line("gbh-0 gbh-dotted"), rate.line("gbh-0 gbh-dotted")],
      dots: [value.dot("gbh-0", 6), rate.dot("gbh-2", 6)],
      words: rate.text("gbh-2 gbh-halo"),
    };
    if (cut > 0) rate.dot("gbh-2 gbh-hollow", 4).put(zs[cut - 1], slope[cut]);
    for (const drop of parts.drops) drop.node.style.strokeWidth = 1.5;
    for (const part of [value, rate]) {
      dragged(part.svg, (at) => {
        const z = reach[0] + ((at - part.X(reach[0])) / (part.X(reach[1]) - part.X(reach[0])))
          * (reach[1] - reach[0]);
        model.set("z", zs[nearest(zs, z)]);
      }, () => model.save_changes());
    }
  };

  pick(controls, model, "z", { label: "z", values: zs });
  choice(controls, model, "kind", {
    label: "activation",
    choices: [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"]],
  });

  follow(model, ["z", "kind"], () => {
    const kind = model.get("kind");
    if (kind !== parts?.kind) draw(kind);
    const i = nearest(zs, model.get("z"));
    const [z, y, slope] = [zs[i], curves[kind].y[i], curves[kind].slope[i]];
    parts.tangent.put([z - 1.5, z + 1.5], [y - 1.5 * slope, y + 1.5 * slope]);
    parts.drops[0].put([z, z], [limits[kind][0], y]);
    parts.drops[1].put([z, z], [slope, 1.1]);
    parts.dots[0].put(z, y);
    parts.dots[1].put(z, slope);
    const side = z > 2.5 ? -1 : 1;
    parts.words.node.setAttribute("text-anchor", side > 0 ? "start" : "end");
    parts.words.put(z, slope, numbers(slope), 12 * side, slope > 0.9 ? 18 : -10);
    met[kind] = slope > (met[kind]?.slope ?? -1) ? { slope, z } : met[kind];
    const most = `Largest slope that you have met: ${numbers(met[kind].slope)}, at z = `
      + `${numbers(met[kind].z)}.`;
    const kink = kind === "relu" && z === 0
      ? " ReLU has a kink here and no slope; by convention we take 0." : "";
    const name = NAMES[kind];
    say(`At z = ${numbers(z)}: ${name}(z) = ${numbers(y)}, slope ${name}′(z) = ${numbers(slope)}.`
      + `${kink} ${most}`);
  });
}

export default { render };
