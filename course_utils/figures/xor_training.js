function render({ model, el }) {
  const { root, picture, controls, say } = frame(model, el);
  const { points, targets, steps, side, range, seeds } = model.get("data");
  const pair = element(picture, "div", { class: "gbh-pair" });
  const left = element(pair, "div");
  const right = element(pair, "div");
  const canvas = element(left, "canvas", { width: side, height: side, "aria-hidden": "true" });
  const size = { width: 300, height: 292 };
  const plane = plot(left, {
    ...size, x: range, y: range, xlabel: "x1", ylabel: "x2",
    label: "The four samples of XOR and the line where the output is one half.",
  });
  plane.svg.querySelector(".gbh-axes line")?.parentNode.classList.add("gbh-bare");
  // The canvas lies under the axes, where the plot has its inside.
  const [x0, x1] = range.map(plane.X);
  const [y1, y0] = range.map(plane.Y);
  canvas.style.cssText = `left:${100 * x0 / size.width}%;width:${100 * (x1 - x0) / size.width}%;`
    + `top:${100 * y0 / size.height}%;height:${100 * (y1 - y0) / size.height}%`;
  const border = shape(plane.marks, "path", { class: "gbh-border" });
  const marks = points.map(([x, y], i) => {
    const at = { x: plane.X(x), y: plane.Y(y) };
    if (targets[i]) {
      shape(plane.marks, "rect", {
        class: "gbh-sample", x: at.x - 9, y: at.y - 9, width: 18, height: 18,
      });
    } else shape(plane.marks, "circle", { class: "gbh-sample", cx: at.x, cy: at.y, r: 10 });
    const inked = (dy, text) => shape(plane.marks, "text", {
      x: at.x, y: at.y + dy, "text-anchor": "middle", class: "gbh-inked",
    }, text);
    inked(4.5, String(targets[i]));
    return inked(y ? -14 : 23, "");
  });
  const losses = plot(right, {
    ...size, x: [0, steps], y: [5e-4, 2], log: true, xlabel: "step", ylabel: "loss",
    label: "The loss by step. The line below tells it.",
  });
  for (const [level, name] of [[Math.log(2), "ln 2"], [Math.log(2) / 2, "½ ln 2"]]) {
    losses.line("gbh-0 gbh-dotted").put([0, steps], [level, level]);
    losses.text("gbh-0", "end").put(steps, level, name, -2, name === "ln 2" ? -5 : 15);
  }
  const curve = losses.line("gbh-2");

  const go = button(controls, "start", () => {
    model.set("running", !model.get("running"));
    model.save_changes();
  });
  button(controls, "reset", () => model.send("reset"));
  const counter = element(controls, "span", { class: "gbh-value gbh-wide" });
  slider(controls, model, "seed", { label: "seed", min: 0, max: seeds - 1, step: 1 });
  choice(controls, model, "hidden", {
    label: "ReLU units", choices: ["2", "4", "8"].map((n) => [n, n]),
  });
  choice(controls, model, "rate", {
    label: "rate", choices: ["0.1", "0.3", "1", "3"].map((n) => [n, n]),
  });

  const bytes = (trait) => {
    const found = model.get(trait);
    return found?.buffer ? new Uint8Array(found.buffer, found.byteOffset, found.byteLength) : null;
  };
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(side, side);
  const draw = () => {
    const shades = bytes("_pixels");
    if (shades?.length === side * side) {
      paint(image.data, shades);
      pen.putImageData(image, 0, 0);
      const at = (i) => range[0] + ((i + 0.5) * (range[1] - range[0])) / side;
      border.setAttribute("d", level(shades, side, (i) => plane.X(at(i)),
        (j) => plane.Y(at(side - 1 - j))));
    }
    const packed = bytes("_losses");
    if (packed) {
      const values = new Float32Array(packed.slice().buffer);
      curve.put([...values.keys()], values);
      counter.textContent = `step ${values.length - 1}, loss ${numbers(values.at(-1), 3)}`;
    }
    model.get("outputs").forEach((p, i) => { marks[i].textContent = `p ${p.toFixed(2)}`; });
  };

  // A frame of the screen at most; for those who want little motion, three frames a second.
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    const act = () => {
      waiting = false;
      draw();
    };
    if (calm && model.get("running")) setTimeout(act, 333);
    else requestAnimationFrame(act);
  };
  for (const trait of ["_pixels", "_losses", "outputs"]) model.on(`change:${trait}`, soon);
  draw();

  // Read out when the training rests, and every three seconds while it runs.
  let spoken = 0;
  follow(model, ["told", "running"], () => {
    const running = model.get("running");
    go.textContent = running ? "pause" : "start";
    root.setAttribute("aria-busy", String(running));
    if (running && performance.now() - spoken < 3000) return;
    spoken = performance.now();
    say(model.get("told"));
  });
}

// Light in both themes, since the samples are drawn upon it: reddish for 0, bluish for 1.
function paint(data, shades) {
  const [zero, half, one] = [[255, 200, 190], [255, 255, 255], [182, 212, 250]];
  shades.forEach((shade, i) => {
    const p = shade / 255;
    const [from, to, t] = p < 0.5 ? [zero, half, 2 * p] : [half, one, 2 * p - 1];
    for (let c = 0; c < 3; c++) data[4 * i + c] = from[c] + t * (to[c] - from[c]);
    data[4 * i + 3] = 255;
  });
}

// The line between shades below and above one half: marching squares, a path of short pieces.
function level(shades, side, X, Y) {
  const half = 127.5;
  let d = "";
  for (let j = 0; j < side - 1; j++) {
    for (let i = 0; i < side - 1; i++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const values = corners.map(([a, b]) => shades[b * side + a] - half);
      const cuts = [];
      for (let k = 0; k < 4; k++) {
        const [v, w] = [values[k], values[(k + 1) % 4]];
        if (v > 0 === w > 0) continue;
        const [[a, b], [e, f]] = [corners[k], corners[(k + 1) % 4]];
        const t = v / (v - w);
        cuts.push(`${X(a + t * (e - a)).toFixed(1)},${Y(b + t * (f - b)).toFixed(1)}`);
      }
      for (let k = 0; k + 1 < cuts.length; k += 2) d += `M${cuts[k]}L${cuts[k + 1]}`;
    }
  }
  return d;
}

export default { render };
