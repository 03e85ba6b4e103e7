function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { label, low, step, steps, most, view, u, v, J, reach } = model.get("data");
  const [plane, image] = plotsBeside(picture, {
    width: 280, height: 262, x: view, y: view, xlabel: "x", ylabel: "y",
    label: "The square. The line below says where it is.",
  }, {
    width: 280, height: 262, x: reach[0], y: reach[1],
    xlabel: "first value, from the corner's", ylabel: "second value, from the corner's",
    label: `The square's image under ${label}, divided by the size of the square.`,
  });
  const both = [plane, image];
  for (const { svg } of both) svg.classList.add("gbh-faint");
  const filled = (within, style) => shape(within.marks, "polygon", { class: style });
  const square = filled(plane, "gbh-area gbh-1");
  const curved = filled(image, "gbh-area gbh-1");
  const flat = filled(image, "gbh-line gbh-0 gbh-dotted");
  const styles = ["gbh-2", "gbh-3 gbh-dashed"];
  const [sides, columns] = both.map((within) => styles.map((style) => arrowIn(within, style)));
  const corners = both.map((within) => within.dot("gbh-0", 4));
  const enlarged = element(picture, "div", { class: "gbh-note" });
  legend(picture, [
    ["gbh-2", "side along x; column 1 of J", "arrow"],
    ["gbh-3 gbh-dashed", "side along y; column 2 of J", "arrow"],
    ["gbh-1", "the square; its image"],
    ["gbh-0 gbh-dotted", "the parallelogram of J"],
  ]);

  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + 3);
  const format = (value) => Number(value.toFixed(decimals)).toString().replace("-", "−");
  const range = { min: low, max: low + steps * step, step, format };
  slider(controls, model, "x", { label: "x", ...range });
  slider(controls, model, "y", { label: "y", ...range });
  slider(controls, model, "size", {
    label: "size of the square", min: 2 * step, max: most * step, step: 2 * step, format,
  });
  const clamp = (value, least, largest) => Math.min(largest, Math.max(least, value));
  const place = (value) => clamp(Math.round((value - low) / step), 0, steps);
  draggedIn(plane, (x, y) => {
    model.set("x", low + place(x) * step);
    model.set("y", low + place(y) * step);
  }, () => model.save_changes());

  // The image's border, through every `stride`-th point of the grid, from the corner's image.
  const border = (i, j, k, stride) => {
    const points = [];
    const size = k * step;
    const add = (row, column) => points.push(
      [(u[row][column] - u[j][i]) / size, (v[row][column] - v[j][i]) / size],
    );
    for (let n = 0; n < k; n += stride) add(j, i + n);
    for (let n = 0; n < k; n += stride) add(j + n, i + k);
    for (let n = 0; n < k; n += stride) add(j + k, i + k - n);
    for (let n = 0; n < k; n += stride) add(j + k - n, i);
    return points;
  };
  const area = (points) => points.reduce((sum, [a, b], n) => {
    const [c, d] = points[(n + 1) % points.length];
    return sum + (a * d - b * c) / 2;
  }, 0);
  // Romberg: a polygon's error falls with the square of the stride, so strides 1, 2 and 4 together
  // give the area within the curved border to more digits than are shown.
  const curvedArea = (i, j, k) => {
    const [one, two] = [1, 2].map((stride) => area(border(i, j, k, stride)));
    const better = one + (one - two) / 3;
    if (k % 4) return better;
    const rough = two + (two - area(border(i, j, k, 4))) / 3;
    return better + (better - rough) / 15;
  };
  const put = (node, within, points) => set(node, {
    points: points.map(([a, b]) => `${within.X(a).toFixed(2)},${within.Y(b).toFixed(2)}`).join(" "),
  });

  follow(model, ["x", "y", "size"], () => {
    const [i, j] = [place(model.get("x")), place(model.get("y"))];
    const k = clamp(2 * Math.round(model.get("size") / step / 2), 2, most);
    const [x, y, size] = [low + i * step, low + j * step, k * step];
    const [[a, b], [c, d]] = J.map((row) => row.map((entry) => entry[j][i]));
    put(square, plane, [[x, y], [x + size, y], [x + size, y + size], [x, y + size]]);
    put(curved, image, border(i, j, k, 1));
    put(flat, image, [[0, 0], [a, c], [a + b, c + d], [b, d]]);
    sides[0].put(x, y, x + size, y);
    sides[1].put(x, y, x, y + size);
    columns[0].put(0, 0, a, c);
    columns[1].put(0, 0, b, d);
    corners[0].put(x, y);
    corners[1].put(0, 0);
    enlarged.textContent = "Left the square. Right its image, divided by the size of the square "
      + `(${format(size)}), so that it stays in sight as the square shrinks.`;

    const largest = Math.max(Math.abs(a * d), Math.abs(b * c));
    const clean = (value) => (Math.abs(value) <= 1e-8 * largest ? 0 : value);
    const determinant = clean(a * d - b * c);
    const ratio = clean(curvedArea(i, j, k));
    let meaning = `areas near this point are multiplied by ${numbers(Math.abs(determinant))}`;
    if (determinant === 0) meaning = "the parallelogram is flat";
    else if (determinant < 0) meaning += ", and turned over";
    say(`At (${format(x)}, ${format(y)}): J = [[${numbers(a)}, ${numbers(b)}], [${numbers(c)}, `
      + `${numbers(d)}]], determinant ${numbers(determinant)}: ${meaning}. The image of the square `
      + `of size ${format(size)} has ${numbers(ratio)} times its (signed) area.`);
  });
}

export default { render };
