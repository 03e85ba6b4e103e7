function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { label, view, at, gx, gy, most, scale, reach, lines, labels } = model.get("data");
  const step = at[1] - at[0];
  const place = (v) => Math.min(at.length - 1, Math.max(0, Math.round((v - at[0]) / step)));
  const [map, turn] = plotsBeside(picture, {
    width: 340, height: 322, x: view, y: view, xlabel: "x", ylabel: "y",
    label: `Contour lines of ${label}, with a point and arrows. The line below says the slopes.`,
  }, {
    width: 220, height: 322, x: [-180, 180], y: [-1.08 * most, 1.08 * most],
    xticks: [-180, -90, 0, 90, 180], xlabel: "direction (degrees)", ylabel: "slope",
    label: "The slope in every direction, with a mark at the present one.",
  });
  map.svg.classList.add("gbh-faint");
  for (const [xs, ys] of lines) map.line("gbh-contour").put(xs, ys);
  for (const [x, y, text] of labels) {
    const node = map.text("gbh-halo", "middle");
    node.put(x, y, text, 0, 4);
  }
  const drop = map.line("gbh-1 gbh-dotted");
  const along = map.line("gbh-2 gbh-thin");
  const gradient = arrowIn(map, "gbh-1", 12);
  const direction = arrowIn(map, "gbh-2 gbh-dashed", 12);
  const point = map.dot("gbh-0", 5);
  turn.line("gbh-0 gbh-thin").put([-180, 180], [0, 0]);
  const wave = turn.line("gbh-1");
  const angles = Array.from({ length: 181 }, (_, i) => 2 * i - 180);
  const top = turn.line("gbh-1 gbh-dotted");
  const mark = turn.dot("gbh-2", 6);
  const entries = legend(picture, [
    ["gbh-2 gbh-dashed", "direction", "arrow"],
    ["gbh-1", `gradient, drawn at ${numbers(scale)} of its length`, "arrow"],
    ["gbh-1 gbh-dotted", "its share along the direction"],
  ]);

  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + 1);
  const format = (v) => v.toFixed(decimals).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace("-", "−");
  const [min, max] = [at[0], at[at.length - 1]];
  for (const name of ["x", "y"]) slider(controls, model, name, { label: name, min, max, step, format });
  slider(controls, model, "angle", {
    label: "direction", min: -180, max: 180, step: 1, format: (v) => `${v}°`.replace("-", "−"),
  });
  toggle(controls, model, "shown", "show the gradient");
  draggedIn(map, (x, y) => {
    model.set("x", at[place(x)]);
    model.set("y", at[place(y)]);
  }, () => model.save_changes());

  follow(model, ["x", "y", "angle", "shown"], () => {
    const [i, j, angle, shown] = [
      place(model.get("x")), place(model.get("y")), model.get("angle"), model.get("shown"),
    ];
    const [x, y, a, b] = [at[i], at[j], gx[j][i], gy[j][i]];
    const exact = (v) => (Math.abs(v) < 1e-12 ? 0 : v);
    const unit = (degrees) => [
      exact(Math.cos(degrees * Math.PI / 180)), exact(Math.sin(degrees * Math.PI / 180)),
    ];
    const slopeAt = (degrees) => {
      const [u, v] = unit(degrees);
      return Math.abs(a * u + b * v) < 1e-8 * most ? 0 : a * u + b * v;
    };
    const [u, v] = unit(angle);
    const slope = slopeAt(angle);
    const length = Math.hypot(a, b);
    const steepest = Math.atan2(b, a) * 180 / Math.PI;
    point.put(x, y);
    direction.put(x, y, x + reach * u, y + reach * v);
    mark.put(angle, slope);
    for (const node of [drop.node, along.node, wave.node, top.node]) {
      node.style.display = shown ? "" : "none";
    }
    for (const { node } of entries.slice(1)) node.hidden = !shown;
    gradient.put(x, y, x + (shown ? scale * a : 0), y + (shown ? scale * b : 0));
    // The foot of the gradient on the direction: its distance from the point is the slope.
    const foot = [x + scale * slope * u, y + scale * slope * v];
    drop.put([x + scale * a, foot[0]], [y + scale * b, foot[1]]);
    along.put([x, foot[0]], [y, foot[1]]);
    wave.put(angles, angles.map(slopeAt));
    top.put([steepest, steepest], [-1.08 * most, length]);

    const here = `At (${numbers(x)}, ${numbers(y)}): `;
    const arrow = `(${numbers(u)}, ${numbers(v)})`;
    if (!shown) {
      say(`${here}in the direction ${arrow} the slope is ${numbers(slope)}. Turn the direction until `
        + "the slope is largest.");
    } else if (length === 0) {
      say(`${here}the gradient is (0, 0), so the slope is 0 in every direction.`);
    } else {
      const near = Math.abs(((angle - steepest + 540) % 360) - 180) <= 0.5;
      const flat = Math.abs(slope) < 0.01 * length;
      say(`${here}gradient · direction = (${numbers(a)}, ${numbers(b)}) · ${arrow} `
        + `= ${numbers(slope)}, the slope. It is largest along the gradient, at `
        + `${numbers(steepest, 3)}°: ${numbers(length)}, the gradient's length.`
        + (near ? " You are there." : "")
        + (flat ? " You walk along a contour line." : ""));
    }
  });
}

export default { render };
