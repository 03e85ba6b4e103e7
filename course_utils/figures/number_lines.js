function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { names, labels, values, slopes, widths, xs, ratio } = model.get("data");
  const [pitch, top, left, right] = [92, 34, 170, 538];
  const middle = (left + right) / 2;
  const svg = shape(picture, "svg", {
    viewBox: `0 0 560 ${top + pitch * labels.length + 32}`, class: "gbh-plot", role: "img",
    "aria-label": `Number lines for ${names.join(", ")}. The line below says widths and slopes.`,
  });
  const step = values[0][1] - values[0][0];
  const fans = labels.map(() => shape(svg, "polygon", { class: "gbh-bar gbh-fan gbh-2" }));
  const edges = labels.map(() => [
    shape(svg, "line", { class: "gbh-line gbh-2" }),
    shape(svg, "line", { class: "gbh-line gbh-2 gbh-dashed" }),
  ]);
  for (const node of edges.flat()) node.style.strokeWidth = 1.5;
  const rows = names.map((name, j) => {
    const y = top + pitch * j;
    const ruler = shape(svg, "g", { class: "gbh-axes" });
    const bar = shape(svg, "rect", { class: "gbh-bar gbh-1", y: y - 5, height: 10 });
    const dot = shape(svg, "circle", { class: "gbh-dot gbh-0", cx: middle, cy: y, r: 5 });
    const words = [0, 17].map((dy) => shape(svg, "text", { x: 6, y: y - 3 + dy }));
    words[0].style.fontWeight = "bold";
    return { y, ruler, bar, dot, words };
  });
  const between = labels.map((label, j) => {
    const y = top + pitch * j + pitch / 2 + 4;
    shape(svg, "text", { x: 18, y, class: "gbh-2" }, `↓ ${label}`);
    return shape(svg, "text", { x: 31, y: y + 16, class: "gbh-2" });
  });

  pick(controls, model, "x", { label: names[0], values: xs });
  pick(controls, model, "width", { label: "width of the interval", values: widths });

  const ruler = (row, value, span) => {
    row.ruler.textContent = "";
    shape(row.ruler, "line", { x1: left, x2: right, y1: row.y, y2: row.y });
    const marks = ticks(value - span / 2, value + span / 2, 5);
    const digits = Math.max(0, Math.ceil(-Math.log10(marks[1] - marks[0]) - 1e-9));
    for (const t of marks) {
      const x = middle + ((t - value) / span) * (right - left);
      shape(row.ruler, "line", { x1: x, x2: x, y1: row.y - 7, y2: row.y + 7 });
      const text = t.toFixed(Math.min(digits, 12)).replace("-", "\u2212");
      shape(row.ruler, "text", {
        x, y: row.y + 20, "text-anchor": "middle", class: "gbh-0 gbh-halo",
      }, text);
    }
  };

  follow(model, ["x", "width"], () => {
    const i = nearest(values[0], model.get("x"));
    const k = Math.max(1, Math.round(model.get("width") / 2 / step));
    const width = widths[k - 1];
    const span = width * ratio;
    const place = (v, j) => middle + ((v - values[j][i]) / span) * (right - left);
    const hold = (x) => Math.min(right, Math.max(left, x));
    const bars = values.map((line) => {
      const carried = line.slice(i - k, i + k + 1);
      return [Math.min(...carried), Math.max(...carried)];
    });
    rows.forEach((row, j) => {
      ruler(row, values[j][i], span);
      const [from, to] = bars[j].map((v) => hold(place(v, j)));
      const thin = Math.max(0, 3 - (to - from)) / 2;
      set(row.bar, { x: from - thin, width: to - from + 2 * thin });
      const size = bars[j][1] - bars[j][0];
      const beyond = place(bars[j][0], j) < left - 1 || place(bars[j][1], j) > right + 1;
      row.words[0].textContent = `${names[j]} = ${numbers(values[j][i])}`;
      row.words[1].textContent = `width ${numbers(size)}${beyond ? ", cut off" : ""}`;
    });
    labels.forEach((_, j) => {
      const [y1, y2] = [rows[j].y + 5, rows[j + 1].y - 5];
      const ends = [i - k, i + k].map((e) => [
        hold(place(values[j][e], j)), hold(place(values[j + 1][e], j + 1)),
      ]);
      ends.forEach(([x1, x2], e) => set(edges[j][e], { x1, x2, y1, y2 }));
      const [[a, b], [c, d]] = ends;
      fans[j].setAttribute("points", `${a},${y1} ${c},${y1} ${d},${y2} ${b},${y2}`);
      const s = slopes[j][i];
      const rate = `d${names[j + 1]}/d${names[j]}`;
      between[j].textContent = s === null ? "no slope: a kink" : `${rate} = ${numbers(s)}`;
    });
    const local = slopes.map((s) => s[i]);
    const grown = bars[labels.length][1] - bars[labels.length][0];
    const measured = `The interval goes from width ${numbers(width)} to ${numbers(grown)}: `
      + `${numbers(grown / width)} times as wide.`;
    if (local.includes(null)) {
      say(`A link has a kink at ${names[0]} = ${numbers(xs[nearest(xs, model.get("x"))])}, so the `
        + `chain has no slope here. ${measured}`);
      return;
    }
    const product = local.reduce((a, b) => a * b, 1);
    const sum = local.length > 1 ? `${local.map((s) => numbers(s)).join(" · ")} = ` : "";
    const order = local.some((s) => s < 0) ? " Each negative slope turns the interval round." : "";
    const far = k > 1 && Math.abs(grown / width - Math.abs(product)) > 0.005 * Math.max(1, Math.abs(product));
    const closer = far ? " A narrower one comes closer to the slope." : "";
    say(`Slope of the chain: ${sum}${numbers(product)}. ${measured}${closer}${order}`);
  });
}

export default { render };
