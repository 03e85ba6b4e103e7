function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { bugs, fixtures } = model.get("data");
  const [left, top, high, wide, count] = [206, 20, 16, 35, 10];
  const rows = bugs.length + 1;
  const height = top + rows * high + 30;
  const svg = shape(picture, "svg", {
    viewBox: `0 0 560 ${height}`, class: "gbh-plot", role: "img",
    "aria-label": "A map of planted bugs and tolerances. The line below tells its present column.",
  });
  const X = (column) => left + column * wide;
  const Y = (row) => top + row * high + (row ? 6 : 0);
  const short = (name) => (name.length > 30 ? `${name.slice(0, 31).replace(/\s\S*$/, "")} …` : name);
  const cells = ["right code", ...bugs].map((name, row) => {
    const text = shape(svg, "text", { x: left - 8, y: Y(row) + 12, "text-anchor": "end" }, short(name));
    if (row === 0) text.setAttribute("font-weight", "bold");
    return Array.from({ length: count }, (_, column) => {
      const cell = shape(svg, "rect", {
        x: X(column) + 1, y: Y(row) + 1, width: wide - 2, height: high - 2,
      });
      const sign = shape(svg, "path");
      return { cell, sign };
    });
  });
  for (let column = 0; column < count; column++) {
    shape(svg, "text", { x: X(column) + wide / 2, y: 14, "text-anchor": "middle" },
      `1e-${column + 1}`);
  }
  const outline = shape(svg, "rect", {
    y: 1, width: wide, height: Y(rows), class: "gbh-outline gbh-1 gbh-eases",
  });
  shape(svg, "text", { x: left + 5 * wide, y: height - 4, "text-anchor": "middle" },
    "tolerance: loose on the left, tight on the right");
  const key = element(picture, "div", { class: "gbh-key" });
  const entry = (style, mark, words) => {
    const item = element(key, "span");
    const its = shape(item, "svg", { viewBox: "0 0 34 14", "aria-hidden": "true" });
    its.style.height = "14px";
    shape(its, "rect", { x: 2, y: 0, width: 30, height: 14, class: style });
    shape(its, "path", { d: mark(17, 7), class: "gbh-sign" });
    element(item, "span", {}, words);
  };
  const code = (value) => value.toExponential(1).replace(".0e", "e");
  const cross = (x, y) => `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x + 4} ${y - 4}L${x - 4} ${y + 4}`;
  const ring = (x, y) => `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`;
  const tick = (x, y) => `M${x - 5} ${y}L${x - 1} ${y + 4}L${x + 5} ${y - 4}`;
  entry("gbh-caught", tick, "bug caught");
  entry("gbh-survives", ring, "bug survives");
  entry("gbh-alarm", cross, "right code rejected: a false alarm, so its column says nothing");

  choice(controls, model, "fixture", {
    label: "fixture", choices: Object.keys(fixtures).map((name) => [name, name]),
  });
  const tolerance = slider(controls, model, "exponent", {
    label: "tolerance", min: -10, max: -1, step: 1, format: (e) => `1e-${Math.abs(e)}`,
  });
  // Loose on the left, as in the map, so that the right arrow key moves the column to the right.
  tolerance.style.direction = "rtl";

  const paint = ({ cell, sign }, row, column, style, mark) => {
    cell.setAttribute("class", style);
    set(sign, { d: mark(X(column) + wide / 2, Y(row) + high / 2), class: "gbh-sign" });
  };
  const caught = (error, column) => error === null || error >= 10 ** -(column + 1);
  follow(model, ["fixture"], () => {
    const { errors, noise } = fixtures[model.get("fixture")];
    cells.forEach((row, n) => row.forEach((its, column) => {
      if (n === 0) {
        const alarm = caught(noise, column);
        paint(its, n, column, alarm ? "gbh-alarm" : "gbh-accepted", alarm ? cross : () => "M0 0");
      } else {
        const found = caught(errors[n - 1], column);
        const style = caught(noise, column) ? "gbh-void" : found ? "gbh-caught" : "gbh-survives";
        paint(its, n, column, style, found ? tick : ring);
      }
    }));
  });
  follow(model, ["fixture", "exponent"], () => {
    const { errors, noise } = fixtures[model.get("fixture")];
    const now = -model.get("exponent") - 1;
    outline.setAttribute("x", X(now));
    const alive = bugs.filter((_, n) => !caught(errors[n], now));
    const named = alive.slice(-4).reverse().join("; ") + (alive.length > 4 ? "; …" : "");
    say(`Tolerance 1e-${now + 1}, ${model.get("fixture")}: ${alive.length} of ${bugs.length} bugs `
      + `survive${alive.length ? ` (${named})` : ""}. Right code has an error of ${code(noise)} `
      + (caught(noise, now) ? "and is rejected too: a false alarm." : "and is accepted."));
  });
}

export default { render };
