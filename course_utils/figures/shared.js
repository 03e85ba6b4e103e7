// What all figures share. A figure's module follows in the same text and exports { render }.

const SVG = "http://www.w3.org/2000/svg";

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function element(parent, tag, attributes = {}, text = "") {
  const node = set(document.createElement(tag), attributes);
  node.textContent = text;
  parent.append(node);
  return node;
}

function shape(parent, tag, attributes = {}, text = "") {
  const node = set(document.createElementNS(SVG, tag), attributes);
  node.textContent = text;
  parent.append(node);
  return node;
}

// Every figure of a page loads this text anew, so a count alone would give two the same ids.
const own = Math.random().toString(36).slice(2);
let ids = 0;
const freshId = () => `gbh-${own}-${++ids}`;

// The frame of a figure: a picture, its controls, and a line that is read out as it changes.
function frame(model, el) {
  const root = element(el, "div", { class: "gbh", role: "group" });
  // JupyterLab's command mode would take the keys: arrows leave the cell, and "d d" deletes it.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const id = freshId();
  element(root, "div", { class: "gbh-title", id }, model.get("title"));
  root.setAttribute("aria-labelledby", id);
  const picture = element(root, "div", { class: "gbh-picture" });
  const controls = element(root, "div", { class: "gbh-controls" });
  const line = element(root, "div", { class: "gbh-said", role: "status" });
  return {
    root, picture, controls,
    say(text) {
      if (line.textContent !== text) line.textContent = text;
    },
  };
}

// Keep a control and a trait of the model in step; the kernel is told once the hand rests.
function bind(model, trait, show) {
  const changed = () => show(model.get(trait));
  model.on(`change:${trait}`, changed);
  changed();
  return {
    move(value) {
      model.set(trait, value);
    },
    rest() {
      model.save_changes();
    },
  };
}

function slider(parent, model, trait, { label, min, max, step, format = String }) {
  const box = element(parent, "label", { class: "gbh-control" });
  element(box, "span", {}, label);
  const input = element(box, "input", { type: "range", min, max, step });
  const shown = element(box, "span", { class: "gbh-value", "aria-hidden": "true" });
  const bound = bind(model, trait, (value) => {
    input.value = value;
    shown.textContent = format(value);
    input.setAttribute("aria-valuetext", format(value));
  });
  input.addEventListener("input", () => bound.move(Number(input.value)));
  input.addEventListener("change", bound.rest);
  return input;
}

// choices: [value, words] pairs.
function choice(parent, model, trait, { label, choices }) {
  const box = element(parent, "label", { class: "gbh-control" });
  element(box, "span", {}, label);
  const select = element(box, "select");
  for (const [value, words] of choices) element(select, "option", { value }, words);
  const bound = bind(model, trait, (value) => { select.value = value; });
  select.addEventListener("change", () => {
    bound.move(select.value);
    bound.rest();
  });
  return select;
}

function toggle(parent, model, trait, label) {
  const box = element(parent, "label", { class: "gbh-control" });
  const input = element(box, "input", { type: "checkbox" });
  element(box, "span", {}, label);
  const bound = bind(model, trait, (value) => { input.checked = value; });
  input.addEventListener("change", () => {
    bound.move(input.checked);
    bound.rest();
  });
  return input;
}

function button(parent, label, act) {
  const node = element(parent, "button", { type: "button", class: "gbh-button" }, label);
  node.addEventListener("click", act);
  return node;
}

// A number that is typed before what it predicts is shown; the trait is null until then.
function prediction(parent, model, trait, { label, reveal }) {
  const box = element(parent, "form", { class: "gbh-control" });
  const id = freshId();
  element(box, "label", { for: id }, label);
  const input = element(box, "input", { type: "text", inputmode: "decimal", id, size: 8 });
  const send = element(box, "button", { type: "submit", class: "gbh-button" }, "Predict, then show");
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = Number(input.value.replace(",", "."));
    if (input.value.trim() === "" || Number.isNaN(value)) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return;
    }
    input.removeAttribute("aria-invalid");
    model.set(trait, value);
    model.save_changes();
    reveal(value);
  });
  return { input, send };
}

function numbers(value, digits = 4) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(digits);
  return text.replace("-", "\u2212").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough);
  const found = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-9; t += step) {
    found.push(Math.abs(t) < step / 2 ? 0 : t);
  }
  return found;
}

// A plot with axes. x, y: [low, high]; log, xlog: whether the axis of y, of x is logarithmic;
// xticks: where x has its numbers, if round ones do not suit, as for degrees.
function plot(parent, {
  width = 560, height = 300, x, y, xlabel = "", ylabel = "", log = false, xlog = false, label,
  xticks,
}) {
  const svg = shape(parent, "svg", {
    viewBox: `0 0 ${width} ${height}`, class: "gbh-plot", role: "img", "aria-label": label,
  });
  // The marks of a logarithmic axis, such as 1e-10, need more room.
  const [left, right, top, bottom] = [log ? 70 : 58, width - 14, 12, height - 42];
  const Y_OF = log ? Math.log10 : (v) => v;
  const [low, high] = y.map(Y_OF);
  const X_OF = xlog ? Math.log10 : (v) => v;
  const [first, last] = x.map(X_OF);
  const X = (v) => left + ((X_OF(v) - first) / (last - first)) * (right - left);
  const Y = (v) => bottom - ((Y_OF(v) - low) / (high - low)) * (bottom - top);
  const clip = freshId();
  // With room for the whole of a dot that stands at either end.
  shape(shape(svg, "clipPath", { id: clip }), "rect", {
    x: left - 8, y: top - 1, width: right - left + 16, height: bottom - top + 2,
  });
  const axes = shape(svg, "g", { class: "gbh-axes" });
  for (const t of xticks ?? ticks(first, last)) {
    const at = left + ((t - first) / (last - first)) * (right - left);
    shape(axes, "line", { x1: at, x2: at, y1: top, y2: bottom });
    shape(axes, "text", { x: at, y: bottom + 16, "text-anchor": "middle" },
      xlog ? `1e${numbers(t)}` : numbers(t));
  }
  for (const t of ticks(low, high)) {
    const at = bottom - ((t - low) / (high - low)) * (bottom - top);
    shape(axes, "line", { x1: left, x2: right, y1: at, y2: at });
    shape(axes, "text", { x: left - 6, y: at + 4, "text-anchor": "end" },
      log ? `1e${numbers(t)}` : numbers(t));
  }
  shape(axes, "text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, xlabel);
  shape(axes, "text", {
    x: 14, y: (top + bottom) / 2, "text-anchor": "middle",
    transform: `rotate(-90 14 ${(top + bottom) / 2})`,
  }, ylabel);
  const marks = shape(svg, "g", { "clip-path": `url(#${clip})` });
  const words = shape(svg, "g", { class: "gbh-words" });
  return {
    svg, X, Y, marks,
    // A line through points that `put` moves; style: a class of shared.css, "gbh-1" to "gbh-4".
    line(style) {
      const node = shape(marks, "polyline", { class: `gbh-line ${style}` });
      return {
        node,
        put(xs, ys) {
          let points = "";
          for (let i = 0; i < xs.length; i++) {
            const at = Y(ys[i]);
            if (Number.isFinite(at)) points += `${X(xs[i]).toFixed(2)},${at.toFixed(2)} `;
          }
          node.setAttribute("points", points);
        },
      };
    },
    dot(style, radius = 5) {
      const node = shape(marks, "circle", { class: `gbh-dot ${style}`, r: radius });
      return { node, put: (cx, cy) => set(node, { cx: X(cx), cy: Y(cy) }) };
    },
    text(style, anchor = "start") {
      const node = shape(words, "text", { class: style, "text-anchor": anchor });
      return {
        node,
        put(cx, cy, text, dx = 0, dy = 0) {
          set(node, { x: X(cx) + dx, y: Y(cy) + dy });
          node.textContent = text;
        },
      };
    },
  };
}

// Call draw once now and again after every change of one of the traits.
function follow(model, traits, draw) {
  for (const trait of traits) model.on(`change:${trait}`, draw);
  draw();
}

// A slider that stands on the values of a list exactly, one step of it an entry.
function pick(parent, model, trait, { label, values, format = (v) => numbers(v, 6) }) {
  const box = element(parent, "label", { class: "gbh-control" });
  element(box, "span", {}, label);
  const input = element(box, "input", { type: "range", min: 0, max: values.length - 1, step: 1 });
  const shown = element(box, "span", { class: "gbh-value", "aria-hidden": "true" });
  const bound = bind(model, trait, (value) => {
    const i = nearest(values, value);
    input.value = i;
    shown.textContent = format(values[i]);
    input.setAttribute("aria-valuetext", format(values[i]));
  });
  input.addEventListener("input", () => bound.move(values[Number(input.value)]));
  input.addEventListener("change", bound.rest);
  return input;
}

// The index of the entry of a list that lies nearest to a value.
function nearest(values, value) {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
  }
  return best;
}

// What the line styles of a plot stand for, as text that wraps; returns one node an entry.
// entries: [style, words], and a kind where the mark is not a line alone: "arrow", "square", or a line
// with marks on it, "squares" or "rounds".
function legend(parent, entries) {
  const box = element(parent, "div", { class: "gbh-key" });
  return entries.map(([style, words, kind]) => {
    const item = element(box, "span", {});
    const sample = shape(item, "svg", { viewBox: "0 0 34 8", "aria-hidden": "true" });
    if (kind === "square") {
      shape(sample, "rect", { x: 13, y: 0, width: 8, height: 8, class: `gbh-dot ${style}` });
    } else {
      const x2 = kind === "arrow" ? 25 : 33;
      shape(sample, "line", { x1: 1, x2, y1: 4, y2: 4, class: `gbh-line ${style}` });
    }
    if (kind === "arrow") shape(sample, "path", { d: "M34 4L24 0L24 8Z", class: `gbh-tip ${style}` });
    const dot = { class: `gbh-dot ${style.split(" ")[0]}` };
    if (kind === "squares") shape(sample, "rect", { ...dot, x: 13, y: 0, width: 8, height: 8 });
    if (kind === "rounds") shape(sample, "circle", { ...dot, cx: 17, cy: 4, r: 3.5 });
    const text = element(item, "span", {}, words);
    return { node: item, say: (now) => { text.textContent = now; } };
  });
}

// Tell where the pointer is while it drags on a plot: `act(x, y)` in the plot's own units of length.
function dragged(svg, act, rest) {
  const tell = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    act((event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
  };
  svg.style.touchAction = "pan-y";
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    tell(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) tell(event);
  });
  svg.addEventListener("pointerup", rest);
}

// Plots beside one another, each drawn by its own settings (see `plot`), on one scale.
function plotsBeside(parent, ...settings) {
  const row = element(parent, "div", { class: "gbh-beside" });
  return settings.map((its) => {
    const view = plot(row, its);
    view.svg.style.flex = its.width;
    return view;
  });
}

// An arrow in a plot, moved by `put`; style: as of a line.
function arrowIn(view, style, head = 10) {
  const shaft = shape(view.marks, "line", { class: `gbh-line ${style}` });
  const tip = shape(view.marks, "path", { class: `gbh-tip ${style}` });
  return {
    put(x0, y0, x1, y1) {
      const [a, b, c, d] = [view.X(x0), view.Y(y0), view.X(x1), view.Y(y1)];
      const length = Math.hypot(c - a, d - b);
      const size = Math.min(head, length);
      const [u, v] = length ? [(c - a) / length, (d - b) / length] : [0, 0];
      const [e, f] = [c - u * size, d - v * size];
      const half = 0.42 * size;
      set(shaft, { x1: a, y1: b, x2: e, y2: f });
      set(tip, { d: `M${c} ${d}L${e - v * half} ${f + u * half}L${e + v * half} ${f - u * half}Z` });
    },
  };
}

// As `dragged`, for a point of a plot: `act(x, y)` in the units of its axes.
function draggedIn({ svg, X, Y }, act, rest) {
  const inverse = (scale, at) => (at - scale(0)) / (scale(1) - scale(0));
  dragged(svg, (x, y) => act(inverse(X, x), inverse(Y, y)), rest);
  svg.style.touchAction = "none";
  svg.style.cursor = "crosshair";
}
